import { type Result, refuse } from '../kernel/result.ts'
import { type PolicyRefusal, parseReminderPolicy, type ReminderPolicy } from './policy.ts'

export type PolicyWordsRefusal = PolicyRefusal | { code: 'not-understood'; found: string }

/** Ready policies for buttons, from the one that leaves people in peace to the one that does not. */
export const policyPresets = {
  gentle: { before: [7, 0], after: [3], thenEveryDays: 14, until: 42, curatorAfter: 7, coordinatorAfter: 21 },
  usual: { before: [14, 3, 0], after: [1, 3, 7], thenEveryDays: 7, until: 56, curatorAfter: 3, coordinatorAfter: 14 },
  strict: {
    before: [30, 14, 7, 3, 1, 0],
    after: [1, 2, 3, 5],
    thenEveryDays: 3,
    until: 90,
    curatorAfter: 1,
    coordinatorAfter: 7,
  },
} as const satisfies Record<string, ReminderPolicy | object>

type Field = keyof ReminderPolicy

/** What a clause speaks of, by its first telling word; the most particular first. A clause without one goes on with the field before it. */
const FIELDS: readonly (readonly [Field, RegExp])[] = [
  ['curatorAfter', /куратор/iu],
  ['coordinatorAfter', /координатор/iu],
  [
    'until',
    /не\s+(?:дольше|позже)|не\s+более\s+чем|(?:^|\s)пока\s+не\s+прош|(?:^|\s)до\s+\d+\s*(?:дн|день|сут|нед|мес)|в\s+течение/iu,
  ],
  ['thenEveryDays', /кажд|раз\s+в|ежедневно|еженедельно|повтор/iu],
  ['after', /после|просроч|через|спустя|потом/iu],
  ['before', /(?:^|\s)за(?:\s|$)|заранее|до\s+срока|накануне|в\s+(?:день\s+срока|срок)|не\s+напоминать/iu],
]

/**
 * The policy that plain words ask for, over `present`: what they do not mention stays. «за 10, 3 и 0 дней» · «после срока через 1, 3 и 7 дней, затем
 * каждую неделю, не дольше 30 дней» · «куратору через 5 дней». Words that it cannot place are refused, never guessed.
 */
export function policyInWords(words: string, present: ReminderPolicy): Result<ReminderPolicy, PolicyWordsRefusal> {
  const found: Partial<Record<Field, number[]>> = {}
  let field: Field | null = null
  for (const clause of clausesOf(words)) {
    field = FIELDS.find(([, telling]) => telling.test(clause))?.[0] ?? field
    const days = daysIn(clause, field)
    if (!field || !days) return refuse({ code: 'not-understood', found: clause.trim() })
    found[field] = [...(found[field] ?? []), ...days]
  }
  if (Object.keys(found).length === 0) return refuse({ code: 'not-understood', found: words.trim() })
  return parseReminderPolicy({ ...present, ...merged(found) })
}

/** A comma or «и» between numbers joins them; before a telling word it begins a new clause. */
function clausesOf(words: string): string[] {
  const folded = words.replace(/\s+/g, ' ').trim()
  return folded
    .split(
      /[;.\n]|,\s*(?=\p{L})|\s+(?:и|а|но)\s+(?=(?:за|через|после|потом|затем|каждую?|каждый|куратор|координатор|не|в)(?:\s|\p{L}))|\s+(?=(?:потом|затем|далее)\s)/iu,
    )
    .filter((clause) => clause.trim() !== '')
}

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^нед/iu, 7],
  [/^мес/iu, 30],
]
const NUMBERS: Record<string, number> = {
  один: 1,
  одну: 1,
  два: 2,
  две: 2,
  три: 3,
  четыре: 4,
  пять: 5,
  семь: 7,
  десять: 10,
}
const WORD = /(\d+)|(\p{L}+)/gu
/** Words that add nothing to a clause. */
const FILLING =
  /^(?:за|и|а|в|во|на|до|не|ни|дня|дней|день|дню|сутки|суток|после|потом|затем|далее|через|спустя|срока|срок|сроку|куратору?|куратора|координатору?|координатора|напоминать|напоминай|напоминайте|напомни|напоминание|сообщать|заранее|еще|ещё|раз|каждый|каждую|каждые|каждое|дольше|позже|более|чем|течение|просрочки|просроченных|просрочено|повторять|повтор|сам|самого|наступления|а|также)$/iu

/** The numbers of days in a clause; null where a word of it is not known or no number is said. */
function daysIn(clause: string, field: Field | null): number[] | null {
  const special = specialDays(clause, field)
  if (special) return special
  const days: number[] = []
  let waiting: number[] = []
  for (const [, figures, word] of clause.matchAll(WORD)) {
    const number = figures === undefined ? NUMBERS[word!.toLowerCase()] : Number(figures)
    const unit = word === undefined ? undefined : UNITS.find(([pattern]) => pattern.test(word))?.[1]
    if (number !== undefined) waiting.push(number)
    else if (unit !== undefined) {
      days.push(...(waiting.length > 0 ? waiting : [1]).map((count) => count * unit))
      waiting = []
    } else if (/^(день|сутки|дню)$/iu.test(word!) && waiting.length === 0) days.push(1)
    else if (!FILLING.test(word!)) return null
  }
  days.push(...waiting)
  return days.length > 0 ? days : null
}

function specialDays(clause: string, field: Field | null): number[] | null {
  if (field === 'before' && /^\s*(?:и\s+)?в\s+(?:сам\S*\s+)?(?:день(?:\s+срока)?|срок)\s*$/iu.test(clause)) return [0]
  if (field === 'before' && /^\s*накануне\s*$/iu.test(clause)) return [1]
  if (field === 'before' && /не\s+напоминать\s+(?:заранее|до\s+срока)/iu.test(clause)) return []
  if (field === 'after' && /не\s+напоминать\s+после/iu.test(clause)) return []
  if (field === 'thenEveryDays' && /не\s+повтор/iu.test(clause)) return [0]
  if (field === 'thenEveryDays' && /ежедневно|каждый\s+день/iu.test(clause)) return [1]
  return field === 'thenEveryDays' && /еженедельно/iu.test(clause) ? [7] : null
}

/** Lists stay lists; of the other fields the last number said counts. */
function merged(found: Partial<Record<Field, number[]>>): Partial<Record<Field, number | number[]>> {
  return Object.fromEntries(
    Object.entries(found).map(([field, days]) => [field, field === 'before' || field === 'after' ? days : days.at(-1)]),
  )
}
