import type { PlainDate } from '../kernel/clock.ts'
import { type Clause, clausesOf } from './clauses.ts'
import { countsIn } from './counts.ts'
import { withDays } from './days.ts'
import { intentOf } from './intents.ts'
import { withMeanings } from './meanings.ts'
import { withNumerals } from './numerals.ts'
import { cleaned, ownWords } from './quotes.ts'
import { reasonIn } from './reasons.ts'
import { changesTask, type Intent, type Part, type Reply, type ReplyContext, type TaskName } from './reply.ts'
import { type Said, type Signal, saidIn } from './signals.ts'
import { withTasks } from './tasks-named.ts'
import { type Token, tokensOf } from './tokens.ts'

/**
 * What the free words of a school head mean for the tasks of the message replied to. Days are read against `context.today`, a day in
 * the municipality's zone. Any text is answered, at worst `unclear`; nothing is thrown. Takes time linear in the length of `words`.
 */
export function readReply(words: string, context: ReplyContext): Reply {
  const text = cleaned(words)
  const tokens = readTokens(ownWords(text), context)
  const parts = partsOf(clausesOf(tokens).map(saidIn), text, context)
  return {
    parts: parts.length > 0 ? parts : [unclearPart()],
    numbers: countsIn(tokens),
    links: [...new Set(tokens.filter(({ kind }) => kind === 'link').map((token) => token.text))],
  }
}

function readTokens(text: string, { today, taskCount }: ReplyContext): Token[] {
  return withTasks(withMeanings(withDays(withNumerals(tokensOf(text)), today)), taskCount)
}

function unclearPart(): Part {
  return { tasks: [], intent: 'unclear', date: null, postponeTo: null, reason: null }
}

/** The tasks that words are about. `known` is false where the words name tasks that cannot be told («остальное», «кроме 2» of an unknown list). */
type Naming = { tasks: TaskName[]; known: boolean }
type Group = Naming & { said: Said[] }

function partsOf(said: readonly Said[], text: string, context: ReplyContext): Part[] {
  const groups = exceptNamed(groupsOf(said, context.taskCount), context.taskCount)
  const telling = groups.filter((group) => groups.length === 1 || !isAside(group))
  const parts = (telling.length > 0 ? telling : groups).flatMap((group) => partsOfGroup(group, text))
  return mergedParts(withoutAsides(exceptDenied(parts, context.taskCount)))
}

function groupsOf(said: readonly Said[], taskCount: number | undefined): Group[] {
  const groups = new Map<string, Group>()
  const speaksOfLast = said.some(({ clause }) => clause.tokens.some(({ meaning }) => meaning === 'last'))
  const last = speaksOfLast && taskCount ? [taskCount] : []
  const named = new Set([...last, ...said.flatMap(({ clause }) => clause.tasks ?? [])])
  let current: Group | undefined
  for (const one of said) {
    const meant: Naming | null =
      tasksMeant(one.clause, named, taskCount) ?? (current ? null : { tasks: [], known: true })
    if (meant) {
      const key = JSON.stringify([meant.tasks, meant.known])
      current = groups.get(key) ?? { ...meant, said: [] }
      groups.set(key, current)
    }
    current?.said.push(one)
  }
  return [...groups.values()]
}

/** The tasks that a clause is about, or null where it goes on about those before. */
function tasksMeant(clause: Clause, named: ReadonlySet<TaskName>, taskCount: number | undefined): Naming | null {
  if (clause.tokens.some(({ meaning }) => meaning === 'rest')) return allBut(named, taskCount)
  if (clause.except && clause.tasks) return allBut(new Set(clause.tasks), taskCount)
  if (clause.tokens.some(({ meaning }) => meaning === 'some') && !clause.tasks) return { tasks: [], known: false }
  if (clause.tokens.some(({ meaning }) => meaning === 'last'))
    return taskCount ? { tasks: [taskCount], known: true } : { tasks: [], known: false }
  if (!clause.tasks) return null
  const beyond = taskCount !== undefined && clause.tasks.some((task) => typeof task === 'number' && task > taskCount)
  return { tasks: [...new Set(clause.tasks)], known: !beyond }
}

function allBut(named: ReadonlySet<TaskName>, taskCount: number | undefined): Naming {
  const tasks = Array.from({ length: taskCount ?? 0 }, (_, at) => at + 1).filter((task) => !named.has(task))
  return { tasks, known: tasks.length > 0 && [...named].every((task) => typeof task === 'number') }
}

/** Words of no task that say nothing understood: «докладываю:» before «1 и 2 выполнены». */
function isAside({ tasks, known, said }: Group): boolean {
  return (
    tasks.length === 0 &&
    known &&
    said.every(({ signals }) => [...signals].every((signal) => signal === 'words' || signal === 'thanks'))
  )
}

/** «всё готово, кроме 2»: what was said of all of them is meant of all but the second. */
function exceptNamed(groups: readonly Group[], taskCount: number | undefined): Group[] {
  const [first, second, ...others] = groups
  if (first && second && first.tasks.length === 0 && first.known && second.said[0]?.clause.except) {
    return [{ ...second, said: [...first.said, ...second.said] }, ...others]
  }
  const partly = groups.filter(({ tasks }) => tasks.length > 0)
  if (!first || first.tasks.length > 0 || partly.length === 0 || !first.said.some(({ signals }) => signals.has('all')))
    return [...groups]
  const excepted = new Set(partly.flatMap(({ tasks }) => tasks))
  return [{ ...first, ...allBut(excepted, taskCount) }, ...groups.slice(1)]
}

function partsOfGroup(group: Group, text: string): Part[] {
  const told = group.said.filter(({ signals }) => !signals.has('question'))
  const asks = told.length < group.said.length
  const answer = told.length > 0 ? partOf({ ...group, said: told }, text) : null
  const question: Part = { ...unclearPart(), tasks: group.tasks, intent: 'question' }
  if (!asks) return answer ? [answer] : []
  return answer && (changesTask(answer.intent) || isDenial(told)) ? [answer, question] : [question]
}

/** An answer that must not be lost beside a question: «не сделали, а что приложить?». */
function isDenial(told: readonly Said[]): boolean {
  return told.some(({ signals }) => signals.has('not done') || signals.has('late'))
}

function partOf({ tasks, known, said }: Group, text: string): Part {
  const signals = signalsTogether(said)
  const believed = intentOf(signals)
  const { intent, date, postponeTo } = withDay(known || !changesTask(believed) ? believed : 'unclear', said)
  const reason = /^(cannot|postpone|not_applicable|in_progress|unclear)$/u.test(intent) ? reasonIn(said, text) : null
  return { tasks, intent, date, postponeTo, reason }
}

/** All that the clauses say; a «не смогли» that a later «но провели» has overcome is left out. */
function signalsTogether(said: readonly Said[]): Set<Signal> {
  const did = said.findLastIndex(({ signals }) => signals.has('held') || signals.has('made'))
  const overcame = did > 0 && /^(?:но|а|однако|зато|—|-)$/u.test(said[did]!.clause.opened)
  return new Set(
    said.flatMap(({ signals }, at) =>
      [...signals].filter(
        (signal) => !(overcame && at < did && (signal === 'cannot' || signal === 'obstacle' || signal === 'late')),
      ),
    ),
  )
}

/** Puts the days in. A «done» on a day ahead and a postponing to a day behind contradict themselves and are asked about. */
function withDay(
  intent: Intent,
  said: readonly Said[],
): { intent: Intent; date: PlainDate | null; postponeTo: PlainDate | null } {
  if (intent === 'done') return { intent, date: dayDone(said), postponeTo: null }
  if (intent !== 'postpone') return { intent, date: null, postponeTo: null }
  const asked =
    said.find(
      ({ signals, day }) => day && day.role !== 'of' && (signals.has('postpone') || signals.has('days ahead')),
    ) ?? said.find(({ day }) => day?.due)
  const days =
    asked?.clause.tokens.flatMap(({ day }) => (day && day.role !== 'of' && day.role !== 'from' ? [day] : [])) ?? []
  const day =
    days.findLast(({ role }) => role === 'target' || role === 'until' || role === 'by') ?? days.at(-1) ?? asked?.day
  if (day && day.side === 'past') return { intent: 'unclear', date: null, postponeTo: null }
  return { intent, date: null, postponeTo: day?.due ?? null }
}

/** The day beside the «done», else a day that stands alone in the group. */
function dayDone(said: readonly Said[]): PlainDate | null {
  const did = said.filter(
    ({ signals }) => signals.has('held') || signals.has('made') || signals.has('sign') || signals.has('handing'),
  )
  const days = [
    ...did,
    ...said.filter((one) => !did.includes(one) && !one.signals.has('will later') && !one.signals.has('will')),
  ].flatMap(({ clause }) => clause.tokens.flatMap(({ day }) => (day ? [day] : [])))
  return (
    days.find(({ role, done }) => role === 'on' && done)?.done ??
    days.find(({ role, done, side }) => role === 'of' && side !== 'ahead' && done)?.done ??
    null
  )
}

/** «готово, 2 нет»: done is meant of the others; which they are must be known. */
function exceptDenied(parts: readonly Part[], taskCount: number | undefined): Part[] {
  const denied = parts.filter(({ tasks, intent }) => tasks.length > 0 && intent !== 'done' && intent !== 'question')
  if (denied.length === 0) return [...parts]
  const { tasks, known } = allBut(new Set(parts.flatMap((part) => part.tasks)), taskCount)
  return parts.flatMap((part) => {
    if (part.tasks.length > 0 || part.intent !== 'done') return [part]
    return [known ? { ...part, tasks } : { ...part, intent: 'unclear' as const, date: null }]
  })
}

/** Greetings, thanks and words of no task beside a part that says something are no part of their own. */
function withoutAsides(parts: readonly Part[]): Part[] {
  const saying = parts.filter(
    ({ intent, tasks }) => tasks.length > 0 || (intent !== 'small_talk' && intent !== 'unclear'),
  )
  if (saying.length === 0) return parts.slice(0, 1)
  return parts.filter((part) => part.tasks.length > 0 || part.intent !== 'small_talk')
}

function mergedParts(parts: readonly Part[]): Part[] {
  const merged = new Map<string, Part>()
  for (const part of parts) {
    const key = JSON.stringify([
      part.intent,
      String(part.date),
      String(part.postponeTo),
      part.reason,
      part.tasks.length > 0,
    ])
    const same = merged.get(key)
    merged.set(key, same ? { ...same, tasks: [...new Set([...same.tasks, ...part.tasks])] } : part)
  }
  return [...merged.values()]
}
