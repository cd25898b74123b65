import type { Kind, Node, NodeOfKind } from './nodes.ts'

/**
 * A rule boils a row of nodes down to fewer. `pattern` names the row: kinds divided by spaces, `a|b` one of two, `a?` may be missing,
 * `name:kind` where a kind comes twice, `unit=month|week` a kind with that value. What stood there is handed to `make` under its name (or kind);
 * `make` gives the nodes that take its place, or null where the rule does not apply after all.
 * `examples` are phrases with the reading they must have, in the notation of the tests; the tests run them.
 */
export type Rule = {
  name: string
  pattern: string
  make: (found: Found) => Node | Node[] | null
  examples?: Record<string, string>
}

type Item = { name: string; kinds: ReadonlySet<string>; values: ReadonlySet<string> | undefined; optional: boolean }
type CompiledRule = { items: Item[]; make: (found: Found) => Node | Node[] | null }

type FoundName<Text extends string> = Text extends `${infer Name}?`
  ? FoundName<Name>
  : Text extends `${infer Name}=${string}`
    ? FoundName<Name>
    : Text extends `${infer Name}:${string}`
      ? Name
      : Text
type FoundKind<Text extends string> = Text extends `${infer Rest}?`
  ? FoundKind<Rest>
  : Text extends `${string}:${infer Rest}`
    ? FoundKind<Rest>
    : Text extends `${infer Rest}=${string}`
      ? FoundKind<Rest>
      : Text extends `${infer One}|${infer Other}`
        ? FoundKind<One> | FoundKind<Other>
        : Extract<Text, Kind>
type FoundNode<Text extends string> = Text extends `${string}?`
  ? NodeOfKind<FoundKind<Text>> | undefined
  : NodeOfKind<FoundKind<Text>>
type FoundIn<Pattern extends string> = Pattern extends `${infer Head} ${infer Tail}`
  ? { [Name in FoundName<Head>]: FoundNode<Head> } & FoundIn<Tail>
  : { [Name in FoundName<Pattern>]: FoundNode<Pattern> }

type Found = Record<string, Node | undefined>

/** Declares a rule; the compiler knows from `pattern` what `make` is given. */
export function rule<const Pattern extends string>(
  name: string,
  pattern: Pattern,
  make: (found: FoundIn<Pattern>) => Node | Node[] | null,
  examples?: Record<string, string>,
): Rule {
  return { name, pattern, make: make as unknown as Rule['make'], ...(examples && { examples }) }
}

/** A reader that applies each of `rules` in turn, from left to right over the whole row. Time grows with rules times nodes. */
export function rewriter(rules: readonly Rule[]): (nodes: Node[]) => Node[] {
  const compiled = rules.map(({ pattern, make }) => ({ items: itemsOf(pattern), make }))
  return (nodes) => compiled.reduce(applyRule, nodes)
}

function itemsOf(pattern: string): Item[] {
  const items = pattern.split(' ').map(itemOf)
  if (new Set(items.map(({ name }) => name)).size < items.length) throw new Error(`«${pattern}» names two things alike`)
  return items
}

function itemOf(text: string): Item {
  const [, label, kinds = '', value, optional] = /^(?:([\w-]+):)?([\w|-]+)(?:=([\w|-]+))?(\?)?$/.exec(text) ?? []
  if (!kinds) throw new Error(`a pattern cannot hold «${text}»`)
  return {
    name: label ?? kinds,
    kinds: new Set(kinds.split('|')),
    values: value === undefined ? undefined : new Set(value.split('|')),
    optional: optional !== undefined,
  }
}

/** The last that a rule makes of two or more nodes may itself begin the next match, so that «1, 2, 3» folds from the left. */
function applyRule(nodes: Node[], { items, make }: CompiledRule): Node[] {
  const rest = [...nodes]
  const rewritten: Node[] = []
  for (let at = 0; at < rest.length; ) {
    const found: Found = {}
    const end = matchEnd(rest, at, items, 0, found)
    const made = end === null ? null : make(found)
    if (end === null || made === null) rewritten.push(rest[at++]!)
    else {
      const results = [made].flat()
      const last = end - at > 1 ? results.pop() : undefined
      rewritten.push(...results)
      at = last ? end - 1 : end
      if (last) rest[at] = last
    }
  }
  return rewritten
}

/** Where the row that begins at `at` ends when `items` from `index` on fit it, or null. Takes optional items where it can. */
function matchEnd(nodes: Node[], at: number, items: Item[], index: number, found: Found): number | null {
  const item = items[index]
  if (!item) return at
  const node = nodes[at]
  if (node && item.kinds.has(node.kind) && hasValue(node, item.values)) {
    found[item.name] = node
    const end = matchEnd(nodes, at + 1, items, index + 1, found)
    if (end !== null) return end
    delete found[item.name]
  }
  return item.optional ? matchEnd(nodes, at, items, index + 1, found) : null
}

function hasValue(node: Node, values: ReadonlySet<string> | undefined): boolean {
  return values === undefined || values.has((node as unknown as Record<string, string>)[node.kind]!)
}
