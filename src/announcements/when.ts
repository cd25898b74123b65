import { type PlainDate, type PlainTime, Temporal } from '../kernel/clock.ts'

/** A date of an event as it was written: local days and times of day. */
export type WrittenMeeting = { starts: Temporal.PlainDateTime; ends: Temporal.PlainDateTime }

/** What words say of when: whole dates, and days for which no time of day is said. */
export type Written = { meetings: WrittenMeeting[]; daysWithoutTime: PlainDate[] }

/** An event whose end is not said lasts this long. */
const USUAL_MINUTES = 60
/** A day without a year that is past by no more is meant as past; an earlier one is meant in the next year. */
const PAST_DAYS = 60

const MONTHS = [
  'январ',
  'феврал',
  'март',
  'апрел',
  'ма',
  'июн',
  'июл',
  'август',
  'сентябр',
  'октябр',
  'ноябр',
  'декабр',
]
const MONTH =
  '(январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ья]|июл[ья]|августа?|(?:сент|окт|но|дек)[яа]бр[ья])(?!\\p{L})'
const WEEKDAYS = ['понедельник', 'вторник', 'сред', 'четверг', 'пятниц', 'суббот', 'воскресень']
const HOUR_ENDS = '(?=\\s*(?:$|[,.;:!?)\\n–—-]|час|ч[\\s.]|утра|дня|вечера|мск|по\\s|в\\s|во\\s|на\\s|до\\s))'

type Days = { kind: 'days'; days: PlainDate[]; to?: PlainDate; isWeekday?: boolean }
type Times = { kind: 'time'; start: PlainTime | null; end: PlainTime | null }
type Mention = Days | Times

type Reader = { pattern: RegExp; read(found: string[], today: PlainDate): Mention | null }

const reader = (pattern: string, read: Reader['read']): Reader => ({
  pattern: new RegExp(`(?<![\\d\\p{L}.])${pattern}`, 'uy'),
  read,
})

/** What is tried at each place of the words, the longest wording first. */
const READERS: Reader[] = [
  reader(
    `(?:с\\s+)?(\\d{1,2})\\s+${MONTH}\\s*(?:по|до|[-–—])\\s*(\\d{1,2})\\s+${MONTH}(?:\\s+(\\d{4}))?`,
    ([a = '', m = '', b = '', n = '', year], today) =>
      range(dayOf(a, monthOf(m), year, today), dayOf(b, monthOf(n), year, today)),
  ),
  reader(
    `(?:с\\s+)?(\\d{1,2})\\s*(?:по|[-–—])\\s*(\\d{1,2})\\s+${MONTH}(?:\\s+(\\d{4}))?`,
    ([a = '', b = '', m = '', year], today) =>
      range(dayOf(a, monthOf(m), year, today), dayOf(b, monthOf(m), year, today)),
  ),
  reader(
    'с\\s+(\\d{1,2})\\.(\\d{2})(?:\\.(\\d{4}))?\\s+по\\s+(\\d{1,2})\\.(\\d{2})(?:\\.(\\d{4}))?(?!\\d)',
    ([a = '', m = '', year, b = '', n = '', yearTo], today) =>
      range(dayOf(a, Number(m), year ?? yearTo, today), dayOf(b, Number(n), yearTo ?? year, today)),
  ),
  reader(
    `с\\s+(\\d{1,2})(?:[:.](\\d{2}))?\\s+до\\s+(\\d{1,2})(?:[:.](\\d{2}))?(?:\\s*час\\p{L}*)?(?![\\d.:]|\\s*${MONTH})`,
    ([h = '', m, k = '', n]) => times(timeOf(h, m), timeOf(k, n)),
  ),
  reader(
    '(?:в\\s+|с\\s+)?(\\d{1,2})[:.](\\d{2})\\s*(?:[-–—]|до)\\s*(\\d{1,2})[:.](\\d{2})(?![\\d.:])',
    ([h = '', m, k = '', n]) => times(timeOf(h, m), timeOf(k, n)),
  ),
  reader(`(\\d{1,2}(?:\\s*(?:,|и)\\s*\\d{1,2})*)\\s+${MONTH}(?:\\s+(\\d{4}))?`, ([list = '', m = '', year], today) =>
    days(list.split(/\D+/).map((one) => dayOf(one, monthOf(m), year, today))),
  ),
  reader(
    '(?:в|к|с|начало(?:\\s+в)?:?)\\s+(\\d{1,2})[:.](\\d{2})(?![\\d.])(?:\\s*(утра|дня|вечера))?',
    ([h = '', m, part]) => times(timeOf(h, m, part), null),
  ),
  reader('(\\d{1,2})\\.(\\d{2})(?:\\.(\\d{4}|\\d{2}))?(?!\\d|\\.\\d)', ([d = '', m = '', year], today) =>
    days([dayOf(d, Number(m), year?.length === 2 ? `20${year}` : year, today)]),
  ),
  reader(
    `(?:в|к|с|начало(?:\\s+в)?:?)\\s+(\\d{1,2})(?!\\d)(?!\\s*${MONTH})${HOUR_ENDS}(?:\\s*час\\p{L}*)?(?:\\s*(утра|дня|вечера))?`,
    ([h = '', , part]) => times(timeOf(h, undefined, part), null),
  ),
  reader('до\\s+(\\d{1,2})[:.](\\d{2})(?![\\d.])', ([h = '', m]) => times(null, timeOf(h, m))),
  reader('(\\d{1,2})[:.](\\d{2})(?![\\d.])', ([h = '', m]) => times(timeOf(h, m), null)),
  reader('(сегодня|завтра|послезавтра)(?!\\p{L})', ([word], today) =>
    days([today.add({ days: word === 'сегодня' ? 0 : word === 'завтра' ? 1 : 2 })]),
  ),
  reader(
    `во?\\s+(?:(следующ|эт|ближайш)\\p{L}+\\s+)?(${WEEKDAYS.join('|')})\\p{L}{0,2}(?!\\p{L})`,
    ([, name = ''], today) => {
      const wanted = WEEKDAYS.indexOf(name) + 1
      return { kind: 'days', days: [today.add({ days: ((wanted - today.dayOfWeek + 6) % 7) + 1 })], isWeekday: true }
    },
  ),
]

/**
 * When an event takes place, from words that say nothing else: «26 марта в 14:00», «в четверг в 10», «24–26 марта с 10 до 16», «12, 19 и 26 марта в 14:00». A day
 * without a year is the next such day from `today` on (one that has just passed is taken as past), a weekday the next one after today.
 */
export function readWhen(words: string, today: PlainDate): Written {
  return paired(mentionsIn(words, today))
}

/** The day and, where said, the time by which something is asked for: «24 марта», «24.03 в 12:00». Null where no day is said. */
export function readUntil(words: string, today: PlainDate): { day: PlainDate; time: PlainTime | null } | null {
  const mentions = mentionsIn(words, today)
  const day = mentions.find((mention) => mention.kind === 'days')?.days[0]
  const time = mentions.find((mention) => mention.kind === 'time')
  return day ? { day, time: time?.start ?? time?.end ?? null } : null
}

/**
 * When the event of a whole announcement takes place: the line that is headed «Когда» or «Дата», else the sentences that name a day and a time, else the first
 * that names a day, with the first time of the text.
 */
export function findWhen(sentences: readonly string[], today: PlainDate): Written {
  const headed = sentences.filter((sentence) =>
    /^\P{L}*(?:когда|дата|время)(?:\s+и\s+время)?(?:\s+проведения)?\s*[:—–-]/iu.test(sentence),
  )
  if (headed.length > 0) {
    const written = readWhen(headed.join(', '), today)
    if (written.meetings.length + written.daysWithoutTime.length > 0) return written
  }
  const read = sentences.map((sentence) => mentionsIn(sentence, today))
  const whole = read.filter((mentions) => hasDays(mentions) && mentions.some(({ kind }) => kind === 'time'))
  if (whole.length > 0) return paired(whole.flat())
  const [withDay] = read.filter(hasDays)
  if (!withDay) return { meetings: [], daysWithoutTime: [] }
  const time = read.flat().find((mention) => mention.kind === 'time')
  return paired(time ? [...withDay, time] : withDay)
}

function hasDays(mentions: readonly Mention[]): boolean {
  return mentions.some(({ kind }) => kind === 'days')
}

function mentionsIn(words: string, today: PlainDate): Mention[] {
  const text = words.toLowerCase().replaceAll('ё', 'е').replaceAll('\u00a0', ' ')
  const found: Mention[] = []
  for (let place = 0; place < text.length; ) {
    const mention = mentionAt(text, place, today)
    if (mention) found.push(mention.value)
    place = mention?.end ?? place + 1
  }
  const exact = found.some((mention) => mention.kind === 'days' && !mention.isWeekday)
  return exact ? found.filter((mention) => mention.kind !== 'days' || !mention.isWeekday) : found
}

function mentionAt(text: string, place: number, today: PlainDate): { value: Mention; end: number } | null {
  if (/(?<!\p{L})от\s+$/u.test(text.slice(Math.max(0, place - 5), place))) return skipped(text, place)
  for (const { pattern, read } of READERS) {
    pattern.lastIndex = place
    const match = pattern.exec(text)
    const value = match && read(match.slice(1), today)
    if (match && value) return { value, end: place + match[0].length }
  }
  return null
}

/** «приказ от 12.03.2026» names no day of the event. */
function skipped(text: string, place: number): { value: Mention; end: number } | null {
  const match = /^\d{1,2}(?:\.\d{2}(?:\.\d{2,4})?|\s+\p{L}+(?:\s+\d{4})?)/u.exec(text.slice(place))
  return match ? { value: { kind: 'time', start: null, end: null }, end: place + match[0].length } : null
}

/** Each day with the time that follows it; else the first time after it, else the last one before it. */
function paired(mentions: readonly Mention[]): Written {
  const meetings: WrittenMeeting[] = []
  const daysWithoutTime: PlainDate[] = []
  for (const [place, mention] of mentions.entries()) {
    if (mention.kind !== 'days') continue
    const time = timeFor(mentions, place)
    if (!time?.start) daysWithoutTime.push(...mention.days)
    else for (const day of mention.days) meetings.push(meetingOn(day, mention.to ?? day, time.start, time.end))
  }
  return { meetings: distinct(meetings), daysWithoutTime }
}

function timeFor(
  mentions: readonly Mention[],
  place: number,
): { start: PlainTime | null; end: PlainTime | null } | null {
  const isStart = (mention: Mention): mention is Times => mention.kind === 'time' && mention.start !== null
  const after = mentions.slice(place + 1)
  const start = after.find(isStart) ?? mentions.slice(0, place).findLast(isStart)
  if (!start) return null
  const next = mentions[mentions.indexOf(start) + 1]
  const end = start.end ?? (next?.kind === 'time' && next.start === null ? next.end : null)
  return { start: start.start, end }
}

function meetingOn(day: PlainDate, last: PlainDate, start: PlainTime, end: PlainTime | null): WrittenMeeting {
  const starts = day.toPlainDateTime(start)
  const usual = last.toPlainDateTime(start).add({ minutes: USUAL_MINUTES })
  const said = end ? last.toPlainDateTime(end) : usual
  return { starts, ends: Temporal.PlainDateTime.compare(said, starts) > 0 ? said : usual }
}

function distinct(meetings: readonly WrittenMeeting[]): WrittenMeeting[] {
  const byStart = new Map(meetings.map((meeting) => [meeting.starts.toString(), meeting]))
  return [...byStart.values()].sort((left, right) => Temporal.PlainDateTime.compare(left.starts, right.starts))
}

function range(from: PlainDate | null, to: PlainDate | null): Mention | null {
  if (!from || !to || Temporal.PlainDate.compare(from, to) > 0) return null
  return { kind: 'days', days: [from], to }
}

function days(found: (PlainDate | null)[]): Mention | null {
  const known = found.filter((day): day is PlainDate => day !== null)
  return known.length === found.length && known.length > 0 ? { kind: 'days', days: known } : null
}

function times(start: PlainTime | null, end: PlainTime | null): Mention | null {
  return start || end ? { kind: 'time', start, end } : null
}

function monthOf(name: string): number {
  if (/^ма[йя]$/.test(name)) return 5
  return MONTHS.findIndex((stem, index) => index !== 4 && name.startsWith(stem)) + 1
}

function timeOf(hours: string, minutes = '00', part?: string): PlainTime | null {
  const later = part === 'вечера' || part === 'дня'
  const hour = Number(hours) + (later && Number(hours) < 12 ? 12 : 0)
  return hour < 24 && Number(minutes) < 60 ? Temporal.PlainTime.from({ hour, minute: Number(minutes) }) : null
}

function dayOf(day: string, month: number, year: string | undefined, today: PlainDate): PlainDate | null {
  if (year !== undefined) return dateOf(Number(year), month, Number(day))
  const here = dateOf(today.year, month, Number(day))
  const isLongPast = here && Temporal.PlainDate.compare(here, today.subtract({ days: PAST_DAYS })) < 0
  return isLongPast || !here ? dateOf(today.year + 1, month, Number(day)) : here
}

function dateOf(year: number, month: number, day: number): PlainDate | null {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' })
  } catch {
    return null
  }
}
