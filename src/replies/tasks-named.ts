import { isAct } from './clauses.ts'
import type { TaskName } from './reply.ts'
import { merged, type Token } from './tokens.ts'
import type { Meaning } from './vocabulary.ts'

const MOST_TASKS = 50

/** Meanings after which a bare number counts people or things («было 24»). */
const COUNTING: ReadonlySet<Meaning | null> = new Set<Meaning | null>([
  'was',
  'took part',
  'resource',
  'pupils',
  'paper',
  'event',
  'almost',
])
/** And after which it names none at all: «все три», «ни один». */
const UNNUMBERED: ReadonlySet<Meaning | null> = new Set<Meaning | null>([
  ...COUNTING,
  'all',
  'not',
  'no',
  'some',
  'almost',
])
/** Meanings before which a bare number counts or describes («24 педагога», «2 протокола»). */
const COUNTED: ReadonlySet<Meaning | null> = new Set<Meaning | null>([
  'resource',
  'pupils',
  'paper',
  'event',
  'obstacle',
  'point',
])

/**
 * `tokens` (with days and meanings read) with every naming of tasks as one `tasks` token: «1 и 3», «первое», «№2», «по второму
 * пункту», «пункты 1-3», «п. 1.3». `taskCount` is the length of the list replied to, where known; a number beyond it names no task.
 */
export function withTasks(tokens: readonly Token[], taskCount: number | undefined): Token[] {
  const most = taskCount ?? MOST_TASKS
  const read: Token[] = []
  for (let at = 0; at < tokens.length; ) {
    const named = namedAt(tokens, at, most) ?? dictatedAt(tokens, at, read)
    read.push(named?.token ?? tokens[at]!)
    at += named?.length ?? 1
  }
  return read
}

type Named = { length: number; token: Token }

function namedAt(tokens: readonly Token[], at: number, most: number): Named | null {
  if (tokens[at - 1]?.word === 'из') return null
  const first = firstFew(tokens, at)
  if (first) return first
  const by = isWord(tokens[at], /^(по|за|с|про|в|на)$/u) ? 1 : 0
  const before = pointLength(tokens, at + by)
  const list = listAt(tokens, at + by + before, { pointed: before > 0, led: by === 1 ? tokens[at]!.word : '' })
  if (!list) return null
  const end = at + by + before + list.length
  const after = before > 0 ? 0 : nounLength(tokens, end, list.tasks.length > 1)
  const bare =
    isBareTask(tokens, at, end) &&
    (by === 0 || isWord(tokens[at], list.tasks.length > 1 ? /^(по|за|про|с)$/u : /^(по|за|про)$/u))
  if (before + after === 0 && !(bare && (isHead(tokens, at) || fits(list.tasks, most)))) return null
  const length = end + after + listMark(tokens, at, end + after) - at
  const token = merged(tokens.slice(at, at + length), { kind: 'tasks', tasks: list.tasks, meaning: null, word: '' })
  return { length, token }
}

/** «…нет денег третье завтра»: dictated without commas, an ordinal by itself goes on with the list that has begun. */
function dictatedAt(tokens: readonly Token[], at: number, read: readonly Token[]): Named | null {
  const [token, after] = [tokens[at], tokens[at + 1]]
  const task = token?.kind === 'ordinal' && /[оь]е$/u.test(token.text) ? taskAt(token) : null
  const goesOn = after?.kind === 'day' || isAct(after?.meaning ?? null)
  if (task === null || !goesOn || !read.some(({ kind }) => kind === 'tasks')) return null
  return { length: 1, token: merged([token!], { kind: 'tasks', tasks: [task], meaning: null, word: '' }) }
}

/** «первые два», «первых трёх пунктов»: from the first on. */
function firstFew(tokens: readonly Token[], at: number): Named | null {
  const count = tokens[at + 1]
  if (!isWord(tokens[at], /^перв(ые|ых|ым)$/u) || count?.kind !== 'number' || count.value > MOST_TASKS) return null
  const noun = tokens[at + 2]?.meaning === 'point' ? 1 : 0
  if (noun === 0 && !mayFollow(tokens, at, at + 2)) return null
  const tasks = Array.from({ length: count.value }, (_, step) => step + 1)
  const length = 2 + noun
  return { length, token: merged(tokens.slice(at, at + length), { kind: 'tasks', tasks, meaning: null, word: '' }) }
}

/** At the head of a clause even a number beyond the list names a task (and is asked about); elsewhere it counts something. */
function fits(tasks: readonly TaskName[], most: number): boolean {
  return tasks.every((task) => typeof task === 'string' || task <= most)
}

/** «пункт», «п.», «№», «задача №» before a number: how many tokens. */
function pointLength(tokens: readonly Token[], at: number): number {
  const token = tokens[at]
  if (token?.text === '№' || token?.text === '#') return isNumbered(tokens[at - 1]) ? 0 : 1
  if (token?.meaning !== 'point' && !isWord(token, /^(пп?|вопросу|вопросам|мероприятие|мероприятию|мероприятиям)$/u))
    return 0
  const dot = tokens[at + 1]?.text === '.' ? 1 : 0
  const sign = /^[№#]$/u.test(tokens[at + 1 + dot]?.text ?? '') ? 1 : 0
  return 1 + dot + sign
}

/** One task by its number: «2 пункт», «2 задача»; «2 пункта», «три задачи» count them. */
const ONE_TASK =
  /^(пп?|пункт|пункту|пунктом|задача|задачу|задаче|задание|заданию|позиция|позицию|вопросу|мероприятию)$/u

/** The noun after a number: «второму пункту», «2 задача», «1 и 3 пункты», and after an ordinal «второй вопрос». */
function nounLength(tokens: readonly Token[], at: number, many: boolean): number {
  const [last, noun] = [tokens[at - 1], tokens[at]]
  if (last?.kind === 'ordinal')
    return noun?.meaning === 'point' || isWord(noun, /^(вопрос|вопросу|мероприятие|мероприятию)$/u) ? 1 : 0
  if (last?.kind === 'number' && !/^\d/u.test(last.text)) return 0
  return isWord(noun, ONE_TASK) ||
    (many && isWord(noun, /^(пункты|пунктам|задачи|задачам|задания|вопросам|мероприятиям)$/u))
    ? 1
    : 0
}

/** «приказ № 45», «школа № 7»: a number of something else. */
function isNumbered(before: Token | undefined): boolean {
  return (
    before?.kind === 'day' ||
    (before?.kind === 'word' &&
      !(
        before.meaning && /^(held|made|sent|ready|doing|in work|point|and|but|filler|greeting)$/u.test(before.meaning)
      ) &&
      before.word !== 'по')
  )
}

/** What leads a list: whether «пункт» or «№» stands before it, and its preposition. */
type Lead = { pointed: boolean; led: string }

/** «1», «1 и 3», «1, 2 и 3», «1-3», «1.2, 1.3»: the numbers and how many tokens they take. */
function listAt(tokens: readonly Token[], at: number, lead: Lead): { length: number; tasks: TaskName[] } | null {
  const first = taskAt(tokens[at])
  if (first === null) return null
  const tasks: TaskName[] = [first]
  let length = 1
  for (let count = 1; count < MOST_TASKS; count += 1) {
    const joint = jointAt(tokens, at + length, lead)
    const next = joint > 0 ? taskAt(tokens[at + length + joint]) : null
    if (next === null || countsThing(tokens[at + length + joint + 1])) break
    tasks.push(...(isRange(tokens[at + length]!) ? between(tasks.at(-1)!, next) : [next]))
    length += joint + 1
  }
  return { length, tasks: [...new Set(tasks)] }
}

/** «пункт 1, 24 педагога»: the second number counts. */
function countsThing(after: Token | undefined): boolean {
  return after?.kind === 'word' && COUNTED.has(after.meaning) && after.meaning !== 'point'
}

function taskAt(token: Token | undefined): TaskName | null {
  if (token?.kind === 'dotted') return token.word
  if (token?.kind !== 'number' && token?.kind !== 'ordinal') return null
  return Number.isInteger(token.value) && token.value >= 1 && token.value <= MOST_TASKS ? token.value : null
}

/** How many tokens join two numbers: «,», «и», «, и», a dash; «по» joins «с 1 по 3» and repeats in «по 1 и по 3». */
function jointAt(tokens: readonly Token[], at: number, { pointed, led }: Lead): number {
  const [first, second] = [tokens[at], tokens[at + 1]]
  if (led === 'по' && (first?.text === ',' || isWord(first, /^и$/u)) && isWord(second, /^по$/u)) return 2
  if ((first?.text === ',' || isWord(first, /^и$/u)) && /^[№#]$/u.test(second?.text ?? '')) return 2
  if (first?.text === ',' && isWord(second, /^(и|также)$/u)) return 2
  if (isWord(first, /^по$/u)) return led === 'с' ? 1 : 0
  if (/^[–-]$/u.test(first?.text ?? '')) return pointed || isTight(tokens, at) ? 1 : 0
  return /^[,&]$/u.test(first?.text ?? '') || isWord(first, /^и$/u) ? 1 : 0
}

/** «1-3»: a dash with spaces around it is no range unless «пункты» stands before. */
function isTight(tokens: readonly Token[], at: number): boolean {
  return tokens[at - 1]?.end === tokens[at]!.start && tokens[at + 1]?.start === tokens[at]!.end
}

function isRange(joint: Token): boolean {
  return /^[–-]$/u.test(joint.text) || isWord(joint, /^по$/u)
}

/** The rest of a range after its first: 2, 3 of «1-3», «1.2» and «1.3» of «1.1-1.3»; of any other pair only its second. */
function between(from: TaskName, to: TaskName): TaskName[] {
  const [head, first] = split(from)
  const [sameHead, last] = split(to)
  if (head !== sameHead || last <= first || last - first > MOST_TASKS) return [to]
  const steps = Array.from({ length: last - first }, (_, step) => first + step + 1)
  return head === '' ? steps : steps.map((step) => head + step)
}

/** «1.» and 3 of «1.3»; nothing and 3 of 3. */
function split(task: TaskName): [string, number] {
  if (typeof task === 'number') return ['', task]
  const dot = task.lastIndexOf('.') + 1
  return [task.slice(0, dot), Number(task.slice(dot))]
}

/** Whether numbers from `at` to `end` with no «пункт» beside them name tasks: what stands around them must be no counted thing. */
function isBareTask(tokens: readonly Token[], at: number, end: number): boolean {
  return mayPrecede(tokens, at) && mayFollow(tokens, at, end)
}

function mayPrecede(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]
  if (
    !before ||
    before.kind === 'number' ||
    before.kind === 'ordinal' ||
    before.kind === 'sign' ||
    before.kind === 'day'
  )
    return true
  if (before.text === '№' || before.text === '#') return false
  if (before.kind === 'mark') return before.text !== ':' || !COUNTING.has(tokens[at - 2]?.meaning ?? null)
  if (before.kind !== 'word') return false
  return before.meaning !== null && !UNNUMBERED.has(before.meaning)
}

function mayFollow(tokens: readonly Token[], at: number, end: number): boolean {
  const after = tokens[end]
  if (!after || after.kind === 'sign' || after.kind === 'link' || after.kind === 'day') return true
  if (after.kind === 'mark') return after.text !== '%' && after.text !== '№'
  if (after.kind !== 'word') return tokens[at]?.kind !== 'dotted' || after.kind === 'number'
  if (after.word === 'по' && /^(number|ordinal|dotted)$/u.test(tokens[end + 1]?.kind ?? '')) return true
  return after.meaning !== null && !COUNTED.has(after.meaning)
}

/** «1.», «1)» at the head of a line: the mark belongs to the number. */
function listMark(tokens: readonly Token[], at: number, end: number): number {
  return isHead(tokens, at) && /^[.)]$/u.test(tokens[end]?.text ?? '') && tokens[end]!.start === tokens[end - 1]!.end
    ? 1
    : 0
}

function isHead(tokens: readonly Token[], at: number): boolean {
  return at === 0 || tokens[at - 1]!.kind === 'mark'
}

function isWord(token: Token | undefined, pattern: RegExp): boolean {
  return token?.kind === 'word' && pattern.test(token.word)
}
