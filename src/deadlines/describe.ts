import type { PlainDate } from '../kernel/clock.ts'
import { readSchedule } from './read-schedule.ts'
import type { Period, Schedule, Window } from './schedule.ts'
import { date, isSame } from './units.ts'

const MONTHS = 'января февраля марта апреля мая июня июля августа сентября октября ноября декабря'.split(' ')
const SHORT_MONTHS = 'янв. фев. марта апр. мая июня июля авг. сент. окт. нояб. дек.'.split(' ')
const MONTH_NAMES = 'январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь'.split(' ')

/**
 * `schedule` in plain Russian, such as «до 30 апреля 2023 г.» or «каждый квартал». With the `period` in which it was read, beginnings
 * and repetitions are named by their rule; without it every window is written out. Read again in the same period, the words give the same windows.
 */
export function describeSchedule(schedule: Schedule, period?: Period): string {
  if (schedule.kind === 'unscheduled') return 'по отдельному графику'
  if (schedule.kind === 'unspecified') return 'срок не понят'
  const rule = period && schedule.kind !== 'fixed' && ruleOf(schedule, period)
  if (rule) return rule
  const written = schedule.windows.map((window) => windowText(window, period)).join('; ')
  return schedule.kind === 'ongoing' ? `постоянно: ${written}` : written
}

/** Words of which each gives the windows of a rule of its own. */
const ONGOING = ['постоянно', 'в течение года', 'в течение учебного года']
const REPEATED = [
  'каждый год',
  'каждый учебный год',
  'каждое полугодие',
  'каждый квартал',
  'каждый месяц',
  'каждую неделю',
  'каждую четверть',
  'каждый триместр',
  '2 раза в месяц',
  'раз в 2 месяца',
  'последний день каждого месяца',
  'каждый понедельник',
  'каждый вторник',
  'каждую среду',
  'каждый четверг',
  'каждую пятницу',
  'каждую субботу',
  'каждое воскресенье',
]

/** The words of a rule that gives exactly these windows in `period`, if there are any. */
function ruleOf(schedule: Schedule, period: Period): string | null {
  const rules = schedule.kind === 'ongoing' ? ONGOING : [...REPEATED, ...rulesLike(schedule.windows, period)]
  return rules.find((words) => hasSameWindows(readSchedule(words, period), schedule)) ?? null
}

/** Rules that the windows look like: a day of each month, a time of each year. */
function rulesLike(windows: Window[], period: Period): string[] {
  const { from, due } = (windows[1] ?? windows[0])!
  const byDay = from.day === due.day ? `${due.day} числа каждого месяца` : `до ${due.day} числа каждого месяца`
  const eachYear = `ежегодно ${dayAndMonth(from)} – ${dayAndMonth(due)}`
  const untilEachYear = `ежегодно до ${dayAndMonth(due)}`
  return windows.length > 1 || period.from.year === period.to.year ? [byDay, untilEachYear, eachYear] : []
}

function hasSameWindows(one: Schedule, other: Schedule): boolean {
  return (
    one.windows.length === other.windows.length &&
    one.windows.every((window, index) => isSame(window, other.windows[index]!))
  )
}

function windowText({ from, due }: Window, period: Period | undefined): string {
  if (from.equals(due)) return `${dayAndMonth(due)} ${due.year} г.`
  if (period && from.equals(period.from) && !isWholeMonth({ from, due })) return `до ${dayAndMonth(due)} ${due.year} г.`
  if (from.year !== due.year) return `${dayAndMonth(from)} ${from.year} г. – ${dayAndMonth(due)} ${due.year} г.`
  if (from.month !== due.month) return `${dayAndMonth(from)} – ${dayAndMonth(due)} ${due.year} г.`
  return `${from.day}–${dayAndMonth(due)} ${due.year} г.`
}

function dayAndMonth({ day, month }: PlainDate): string {
  return `${day} ${MONTHS[month - 1]}`
}

function isWholeMonth({ from, due }: Window): boolean {
  return from.day === 1 && due.equals(date(from.year, from.month, 31))
}

const LONGEST_LABEL = 30

/**
 * `schedule` in at most 30 characters, for a button: «до 30 апреля 2023», «март 2023», «4 срока, до 31 дек. 2023». `period` is the one in which it
 * was read, so that work which simply begins with it is named by its end.
 */
export function shortLabel(schedule: Schedule, period?: Period): string {
  if (schedule.kind === 'unscheduled') return 'Без срока'
  const last = schedule.windows.at(-1)
  if (schedule.kind === 'unspecified' || !last) return 'Срок не понят'
  if (schedule.windows.length === 1) return windowLabel(last, period)
  const all = schedule.windows.map((window) => windowLabel(window, period)).join(', ')
  const counted = `${schedule.windows.length} ${termsWord(schedule.windows.length)}, до ${shortDay(last.due)} ${last.due.year}`
  return all.length <= LONGEST_LABEL ? all : counted
}

function windowLabel({ from, due }: Window, period: Period | undefined): string {
  if (from.equals(due)) return `${dayAndMonth(due)} ${due.year}`
  if (isWholeMonth({ from, due })) return `${MONTH_NAMES[due.month - 1]} ${due.year}`
  if (period && from.equals(period.from)) return `до ${dayAndMonth(due)} ${due.year}`
  if (from.year !== due.year) return `${shortDay(from)} ${from.year} – ${shortDay(due)} ${due.year}`
  if (from.month !== due.month) return `${shortDay(from)} – ${shortDay(due)} ${due.year}`
  return `${from.day}–${dayAndMonth(due)} ${due.year}`
}

function shortDay({ day, month }: PlainDate): string {
  return `${day} ${SHORT_MONTHS[month - 1]}`
}

const PLURAL = new Intl.PluralRules('ru')

function termsWord(count: number): string {
  return { one: 'срок', few: 'срока', many: 'сроков', other: 'срока', zero: 'сроков', two: 'срока' }[
    PLURAL.select(count)
  ]
}
