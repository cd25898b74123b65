import { type PlainDate, Temporal } from '../kernel/clock.ts'
import { monthOf, nearDayOf, weekdayOf } from './calendar-words.ts'
import { type DayRole, merged, type SaidDay, type Token } from './tokens.ts'
import { meaningByStem, meaningOfPhrase } from './vocabulary.ts'

type Readings = Pick<SaidDay, 'side' | 'done' | 'due'>
/** What was found at a place: how many tokens it takes, and its readings. */
type Found = { length: number; readings: Readings; role?: DayRole }

const ROLES: Record<string, DayRole> = {
  на: 'target',
  до: 'until',
  к: 'by',
  ко: 'by',
  по: 'until',
  позднее: 'until',
  позже: 'until',
  от: 'of',
  с: 'from',
  со: 'from',
  после: 'after',
  в: 'on',
  во: 'on',
}
const NEED = new Set([
  'нужна',
  'нужно',
  'нужны',
  'дайте',
  'надо',
  'прошу',
  'просим',
  'требуется',
  'потребуется',
  'понадобится',
  'необходимо',
  'необходима',
  'мне',
  'нам',
  'бы',
])
const UNITS: Record<string, 'days' | 'weeks' | 'months'> = {
  ...{ день: 'days', дня: 'days', дней: 'days', денек: 'days', денечек: 'days', денька: 'days', сутки: 'days' },
  ...{
    неделю: 'weeks',
    неделя: 'weeks',
    недели: 'weeks',
    недель: 'weeks',
    недельку: 'weeks',
    неделька: 'weeks',
    недельки: 'weeks',
  },
  ...{ месяц: 'months', месяца: 'months', месяцев: 'months' },
}
const FRIDAY = 5
const RECENT_DAYS = 60
const LEAST_PROMISED = 10
/** How many tokens may stand between the first day of a list and its last: «12, 13, 14 и 15 марта». */
const MOST_JOINED = 8

/**
 * `tokens` with every day that they speak of as one `day` token, read against `today`. What only looks like a day (a time, «2026 год»,
 * «отчёт за март») becomes `other`; a dotted number that is no day stays `dotted`.
 */
export function withDays(tokens: readonly Token[], today: PlainDate): Token[] {
  const read: Token[] = []
  for (let at = 0; at < tokens.length; ) {
    const found = periodAt(tokens, at) ?? saidAt(tokens, at, today)
    read.push(found ? merged(tokens.slice(at, at + found.length), found.token) : tokens[at]!)
    at += found?.length ?? 1
  }
  return read
}

type Replacement = { length: number; token: Partial<Token> }

/** «за март», «2026 год», «3 четверть», «14.00»: times and periods that are no day of this report. */
function periodAt(tokens: readonly Token[], at: number): Replacement | null {
  const [first, second, third] = [tokens[at], tokens[at + 1], tokens[at + 2]]
  const other = (length: number): Replacement => ({ length, token: { kind: 'other' } })
  if (first?.word === 'за' && monthOf(second?.word)) return other(2)
  if (first?.word === 'за' && second?.kind === 'number' && monthOf(third?.word)) return other(3)
  if (isNumeral(first) && /^(год|гг?$|уч$|учебн|квартал|четверт|полугод|триместр|семестр)/u.test(second?.word ?? ''))
    return other(2)
  if (/^(в|с|до|к|на|по)$/u.test(first?.word ?? '') && second?.kind === 'dotted' && isTime(second.word)) return other(2)
  return null
}

function isTime(dotted: string): boolean {
  const [hours = 99, minutes = 99, ...rest] = dotted.split('.').map(Number)
  return rest.length === 0 && hours < 24 && minutes < 60 && /\.\d\d$/u.test(dotted) && (minutes === 0 || minutes > 12)
}

function saidAt(tokens: readonly Token[], at: number, today: PlainDate): Replacement | null {
  if (isRangeOfTasks(tokens, at)) return null
  const { role, length: before } = prepositionAt(tokens, at)
  const found =
    dayAfter(tokens, at + before, role, today) ?? (before === 0 ? null : spanAt(tokens, at + before, role, today))
  if (!found) return before === 0 ? durationAt(tokens, at, today) : null
  if (role === 'target' && isOfThing(tokens, at, found))
    return { length: before + found.length, token: { kind: 'other' } }
  const day = { ...found.readings, role: found.role ?? role ?? 'on' }
  return { length: before + found.length, token: { kind: 'day', day } }
}

/** «план на апрель», «график на неделю»: what the paper is about, not when; «перенести семинар на 20 апреля» says when. */
function isOfThing(tokens: readonly Token[], at: number, found: Found): boolean {
  const before = tokens[at - 1]
  return (
    found.readings.done === null &&
    before?.kind === 'word' &&
    /^(paper|event)$/u.test(meaningByStem(before.word) ?? '') &&
    !tokens.slice(Math.max(0, at - FAR_FROM_VERB), at).some(isMoving)
  )
}

/** How many words may stand between «перенесите» and the day: «перенесите сдачу отчёта по самообследованию на 20 апреля». */
const FAR_FROM_VERB = 7

function isMoving({ kind, word }: Token): boolean {
  return kind === 'word' && (meaningOfPhrase(word) === 'postpone' || /^(?:измени|поменя)/u.test(word))
}

/** «с первого по третий готово»: of the list, not of the month. */
function isRangeOfTasks(tokens: readonly Token[], at: number): boolean {
  const [from, first, to, last, after] = tokens.slice(at, at + 5)
  return (
    from?.word === 'с' &&
    first?.kind === 'ordinal' &&
    to?.word === 'по' &&
    last?.kind === 'ordinal' &&
    /[йею]$/u.test(last.text) &&
    !monthOf(after?.word) &&
    !/^числ/u.test(after?.word ?? '')
  )
}

function prepositionAt(tokens: readonly Token[], at: number): { role: DayRole | null; length: number } {
  const word = tokens[at]?.kind === 'word' ? tokens[at].word : ''
  if (word === 'не' && /^(позднее|позже)$/u.test(tokens[at + 1]?.word ?? '')) return { role: 'until', length: 2 }
  if (word === 'не' && tokens[at + 1]?.word === 'раньше') return { role: 'after', length: 2 }
  if (word === 'где-то') return withOneMore(prepositionAt(tokens, at + 1))
  const role = Object.hasOwn(ROLES, word) ? ROLES[word]! : null
  return { role, length: role ? 1 : 0 }
}

function withOneMore({ role, length }: { role: DayRole | null; length: number }) {
  return { role, length: role ? length + 1 : 0 }
}

/** A day that stands at `at`, after a preposition with `role`, or bare. */
function dayAfter(tokens: readonly Token[], at: number, role: DayRole | null, today: PlainDate): Found | null {
  return (
    nearDay(tokens, at, today) ??
    dottedDay(tokens, at, role, today) ??
    dayOfMonth(tokens, at, role, today) ??
    numberedDay(tokens, at, role, today) ??
    promisedDay(tokens, at, today) ??
    weekday(tokens, at, today) ??
    agoDay(tokens, at, today)
  )
}

/** Spans and vague times: only after a preposition. */
function spanAt(tokens: readonly Token[], at: number, role: DayRole | null, today: PlainDate): Found | null {
  return (
    endOf(tokens, at, today) ??
    wholeMonth(tokens, at, role, today) ??
    wholeWeek(tokens, at) ??
    shift(tokens, at, role, today) ??
    afterEvent(tokens, at, role)
  )
}

function nearDay(tokens: readonly Token[], at: number, today: PlainDate): Found | null {
  const days = nearDayOf(tokens[at]?.word)
  return days === undefined ? null : { length: 1, readings: exactly(today.add({ days }), today) }
}

/** «12.03», «5.04.2026». An unpadded «1.3» is a day only after «на», «до», «от», «с», «к»; else it names a task of the roadmap. */
function dottedDay(tokens: readonly Token[], at: number, role: DayRole | null, today: PlainDate): Found | null {
  const token = tokens[at]
  if (token?.kind !== 'dotted' || isPointWord(tokens, at - 1)) return null
  const [day = '', month = '', year, ...rest] = token.word.split('.')
  if (rest.length > 0 || (year !== undefined && !/^(\d{2}|20\d{2})$/u.test(year))) return null
  if (month.length > 2 || (month.length < 2 && (role === null || role === 'on'))) return null
  if (role === 'until' && tokens[at - 1]?.word === 'по' && month.length < 2) return null
  const readings = year === undefined ? inSomeYear(+day, +month, today) : inYear(+day, +month, +year, today)
  if (!readings) return null
  const mayBeTask = role === null && year === undefined && !month.startsWith('0') && !day.startsWith('0')
  if (mayBeTask && !isRecent(readings.done, today)) return null
  return { length: 1 + yearWord(tokens, at + 1), readings }
}

/** At the head of a clause «3.11» is a day only where that day was lately. */
function isRecent(day: PlainDate | null, today: PlainDate): boolean {
  return day !== null && Temporal.PlainDate.compare(day, today.subtract({ days: RECENT_DAYS })) > 0
}

/** «12 марта», «12-го марта 2026 года», «двенадцатого марта», «12-15 марта», «12 и 13 марта», «(с) 12 по 15 марта»: of several days the last. */
function dayOfMonth(tokens: readonly Token[], at: number, role: DayRole | null, today: PlainDate): Found | null {
  if (!isDayNumber(tokens[at])) return null
  for (let skipped = 0; skipped <= MOST_JOINED; skipped += 2) {
    const found = monthDay(tokens, at + skipped, today)
    if (found) {
      const several = skipped > 0 && (role === 'from' || role === null)
      return { ...found, length: found.length + skipped, ...(several ? { role: 'on' as const } : {}) }
    }
    if (!joinsDays(tokens, at + skipped + 1) || !isDayNumber(tokens[at + skipped + 2])) return null
  }
  return null
}

/** «и», «по», «,», a dash between two days of one month; «1 - 12 марта» is rather the first task. */
function joinsDays(tokens: readonly Token[], at: number): boolean {
  const [before, joint, after] = [tokens[at - 1]!, tokens[at], tokens[at + 1]]
  if (/^[-–—]$/u.test(joint?.text ?? ''))
    return before.value > 9 || (before.end === joint!.start && joint!.end === after?.start)
  return /^(по|и|до|,)$/u.test(joint?.word ?? '')
}

function monthDay(tokens: readonly Token[], at: number, today: PlainDate): Found | null {
  const month = monthOf(tokens[at + 1]?.word)
  if (month === undefined) return null
  const year = tokens[at + 2]
  if (year?.kind === 'number' && year.value >= 2000 && year.value < 2100) {
    const readings = inYear(tokens[at]!.value, month, year.value, today)
    return readings && { length: 3 + yearWord(tokens, at + 3), readings }
  }
  const readings = inSomeYear(tokens[at]!.value, month, today)
  return readings && { length: 2 + lastYearWords(tokens, at + 2), readings }
}

function isDayNumber(token: Token | undefined): boolean {
  return isNumeral(token) && token!.value >= 1 && token!.value <= 31
}

function isNumeral(token: Token | undefined): boolean {
  return token?.kind === 'number' || token?.kind === 'ordinal'
}

function lastYearWords(tokens: readonly Token[], at: number): number {
  return tokens[at]?.word === 'этого' && tokens[at + 1]?.word === 'года' ? 2 : 0
}

/** «20-го», «20 числа», «до 25», «на двадцатое», «до двадцатого»; «по первому» and «второго пункта» name a task. */
function numberedDay(tokens: readonly Token[], at: number, role: DayRole | null, today: PlainDate): Found | null {
  const token = tokens[at]
  if (!token || !isDayNumber(token)) return null
  if (/^числ[ао]$/u.test(tokens[at + 1]?.word ?? '')) return { length: 2, readings: inSomeMonth(token.value, today) }
  if (
    token.kind === 'number' &&
    (role === 'until' || role === 'target') &&
    tokens[at - 1]!.word !== 'по' &&
    endsClause(tokens[at + 1])
  )
    return { length: 1, readings: inSomeMonth(token.value, today) }
  if (token.kind !== 'ordinal' || meaningByStem(tokens[at + 1]?.word ?? '') !== null) return null
  const led = role !== null && /го$/u.test(token.word)
  const aimed =
    (role === 'target' || role === 'until' || role === 'by') &&
    tokens[at - 1]!.word !== 'по' &&
    /(?:ому|ое|ье|е)$/u.test(token.word)
  const written = /^\d+-?о?го$/u.test(token.word)
  return led || aimed || written ? { length: 1, readings: inSomeMonth(token.value, today) } : null
}

/** «проведём 25», «25 проведём»: a day of the month beside a promise, where it is too high for a task. */
function promisedDay(tokens: readonly Token[], at: number, today: PlainDate): Found | null {
  const token = tokens[at]
  if (token?.kind !== 'number' || token.value < LEAST_PROMISED || token.value > 31) return null
  const before = isPromise(tokens[at - 1]) && endsClause(tokens[at + 1])
  if (!before && !isPromise(tokens[at + 1])) return null
  return { length: 1, readings: { ...inSomeMonth(token.value, today), side: 'ahead', done: null } }
}

function isPromise(token: Token | undefined): boolean {
  return token?.kind === 'word' && /^will (?:do|send)$/u.test(meaningOfPhrase(token.word) ?? '')
}

function endsClause(next: Token | undefined): boolean {
  return !next || /^[.,;!?\n]$/u.test(next.text) || meaningOfPhrase(next.word) === 'thanks'
}

/** «(в) пятницу», «в прошлую пятницу», «до следующей среды»: the nearest such day, never today itself. */
function weekday(tokens: readonly Token[], at: number, today: PlainDate): Found | null {
  const which = tokens[at]?.word ?? ''
  const bare = weekdayOf(which)
  if (bare !== undefined)
    return { length: 1, readings: { side: 'either', done: last(bare, today), due: next(bare, today) } }
  const day = weekdayOf(tokens[at + 1]?.word)
  if (day === undefined) return null
  const monday = today.subtract({ days: today.dayOfWeek - 1 })
  if (/^(прошл|минувш|прошедш|ту$|позапрошл)/u.test(which))
    return { length: 2, readings: { side: 'past', done: last(day, today), due: null } }
  if (/^следующ/u.test(which))
    return { length: 2, readings: { side: 'ahead', done: null, due: monday.add({ days: 6 + day }) } }
  if (/^ближайш/u.test(which)) return { length: 2, readings: { side: 'ahead', done: null, due: next(day, today) } }
  if (/^эт/u.test(which)) return { length: 2, readings: exactly(monday.add({ days: day - 1 }), today) }
  return null
}

function last(weekday: number, today: PlainDate): PlainDate {
  return today.subtract({ days: ((today.dayOfWeek - weekday + 6) % 7) + 1 })
}

function next(weekday: number, today: PlainDate): PlainDate {
  return today.add({ days: ((weekday - today.dayOfWeek + 6) % 7) + 1 })
}

/** «3 дня назад», «неделю назад»; «месяц назад» and «пару дней назад» name no day. */
function agoDay(tokens: readonly Token[], at: number, today: PlainDate): Found | null {
  const said = amountAt(tokens, at)
  if (!said || tokens[at + said.length]?.word !== 'назад') return null
  const done = said.unit === 'months' || said.amount === null ? null : shifted(today, -said.amount, said.unit)
  return { length: said.length + 1, readings: { side: 'past', done, due: null } }
}

/** «3 дня», «две недели», «неделю», «пару дней» (no amount). */
function amountAt(
  tokens: readonly Token[],
  at: number,
): { length: number; amount: number | null; unit: 'days' | 'weeks' | 'months' } | null {
  const number = tokens[at]?.kind === 'number' ? tokens[at] : null
  const vague = /^(пару|несколько)$/u.test(tokens[at]?.word ?? '')
  const length = number || vague ? 1 : 0
  const word = tokens[at + length]?.word ?? ''
  const skipped = /^(рабочих|учебных|рабочие|календарных)$/u.test(word) ? 1 : 0
  const unitWord = tokens[at + length + skipped]?.word ?? ''
  if (!Object.hasOwn(UNITS, unitWord)) return null
  return { length: length + skipped + 1, amount: vague ? null : (number?.value ?? 1), unit: UNITS[unitWord]! }
}

function shifted(day: PlainDate, amount: number, unit: 'days' | 'weeks' | 'months'): PlainDate | null {
  return Math.abs(amount) > 400 ? null : day.add({ [unit]: Math.trunc(amount) })
}

/** «на неделю», «на 3 дня»: that long from today. */
function shift(tokens: readonly Token[], at: number, role: DayRole | null, today: PlainDate): Found | null {
  const said = role === 'target' ? amountAt(tokens, skipMore(tokens, at)) : null
  if (!said) return null
  const length = said.length + skipMore(tokens, at) - at
  return {
    length,
    readings: { side: 'ahead', done: null, due: said.amount === null ? null : shifted(today, said.amount, said.unit) },
  }
}

function skipMore(tokens: readonly Token[], at: number): number {
  return /^(еще|одну|один|недельку-другую)$/u.test(tokens[at]?.word ?? '') ? at + 1 : at
}

/** «через неделю», «ещё 3 дня», «дайте неделю»: without «на» a span counts only where the words ask for time. */
function durationAt(tokens: readonly Token[], at: number, today: PlainDate): Replacement | null {
  const lead = /^(через|еще|хотя)$/u.test(tokens[at]?.word ?? '') ? 1 : 0
  const more = lead === 1 && /^(бы|на|одну|одна)$/u.test(tokens[at + 1]?.word ?? '') ? 1 : 0
  if (lead === 0 && !NEED.has(tokens[at - 1]?.word ?? '')) return null
  const said = amountAt(tokens, at + lead + more)
  if (!said) return null
  const due = said.amount === null ? null : shifted(today, said.amount, said.unit)
  return {
    length: lead + more + said.length,
    token: { kind: 'day', day: { role: 'target', side: 'ahead', done: null, due } },
  }
}

/** «до конца недели» (Friday, as in a roadmap), «до конца месяца», «до конца марта», «до середины апреля», «до вечера». */
function endOf(tokens: readonly Token[], at: number, today: PlainDate): Found | null {
  const part = tokens[at]?.word ?? ''
  if (/^(вечера|вечеру)$/u.test(part)) return { length: 1, readings: { side: 'ahead', done: null, due: today } }
  if (!/^(конц|конец|середин|начал)/u.test(part)) return null
  const skipped = /^(эт|текущ|учебн|рабоч|следующ)/u.test(tokens[at + 1]?.word ?? '') ? 1 : 0
  const of = tokens[at + 1 + skipped]?.word
  const length = 2 + skipped
  const month = monthOf(of)
  if (month !== undefined) return { length, readings: partOfMonth(part, month, today) }
  const due =
    /^следующ/u.test(tokens[at + 1]?.word ?? '') || !part.startsWith('кон')
      ? null
      : endOfPeriod(of, skipped === 1 && tokens[at + 1]!.word.startsWith('учебн'), today)
  return due === undefined ? null : { length, readings: { side: 'ahead', done: null, due } }
}

function endOfPeriod(word: string | undefined, academic: boolean, today: PlainDate): PlainDate | null | undefined {
  if (/^недел/u.test(word ?? ''))
    return today.dayOfWeek > FRIDAY
      ? today.add({ days: 7 - today.dayOfWeek })
      : today.add({ days: FRIDAY - today.dayOfWeek })
  if (/^месяц/u.test(word ?? '')) return today.with({ day: today.daysInMonth })
  if (/^дня/u.test(word ?? '')) return today
  if (/^год/u.test(word ?? '')) return academic ? comingDay(31, 5, today) : today.with({ month: 12, day: 31 })
  return /^(четверт|квартал|полугод|каникул|триместр)/u.test(word ?? '') ? null : undefined
}

function comingDay(day: number, month: number, today: PlainDate): PlainDate {
  const here = today.with({ month, day })
  return Temporal.PlainDate.compare(here, today) < 0 ? here.add({ years: 1 }) : here
}

function partOfMonth(part: string, month: number, today: PlainDate): Readings {
  const { side, due } = monthReadings(month, today)
  if (!due || part.startsWith('кон')) return { side, done: null, due }
  const day = due.with({ day: part.startsWith('серед') ? 15 : 10 })
  return Temporal.PlainDate.compare(day, today) < 0
    ? { side: 'past', done: null, due: null }
    : { side, done: null, due: day }
}

/** «в апреле», «на апрель» (its last day), «до апреля» (the last day of March). It never names a day behind. */
function wholeMonth(tokens: readonly Token[], at: number, role: DayRole | null, today: PlainDate): Found | null {
  const month = monthOf(tokens[at]?.word)
  if (month === undefined) return null
  const { side, due } = monthReadings(month, today)
  const before = (role === 'until' || role === 'by') && due ? due.with({ day: 1 }).subtract({ days: 1 }) : due
  if (before && Temporal.PlainDate.compare(before, today) < 0)
    return { length: 1, readings: { side: 'past', done: null, due: null } }
  return { length: 1, readings: { side, done: null, due: before } }
}

function monthReadings(month: number, today: PlainDate): Readings {
  const start = inSomeYear(1, month, today)!
  if (month === today.month) return { side: 'either', done: null, due: today.with({ day: today.daysInMonth }) }
  const due = start.due ? start.due.with({ day: start.due.daysInMonth }) : null
  return { side: start.side, done: null, due }
}

/** «на прошлой неделе», «на следующей неделе»: which side it lies on, but no day. */
function wholeWeek(tokens: readonly Token[], at: number): Found | null {
  const [which, what] = [tokens[at]?.word ?? '', tokens[at + 1]?.word ?? '']
  if (!/^(недел|месяц|год|четверт|раз)/u.test(what)) return null
  if (/^(прошл|позапрошл|минувш|прошедш|той$|том$)/u.test(which) && !/^год/u.test(what)) return vague('past')
  if (/^(следующ|будущ)/u.test(which)) return vague('ahead')
  return /^(эт|текущ)/u.test(which) && !/^раз/u.test(what) ? vague('either') : null
}

function vague(side: Readings['side'], length = 2): Found {
  return { length, readings: { side, done: null, due: null } }
}

/** «после каникул», «на каникулах»: a time that names no day. «На больничном» tells why, not when. */
function afterEvent(tokens: readonly Token[], at: number, role: DayRole | null): Found | null {
  const skipped = /^(весенн|зимн|осенн|летн|майск|новогодн)/u.test(tokens[at]?.word ?? '') ? 1 : 0
  const event = tokens[at + skipped]?.word ?? ''
  const free = /^(каникул|праздник|выходн)/u.test(event)
  if (role === 'after' && (free || /^(карантин|отпуск|больничн)/u.test(event))) return vague('either', 1 + skipped)
  if (!free || role === null || role === 'of' || role === 'from') return null
  return vague(role === 'on' ? 'either' : 'ahead', 1 + skipped)
}

function yearWord(tokens: readonly Token[], at: number): number {
  const length = /^(г|год|года|году)$/u.test(tokens[at]?.word ?? '') ? 1 : 0
  return length === 1 && tokens[at]!.word === 'г' && tokens[at + 1]?.text === '.' ? 2 : length
}

/** Whether the token (and a dot after «п») says that a number names a task. */
function isPointWord(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at]
  if (token?.text === '.' || token?.text === '№')
    return token.text === '№' || /^(п|пп|пункт)$/u.test(tokens[at - 1]?.word ?? '')
  return (
    token?.kind === 'word' &&
    (/^пп?$/u.test(token.word) || meaningByStem(token.word) === 'point' || meaningOfPhrase(token.word) === 'point')
  )
}

/** A known day: behind or today it can be a day done, today or ahead a day asked for. */
function exactly(day: PlainDate, today: PlainDate): Readings {
  const order = Temporal.PlainDate.compare(day, today)
  return {
    side: order < 0 ? 'past' : order > 0 ? 'ahead' : 'either',
    done: order <= 0 ? day : null,
    due: order >= 0 ? day : null,
  }
}

function inYear(day: number, month: number, year: number, today: PlainDate): Readings | null {
  const date = dateOf(year < 100 ? 2000 + year : year, month, day)
  return date && exactly(date, today)
}

/**
 * A day without a year. Behind today it is this year's, ahead of today this year's; the other year is meant only where it is nearer
 * (in January «20 декабря» may be last month's).
 */
function inSomeYear(day: number, month: number, today: PlainDate): Readings | null {
  const here = dateOf(today.year, month, day)
  if (!here) return null
  const order = Temporal.PlainDate.compare(here, today)
  if (order === 0) return exactly(here, today)
  const there = dateOf(today.year - Math.sign(order), month, day)
  const nearer = there && Math.abs(there.since(today).days) < Math.abs(here.since(today).days) ? there : null
  const [done, due] = order < 0 ? [here, nearer] : [nearer, here]
  return { side: done && due ? 'either' : done ? 'past' : 'ahead', done, due }
}

/** «20-го»: the last 20th behind (or today) and the next one ahead. */
function inSomeMonth(day: number, today: PlainDate): Readings {
  const find = (step: 1 | -1): PlainDate | null => {
    for (let months = 0; months <= 2; months += 1) {
      const month = today.with({ day: 1 }).add({ months: months * step })
      const date = dateOf(month.year, month.month, day)
      if (date && Temporal.PlainDate.compare(date, today) * step >= 0) return date
    }
    return null
  }
  return { side: 'either', done: find(-1), due: find(1) }
}

function dateOf(year: number, month: number, day: number): PlainDate | null {
  if (month < 1 || month > 12 || day < 1 || day > 31) return null
  const date = Temporal.PlainDate.from({ year, month, day }, { overflow: 'constrain' })
  return date.day === day ? date : null
}
