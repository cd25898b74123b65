import { type Clause, isAct } from './clauses.ts'
import type { Said } from './signals.ts'
import type { Token } from './tokens.ts'
import type { Meaning } from './vocabulary.ts'

/** «потому что», «так как» only lead to the reason; «из-за», «в связи с» belong to it. */
const LEADING = /^(?:потому что|потому-что|так как|так-как|тк|т\.к|поскольку|ибо|причина)$/u
const WHY: ReadonlySet<Meaning | null> = new Set<Meaning | null>(['obstacle', 'shortage', 'no', 'help', 'not here yet'])
const AROUND: ReadonlySet<Meaning | null> = new Set<Meaning | null>([
  'but',
  'and',
  'greeting',
  'thanks',
  'yes',
  'ack',
  'late',
  'cannot',
  'not for us',
  'only',
])
const LOOSE =
  /^(?:пожалуйста|к сожалению|увы|пока|еще|уже|извините|простите|и|короче|в общем|ну|же|сообщаю|сообщаем|сейчас|там|то|коллеги)$/u

/** The words of `said` (clauses about the same tasks, in order) that tell why, as they stand in `text`, or null. */
export function reasonIn(said: readonly Said[], text: string): string | null {
  return afterBecause(said, text) ?? obstacleIn(said, text) ?? besideRefusal(said, text)
}

/** From «потому что» to the end of its sentence, or until something else is said of the task. */
function afterBecause(said: readonly Said[], text: string): string | null {
  const at = said.findIndex(({ clause }) => clause.tokens.some(({ meaning }) => meaning === 'because'))
  if (at < 0) return null
  const { tokens, sentence } = said[at]!.clause
  const cue = tokens.findIndex(({ meaning }) => meaning === 'because')
  const from = LEADING.test(tokens[cue]!.word) ? cue + 1 : cue
  const own = untilAct(tokens.slice(from), cue > 0)
  const rest = own.length === tokens.length - from ? followers(said.slice(at + 1), sentence) : []
  return written([...own, ...rest], text) ?? written(tokens.slice(0, cue), text)
}

/** Up to a word that asks for or reports something; the cue itself and what stands in the way are part of the reason. */
function untilAct(tokens: readonly Token[], trailing: boolean): Token[] {
  const end = tokens.findIndex(({ meaning }) =>
    /^(postpone|late|need|may|will do|held|doing|in work)$/u.test(meaning ?? ''),
  )
  return end > 0 && (!trailing || /^(?:postpone|may|need)$/u.test(tokens[end]!.meaning!))
    ? tokens.slice(0, end)
    : [...tokens]
}

function followers(said: readonly Said[], sentence: number): Token[] {
  const end = said.findIndex(
    ({ clause, signals }) =>
      clause.sentence !== sentence ||
      [...signals].some((signal) => !/^(words|obstacle|not for us|no paper)$/u.test(signal)),
  )
  return said.slice(0, end < 0 ? said.length : end).flatMap(({ clause }) => clause.tokens)
}

/** The clause with the obstacle or the want, without what else it says: «нет учителя физики». */
function obstacleIn(said: readonly Said[], text: string): string | null {
  for (const { clause, signals } of said) {
    if (!signals.has('obstacle') && !signals.has('not for us')) continue
    const at = clause.tokens.findIndex(({ meaning }) => WHY.has(meaning))
    if (at >= 0) return written(stretchAround(clause.tokens, at), text)
  }
  return null
}

function stretchAround(tokens: readonly Token[], at: number): Token[] {
  const breaks = (token: Token) =>
    token.kind === 'tasks' ||
    (token.day?.due ?? token.day?.done ?? null) !== null ||
    (isAct(token.meaning) && !WHY.has(token.meaning) && token.meaning !== 'almost') ||
    token.meaning === 'need'
  let from = at
  while (from > 0 && !breaks(tokens[from - 1]!)) from -= 1
  let to = at + 1
  while (to < tokens.length && !breaks(tokens[to]!)) to += 1
  return tokens.slice(from, to)
}

/** A clause of unknown words beside «не можем» or «перенесите»: «дороги замело, не можем провести». */
function besideRefusal(said: readonly Said[], text: string): string | null {
  if (!said.some(({ signals }) => signals.has('cannot') || signals.has('postpone') || signals.has('not for us')))
    return null
  const why = said.find(
    ({ clause, signals }) =>
      signals.has('words') && signals.size === 1 && (isExplained(clause) || tellsSomething(clause.tokens)),
  )
  return why ? written(why.clause.tokens, text) : null
}

/** «перенесите на 3 апреля: завуч на курсах»; «перенести: семинар» names what is to be moved. */
function isExplained({ opened, tokens }: Clause): boolean {
  const words = tokens.filter(({ kind }) => kind === 'word')
  return opened === ':' && words.length >= 2 && !/^(?:event|paper|point)$/u.test(words[0]!.meaning ?? '')
}

/** At least two words, one of them like a verb: a name («Анна Петровна») or a title is no reason. */
function tellsSomething(tokens: readonly Token[]): boolean {
  const words = tokens.filter(({ kind }) => kind === 'word')
  return (
    words.length >= 2 &&
    words.some(
      ({ word, meaning }) => meaning === 'no' || /(?:ли|ло|ла|ют|ут|ят|ет|ит|ем|им|ся|лся|но|ны|ен)$/u.test(word),
    )
  )
}

function written(tokens: readonly Token[], text: string): string | null {
  const from = tokens.findIndex((token) => !isLoose(token))
  const to = tokens.findLastIndex((token) => !isLoose(token))
  if (from < 0) return null
  return text.slice(tokens[from]!.start, tokens[to]!.end).replace(/\s+/gu, ' ').trim() || null
}

function isLoose({ kind, meaning, word }: Token): boolean {
  return (
    kind === 'mark' || kind === 'sign' || kind === 'tasks' || kind === 'day' || AROUND.has(meaning) || LOOSE.test(word)
  )
}
