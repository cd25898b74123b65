import type { Window } from './schedule.ts'
import type { Rhythm } from './units.ts'

export type Unit =
  | 'year'
  | 'school-year'
  | 'half'
  | 'quarter'
  | 'term' // четверть: the school's quarter
  | 'trimester'
  | 'month'
  | 'ten-days' // декада
  | 'half-of' // половина
  | 'week'
  | 'day'
  | 'period' // the roadmap's own span

/** A run of numbers or years as it was written: «1, 3–5» is two runs. */
export type Run = { first: number; last: number }

/** A year that was named: a calendar year, or the school year that begins in September of `year`. */
export type NamedYear = { year: number; school: boolean }

/**
 * How a stretch of the calendar is used: it is the time itself (`at`), the work runs through it (`during`), its last day is the due date
 * (`until`), the day before it is (`before`), or the work begins with it (`since`) or after it (`after`).
 */
export type Role = 'at' | 'during' | 'until' | 'before' | 'since' | 'after'

/** How long a piece is, roughly; tells a point in the year from a span of work. */
export type Grain = 'day' | 'part' | 'month' | 'season' | 'quarter' | 'term' | 'half' | 'range' | 'year' | 'school-year'

/** A stretch of the calendar, such as «15 марта» or «II квартал», with the years that were said for it, if any. */
export type Piece = {
  /** The stretch that begins in calendar year `year`; `academic` where the plan or the words speak of school halves. */
  span: (year: number, academic: boolean) => Window
  years: NamedYear[]
  grain: Grain
  role: Role
  doubt: boolean
  /** Due before the stretch or by its end: both are meant by people who write so («до мая»). */
  edgeUnclear: boolean
  /** The day that was written as its last, to notice the 31st of June. */
  lastDay?: number
  /** The part of a longer stretch that it is, if any. */
  part?: Part
}

/** A part of a longer stretch, such as «последняя пятница» or «до 5 числа», still looking for it. */
export type Part = {
  of: (whole: Window) => Window
  /** The unit that it is a part of when the phrase does not say. */
  unit: Unit
  doubt: boolean
  /** A number of a day, which is that of a month: of a longer stretch one cannot be sure which month. */
  dayNumber?: boolean
  /** Said to come again and again, though not in which rhythm: «до 5 числа следующего месяца». */
  repeats?: boolean
}

type NodeOf = {
  numbers: { runs: Run[]; ordinal: boolean }
  years: { runs: Run[]; school: boolean }
  date: { day: number; month: number; year: number | undefined }
  month: { month: number }
  season: { season: 'winter' | 'spring' | 'summer' | 'autumn' | 'cold' }
  unit: { unit: Unit; abbreviated: boolean; plural: boolean }
  weekday: { weekday: number }
  'day-word': object // «числа»
  'days-word': object // «в первых числах»
  last: { back: number } // последний is 0 back, предпоследний 1
  edge: { edge: 'start' | 'middle' | 'end' }
  academic: object // учебный
  each: object
  every: { rhythm: Rhythm; times: number; parts: Part[]; adverb: boolean; doubt: boolean }
  daily: object
  times: { count: number | undefined }
  until: object // до
  'not-later': object
  by: object // к
  through: object // по
  since: object // с
  after: object // после
  'not-before': object
  within: object // в течение
  whole: object // весь
  per: object // за
  next: object // следующий
  reporting: object // отчётный
  inclusive: object
  later: object // далее
  constantly: object
  realization: object // реализации, действия
  ongoing: { of: 'period' | 'year' | 'school-year'; doubt: boolean }
  event: { adds: boolean; holidays: boolean; doubt: boolean }
  opener: { adds: boolean } // a word that begins a clause about an event
  'event-word': { adds: boolean; holidays: boolean }
  finish: object // окончание, завершение
  report: object
  working: object // рабочий
  except: object // кроме
  doubtful: object // примерно, или
  unscheduled: object
  piece: Piece
  part: Part
  comma: object
  semicolon: object
  colon: object
  and: object
  dash: object
  slash: object
  open: object
  close: object
  word: { text: string; capitals: boolean }
}

export type Kind = keyof NodeOf
export type NodeOfKind<K extends Kind> = { [Each in K]: { kind: Each } & NodeOf[Each] }[K]

/** What a phrase is made of while it is read: first the words, then what the rules made of them. */
export type Node = NodeOfKind<Kind>
