import { parseZone, russianZones } from '../calendar/zones.ts'
import { type PlainTime, Temporal } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import { defaultReminderPolicy, parseReminderPolicy, type ReminderPolicy } from '../reminders/policy.ts'
import { policyInWords } from '../reminders/policy-in-words.ts'
import type { Municipality } from './people.ts'

/** What a coordinator may set. Each is kept, shown, typed, checked and taken back by itself. */
export const SETTINGS = [
  'timezone',
  'hours',
  'reminder-slot',
  'digest-slot',
  'policy',
  'evidence',
  'announcements',
  'language',
] as const
export type Setting = (typeof SETTINGS)[number]

/** The columns of a municipality that a setting changes, as JSON: times as HH:MM. What is kept to be taken back. */
export type SettingValue = Record<string, unknown>

export type SettingRefusal =
  | { code: 'not-understood'; found: string }
  | { code: 'out-of-hours'; found: string; from: string; to: string }
  | { code: 'hours-reversed'; found: string }
  | { code: 'too-many'; found: string; most: number }

/** Nobody is written to before eight or from nine in the evening on: the slots lie between. */
const QUIET = { until: Temporal.PlainTime.from('08:00'), from: Temporal.PlainTime.from('21:00') }
const MOST_ANNOUNCEMENTS = 20

/** The present value of `setting`. */
export function settingValue(municipality: Municipality, setting: Setting): SettingValue {
  switch (setting) {
    case 'timezone':
      return { timezone: municipality.timezone }
    case 'hours':
      return { workFrom: clock(municipality.workFrom), workTo: clock(municipality.workTo) }
    case 'reminder-slot':
      return { reminderSlot: clock(municipality.reminderSlot) }
    case 'digest-slot':
      return { digestSlot: clock(municipality.digestSlot) }
    case 'policy':
      return { reminderPolicy: municipality.reminderPolicy }
    case 'evidence':
      return { evidenceRequired: municipality.evidenceRequired }
    case 'announcements':
      return { announcementsPerDay: municipality.announcementsPerDay }
    case 'language':
      return { locale: municipality.locale }
  }
}

/** What `words`, typed by a coordinator or named by a button, make of `setting`; or why they cannot be taken. */
export function settingInWords(
  municipality: Municipality,
  setting: Setting,
  words: string,
): Result<SettingValue, SettingRefusal> {
  switch (setting) {
    case 'timezone':
      return zoneInWords(words)
    case 'hours':
      return hoursInWords(words)
    case 'reminder-slot':
      return slotInWords(words, 'reminderSlot')
    case 'digest-slot':
      return slotInWords(words, 'digestSlot')
    case 'policy':
      return policyOf(words, policyNow(municipality))
    case 'evidence':
      return yesOrNo(words, 'evidenceRequired')
    case 'announcements':
      return countInWords(words)
    case 'language':
      return languageInWords(words)
  }
}

/** The reminder policy that a municipality follows; one that was stored and cannot be read any more gives way to the default. */
export function policyNow(municipality: Pick<Municipality, 'reminderPolicy'>): ReminderPolicy {
  const parsed = parseReminderPolicy(municipality.reminderPolicy ?? {})
  return parsed.ok ? parsed.value : defaultReminderPolicy
}

function zoneInWords(words: string): Result<SettingValue, SettingRefusal> {
  const typed = words.trim().toLowerCase().replaceAll('ё', 'е')
  const known = russianZones.find(({ zone, ru, en }) =>
    [zone, ru.split(' ')[0], en.split(' ')[0]].some((name) => name?.toLowerCase() === typed),
  )
  const parsed = known ? ok(known.zone) : parseZone(words)
  return parsed.ok && parsed.value.includes('/') ? ok({ timezone: parsed.value }) : notUnderstood(words)
}

function hoursInWords(words: string): Result<SettingValue, SettingRefusal> {
  const [from, to, ...others] = timesIn(words)
  if (!from || !to || others.length > 0) return notUnderstood(words)
  if (Temporal.PlainTime.compare(from, to) >= 0) return refuse({ code: 'hours-reversed', found: words.trim() })
  return ok({ workFrom: clock(from), workTo: clock(to) })
}

function slotInWords(words: string, column: string): Result<SettingValue, SettingRefusal> {
  const [time, ...others] = timesIn(words)
  if (!time || others.length > 0) return notUnderstood(words)
  const quiet = Temporal.PlainTime.compare(time, QUIET.until) < 0 || Temporal.PlainTime.compare(time, QUIET.from) >= 0
  if (quiet)
    return refuse({ code: 'out-of-hours', found: clock(time), from: clock(QUIET.until), to: clock(QUIET.from) })
  return ok({ [column]: clock(time) })
}

/** Every time of day in `words`: «9», «9:30», «09.30», «9 ч 30 мин»; any word besides «с», «до», «в», «часов» and the like makes it none. */
function timesIn(words: string): PlainTime[] {
  const left = words
    .toLowerCase()
    .replace(/(\d)\s*(?:ч|час|часа|часов)\.?\s+(\d{1,2})\s*(?:м|мин|минут)(?!\p{L})\.?/gu, '$1:$2')
    .replace(/(?<!\p{L})(?:с|до|в|и|по|от|утра|часов|часа|час|ч)(?!\p{L})/gu, ' ')
  if (/[^\d\s:.,–—-]/u.test(left)) return []
  return [...left.matchAll(/(?<!\d)(\d{1,2})(?:[:.](\d{2}))?(?!\d)/g)].flatMap(([, hour, minute]) => {
    const time = { hour: Number(hour), minute: Number(minute ?? 0) }
    return time.hour < 24 && time.minute < 60 ? [Temporal.PlainTime.from(time)] : []
  })
}

function policyOf(words: string, present: ReminderPolicy): Result<SettingValue, SettingRefusal> {
  const parsed = policyInWords(words, present)
  if (parsed.ok) return ok({ reminderPolicy: parsed.value })
  return parsed.refusal.code === 'not-understood'
    ? notUnderstood(parsed.refusal.found)
    : refuse({ code: 'too-many', found: words.trim(), most: 366 })
}

function yesOrNo(words: string, column: string): Result<SettingValue, SettingRefusal> {
  const typed = words.trim().toLowerCase()
  if (/^(да|нужно|обязательно|yes)$/u.test(typed)) return ok({ [column]: true })
  return /^(нет|не нужно|необязательно|no)$/u.test(typed) ? ok({ [column]: false }) : notUnderstood(words)
}

function countInWords(words: string): Result<SettingValue, SettingRefusal> {
  const [figures] = /^\s*\d{1,4}\s*$/.exec(words) ?? []
  if (figures === undefined) return notUnderstood(words)
  const count = Number(figures)
  if (count > MOST_ANNOUNCEMENTS) return refuse({ code: 'too-many', found: String(count), most: MOST_ANNOUNCEMENTS })
  return ok({ announcementsPerDay: count })
}

function languageInWords(words: string): Result<SettingValue, SettingRefusal> {
  const typed = words.trim().toLowerCase()
  if (/^(ru|русский|по-русски)$/u.test(typed)) return ok({ locale: 'ru' })
  return /^(en|english|английский)$/u.test(typed) ? ok({ locale: 'en' }) : notUnderstood(words)
}

function notUnderstood(words: string): Result<never, SettingRefusal> {
  return refuse({ code: 'not-understood', found: words.trim() })
}

/** A time of day as HH:MM. */
export function clock(time: PlainTime): string {
  return time.toString({ smallestUnit: 'minute' })
}
