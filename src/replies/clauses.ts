import type { TaskName } from './reply.ts'
import type { Token } from './tokens.ts'
import type { Meaning } from './vocabulary.ts'

/**
 * A stretch of a reply that says one thing. `opened` is the mark or word before it («», «,», «но»), `asked` whether its sentence
 * ends in a question mark that reaches it, `sentence` counts from 0. `tasks` are those it names itself; null where it names none.
 */
export type Clause = {
  tokens: Token[]
  opened: string
  asked: boolean
  sentence: number
  tasks: TaskName[] | null
  except: boolean
}

/** Words by which a clause says something of a task: a second naming of tasks after one of them begins a new clause. */
const ACTS: ReadonlySet<Meaning | null> = new Set<Meaning | null>([
  ...([
    'held',
    'made',
    'sent',
    'will do',
    'will send',
    'to do',
    'to send',
    'order',
    'doing',
    'was doing',
    'to be doing',
    'ready',
    'ready ones',
    'ready for',
  ] as const),
  ...([
    'took part',
    'managed',
    'no',
    'almost',
    'postpone',
    'late',
    'cannot',
    'help',
    'stuck',
    'not for us',
    'not mine',
    'plan',
    'in work',
    'handing',
    'ask',
    'shortage',
    'not here yet',
    'obstacle',
  ] as const),
])

/** Whether `meaning` says something of a task. */
export function isAct(meaning: Meaning | null): boolean {
  return ACTS.has(meaning)
}

/** `tokens` cut at punctuation, at «но» and «а», and before each further naming of tasks; a stray list of tasks joins its neighbour. */
export function clausesOf(tokens: readonly Token[]): Clause[] {
  return withStrayTasksJoined(cutAtTasks(cutAtMarks(tokens)))
}

function cutAtMarks(tokens: readonly Token[]): Clause[] {
  const clauses: Clause[] = []
  let clause = emptyClause('', 0)
  const close = (opened: string, ends: boolean) => {
    if (clause.tokens.length > 0) clauses.push(clause)
    clause = emptyClause(opened, clause.sentence + (ends ? 1 : 0))
  }
  tokens.forEach((token, at) => {
    if (token.kind === 'mark' && token.text === '?') markAsked(clauses, clause)
    const cut = cutBefore(tokens, at, clause)
    if (cut !== null) close(cut, /^[.!?;…\n]|\.{2,}$/u.test(cut))
    if (isMinus(tokens, at)) clause.tokens.push({ ...token, kind: 'sign', word: '-' })
    else if (cut === null || cut === '') clause.tokens.push(token)
  })
  close('', true)
  return clauses
}

function emptyClause(opened: string, sentence: number): Clause {
  return { tokens: [], opened, asked: false, sentence, tasks: null, except: false }
}

/** The mark or word that ends `clause` at this token and is dropped, '' for an end before the token, or null for none. */
function cutBefore(tokens: readonly Token[], at: number, clause: Clause): string | null {
  const token = tokens[at]!
  if (isMinus(tokens, at)) return null
  if (token.kind === 'mark') return isCut(tokens, at) ? token.text : null
  if (token.meaning === 'but' || (token.meaning === 'and' && tokens[at + 1]?.kind !== 'mark')) return token.word
  return isCourtesyCut(token, clause.tokens[0]?.meaning ?? null) ? '' : null
}

/** A greeting or thanks is a clause of its own; thanks take the words after them along («спасибо за напоминание»). */
function isCourtesyCut(token: Token, head: Meaning | null): boolean {
  if (token.meaning === 'thanks' || token.meaning === 'greeting' || head === 'greeting') return true
  return head === 'thanks' && (saysSomething(token) || token.kind === 'tasks' || token.meaning === 'ack')
}

/** A dash that stands for «no»: right after the tasks and before nothing, or the whole reply. */
function isMinus(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at]!
  if (!/^[-–—−]$/u.test(token.text)) return false
  const before = tokens[at - 1]
  const after = tokens[at + 1]
  const ends = !after || /^[,.;\n]$/u.test(after.text) || after.kind === 'tasks' || after.meaning === 'thanks'
  return ends && (!before || before.kind === 'tasks' || /^[.,!\n]$/u.test(before.text))
}

function isCut(tokens: readonly Token[], at: number): boolean {
  const { text } = tokens[at]!
  const tight = tokens[at - 1]?.end === tokens[at]!.start && tokens[at + 1]?.start === tokens[at]!.end
  if (text === '.' && isShort(tokens[at - 1])) return false
  if (text === ',' && (isPlease(tokens[at - 1]) || isPlease(tokens[at + 1]))) return false
  if (/^[-–]$/u.test(text)) return !tight
  return /^(?:[,.!?;:…\n()—]|\.{2,})$/u.test(text)
}

/** «дайте, пожалуйста, время»: its commas part nothing. */
function isPlease(token: Token | undefined): boolean {
  return token?.kind === 'word' && /^(?:пожалуй?ста|пожалста|пжл|пжлст|пж|плиз)$/u.test(token.word)
}

/** «чел.», «г.», «п.»: the dot of a shortened word ends nothing. */
function isShort(token: Token | undefined): boolean {
  return (
    token?.kind === 'word' &&
    /^(чел|г|гг|п|пп|уч|кл|шт|ул|им|стр|зам|дир|пед|тел|руб|тыс|янв|фев|мар|апр|авг|сент|окт|нояб|дек)$/u.test(
      token.word,
    )
  )
}

/** A question mark reaches back over its sentence, or only to its last clause where that one asks by itself («сделали, что дальше?»). */
function markAsked(clauses: Clause[], last: Clause): void {
  const current = last.tokens.length > 0 ? last : clauses.at(-1)
  if (!current) return
  current.asked = true
  if (asksByItself(current.tokens)) return
  for (let at = clauses.length - 1; clauses[at]?.sentence === current.sentence; at -= 1) clauses[at]!.asked = true
}

const ASKING: ReadonlySet<Meaning | null> = new Set<Meaning | null>([
  'wh',
  'weak wh',
  'whether',
  'may',
  'ask',
  'polite no',
  'yes',
  'ack',
  'others',
  'need',
  'order',
])

function asksByItself(tokens: readonly Token[]): boolean {
  return tokens.some(({ meaning }) => ASKING.has(meaning))
}

function cutAtTasks(clauses: readonly Clause[]): Clause[] {
  return clauses.flatMap(cutClauseAtTasks)
}

function cutClauseAtTasks(clause: Clause): Clause[] {
  const cut: Clause[] = []
  let part: Clause = { ...clause, tokens: [] }
  let said = false
  const lastAct = clause.tokens.findLastIndex(saysSomething)
  clause.tokens.forEach((token, at) => {
    const named = part.tasks !== null
    if (token.kind === 'tasks' && !part.except && ((said && at < lastAct) || named)) {
      cut.push(part)
      part = { ...clause, opened: '', tokens: [], tasks: null }
      said = false
    }
    if (token.kind === 'tasks') {
      part.tasks ??= []
      part.tasks.push(...token.tasks)
    }
    if (token.meaning === 'except') part.except = true
    said ||= saysSomething(token)
    part.tokens.push(token)
  })
  return [...cut, part]
}

function saysSomething(token: Token): boolean {
  return token.kind === 'sign' || isAct(token.meaning)
}

/**
 * «1, 3 готово», «готово: 1 и 3»: a clause of nothing but tasks belongs to the next clause, or, where that names its own or there is
 * none, to the one before.
 */
function withStrayTasksJoined(clauses: readonly Clause[]): Clause[] {
  const joined: Clause[] = []
  let waiting: TaskName[] = []
  clauses.forEach((clause, at) => {
    const stray =
      clause.tasks !== null &&
      !clause.except &&
      !clause.asked &&
      clause.tokens.every(({ kind }) => kind === 'tasks' || kind === 'mark')
    const before = joined.at(-1)
    const following = clauses[at + 1]
    const next = following?.tokens[0]?.meaning === 'thanks' ? undefined : following
    const nextStarts = next?.tokens[0]?.kind === 'tasks'
    if (!stray) {
      joined.push(waiting.length > 0 ? { ...clause, tasks: [...waiting, ...(clause.tasks ?? [])] } : clause)
      waiting = []
    } else if (before && saysOfNone(before) && (!next || nextStarts || next.sentence !== clause.sentence)) {
      before.tasks = [...(before.tasks ?? []), ...clause.tasks!]
    } else if (next && (next.sentence === clause.sentence || nextStarts || clause.tokens.length === 1))
      waiting.push(...clause.tasks!)
    else joined.push({ ...clause, tasks: [...waiting, ...clause.tasks!] })
  })
  return joined
}

function saysOfNone(clause: Clause): boolean {
  return clause.tokens.some(saysSomething) && !(clause.tokens[0]?.kind === 'tasks')
}
