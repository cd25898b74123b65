import type { PlainDate, PlainTime, Temporal } from '../kernel/clock.ts'
import { findWhen, readUntil, type Written } from './when.ts'

/** What the text of an announcement says. `wantsAnswer` null: it does not say. Days and times are local. */
export type ReadAnnouncement = {
  title: string
  when: Written
  place: string | null
  until: { day: PlainDate; time: PlainTime | null } | null
  places: number | null
  wantsAnswer: boolean | null
}

export const LONGEST_TITLE = 120
const LONGEST_PLACE = 300

const ASKED =
  /подтверд|подтвержд|зарегистр|регистрац|запишит|запись до|ответьте|ответить|жд[её]м (?:ваш )?ответ|сообщите|заявк/iu
const UNASKED =
  /(?:ответ\p{L}*|отвечать|подтвержд\p{L}*|регистраци\p{L}*) не (?:нуж|треб|надо)|для сведения|к сведению/iu
const PLACES = [
  /(?:количество мест|число мест|мест|число участников|количество участников)\s*[:—–-]\s*(\d{1,4})(?!\d)/iu,
  /не более\s+(\d{1,4})\s+(?:человек|участник|мест|слушател)/iu,
  /(?<!\d)(\d{1,4})\s+мест(?:о|а)?(?!\p{L})/iu,
]
const WHERE = [
  /^\P{L}*(?:место(?:\s+(?:проведения|встречи))?|где|адрес|ссылка(?:\s+для\s+\p{L}+)?|подключение)\s*[:—–-]\s*(.+)$/imu,
  /по\s+адресу:?\s+([^\n;]+?)(?=\.(?:\s|$)|[;\n]|$)/iu,
  /(?<!\p{L})((?:в|на)\s+(?:актов|конференц|мал|больш|читальн)\p{L}*[- ]?зал\p{L}*[^\n.;,]*)/iu,
  /(?<!\p{L})(на\s+базе\s+[^\n.;,]+)/iu,
]
const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;!?)]/iu

/** Reads the text of an announcement as a secretary would. `today` is the local day. What is not said is null, and to be asked. */
export function readAnnouncement(text: string, today: PlainDate): ReadAnnouncement {
  const clauses = clausesOf(text)
  const until = untilIn(clauses, today)
  const places = firstNumber(text, PLACES)
  return {
    title: titleOf(text),
    when: findWhen(
      clauses.map(({ event }) => event),
      today,
    ),
    place: placeIn(text),
    until,
    places,
    wantsAnswer: wantsAnswer(text, until !== null || places !== null),
  }
}

/** The first line of a text, cut at a word's end. */
export function titleOf(text: string): string {
  const line =
    text
      .split('\n')
      .map((one) => one.trim())
      .find((one) => /[\p{L}\d]/u.test(one)) ?? ''
  if (line.length <= LONGEST_TITLE) return line
  const sentence = /^.{10,118}?[.!?](?=\s)/u.exec(line)?.[0]
  const cut = line.slice(0, LONGEST_TITLE - 1)
  return (
    sentence ??
    `${cut
      .slice(0, Math.max(cut.lastIndexOf(' '), 60))
      .replace(/[\s,;:–—-]+$/u, '')
      .toWellFormed()}…`
  )
}

/** Each sentence of the text, parted into what it says of the event and what it asks to be answered by when. */
function clausesOf(text: string): { event: string; asking: string }[] {
  return text.split(/\n|[;!?]|\.(?=\s+[«"]?[А-ЯЁA-Z])/u).map((sentence) => {
    const asking = sentence.search(ASKED)
    const by = asking < 0 ? -1 : sentence.search(/(?<!\p{L})(?:до|не позднее|по)\s+\d/iu)
    if (asking < 0 || by < 0) return { event: sentence, asking: '' }
    const from = Math.min(asking, by)
    return { event: sentence.slice(0, from), asking: sentence.slice(from) }
  })
}

function untilIn(clauses: readonly { asking: string }[], today: PlainDate): ReadAnnouncement['until'] {
  for (const { asking } of clauses) {
    const words = /(?:до|не позднее|по)\s+(\d.*)$/isu.exec(asking)?.[1]
    const until = words === undefined ? null : readUntil(words, today)
    if (until) return until
  }
  return null
}

function placeIn(text: string): string | null {
  for (const pattern of WHERE) {
    const found = pattern
      .exec(text)?.[1]
      ?.trim()
      .replace(/[.,;]+$/u, '')
    if (found) return `${found.charAt(0).toUpperCase()}${found.slice(1, LONGEST_PLACE)}`.toWellFormed()
  }
  return LINK.exec(text)?.[0].slice(0, LONGEST_PLACE) ?? null
}

function wantsAnswer(text: string, isImplied: boolean): boolean | null {
  if (UNASKED.test(text)) return false
  return ASKED.test(text) || isImplied ? true : null
}

function firstNumber(text: string, patterns: readonly RegExp[]): number | null {
  for (const pattern of patterns) {
    const found = Number(pattern.exec(text)?.[1] ?? 0)
    if (found > 0) return found
  }
  return null
}

/** The moment meant by a deadline: the time that was said, else the end of work on that day. */
export function untilInstant(
  until: { day: PlainDate; time: PlainTime | null },
  endOfWork: PlainTime,
  zone: string,
): Temporal.Instant {
  return until.day.toZonedDateTime({ timeZone: zone, plainTime: until.time ?? endOfWork }).toInstant()
}
