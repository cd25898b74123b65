import type { Period } from '../deadlines/schedule.ts'
import { type PlainDate, Temporal } from '../kernel/clock.ts'
import type { Activity } from './roadmap.ts'

/** What of an activity differs between two versions of a roadmap. */
export type ChangedField = 'number' | 'section' | 'title' | 'deadline' | 'executors' | 'result'

/** What is compared: the document's words, and what they were understood as. */
export type Comparable = Pick<
  Activity,
  'number' | 'section' | 'title' | 'deadlineText' | 'schedule' | 'responsibleText' | 'executors' | 'expectedResult'
>

/** The difference of two versions of a roadmap, in the order of the newer one (`gone`: of the older). */
export type Comparison<Before extends Comparable, After extends Comparable> = {
  new: After[]
  changed: { before: Before; after: After; fields: ChangedField[] }[]
  gone: Before[]
  same: { before: Before; after: After }[]
}

/** From here on two titles under one number are the same activity reworded; under different numbers they must be nearly equal. */
const ALIKE = { sameNumber: 0.45, otherNumber: 0.8 }

/**
 * Compares two versions of a roadmap. Activities belong together when their titles are alike: nearly the same words anywhere, or under the same
 * number at least half of them. The most alike pairs are taken first, each activity once. Two equal versions differ in nothing.
 */
export function compareVersions<Before extends Comparable, After extends Comparable>(
  before: readonly Before[],
  after: readonly After[],
): Comparison<Before, After> {
  const partnerOf = pairsOf(before, after)
  const comparison: Comparison<Before, After> = { new: [], changed: [], gone: [], same: [] }
  const taken = new Set<Before>()
  for (const one of after) {
    const partner = partnerOf.get(one)
    if (!partner) comparison.new.push(one)
    else {
      taken.add(partner)
      const fields = changedFields(partner, one)
      if (fields.length === 0) comparison.same.push({ before: partner, after: one })
      else comparison.changed.push({ before: partner, after: one, fields })
    }
  }
  comparison.gone = before.filter((one) => !taken.has(one))
  return comparison
}

type Worded<Of> = { of: Of; words: Set<string>; text: string; at: number }
type Pair<Before, After> = { before: Worded<Before>; after: Worded<After>; score: number }

function pairsOf<Before extends Comparable, After extends Comparable>(
  before: readonly Before[],
  after: readonly After[],
): Map<After, Before> {
  const olds = before.map(worded)
  const pairs = after
    .map(worded)
    .flatMap((one) => olds.map((old) => ({ before: old, after: one, score: scoreOf(old, one) })))
    .filter(({ score }) => score > 0)
    .toSorted((left, right) => right.score - left.score || distance(left) - distance(right))
  const partners = new Map<After, Before>()
  const taken = new Set<Before>()
  for (const { before: old, after: one } of pairs) {
    if (taken.has(old.of) || partners.has(one.of)) continue
    partners.set(one.of, old.of)
    taken.add(old.of)
  }
  return partners
}

function worded<Of extends Comparable>(of: Of, at: number): Worded<Of> {
  return { of, at, text: folded(of.title), words: new Set(wordsOf(of.title)) }
}

function distance({ before, after }: Pair<unknown, unknown>): number {
  return Math.abs(before.at - after.at)
}

/** 0: not the same activity. The number, the section and the deadline decide between titles that are equally alike. */
function scoreOf(before: Worded<Comparable>, after: Worded<Comparable>): number {
  const sameNumber = before.of.number === after.of.number
  const alike = before.text === after.text ? 1 : likenessOf(before.words, after.words)
  if (alike < (sameNumber && before.of.number !== '' ? ALIKE.sameNumber : ALIKE.otherNumber)) return 0
  const sameSection = folded(before.of.section) === folded(after.of.section)
  const sameDeadline = folded(before.of.deadlineText) === folded(after.of.deadlineText)
  return alike + (sameNumber ? 0.3 : 0) + (sameSection ? 0.2 : 0) + (sameDeadline ? 0.1 : 0)
}

/** How alike two sets of words are, from 0 to 1 (Dice): titles are long, and an edit changes a few words of them. */
function likenessOf(left: Set<string>, right: Set<string>): number {
  const sizes = left.size + right.size
  if (sizes === 0 || Math.min(left.size, right.size) * 2 < sizes * ALIKE.sameNumber) return 0
  return (2 * left.intersection(right).size) / sizes
}

/** The words of a title by their beginnings, so that a changed ending is no other word. */
function wordsOf(title: string): string[] {
  return (folded(title).match(/[\p{L}\d]+/gu) ?? []).filter((word) => word.length > 2).map((word) => word.slice(0, 6))
}

function folded(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim()
}

/** What differs between an activity and its newer version; punctuation, letter case and spaces do not count. */
export function changedFields(before: Comparable, after: Comparable): ChangedField[] {
  const differs: Record<ChangedField, boolean> = {
    number: before.number !== after.number,
    section: folded(before.section) !== folded(after.section),
    title: folded(before.title) !== folded(after.title),
    deadline: folded(before.deadlineText) !== folded(after.deadlineText) || windowsOf(before) !== windowsOf(after),
    executors:
      folded(before.responsibleText) !== folded(after.responsibleText) ||
      before.executors.toSorted().join() !== after.executors.toSorted().join(),
    result: folded(before.expectedResult) !== folded(after.expectedResult),
  }
  return (Object.keys(differs) as ChangedField[]).filter((field) => differs[field])
}

function windowsOf({ schedule }: Comparable): string {
  return schedule.windows.map(({ from, due }) => `${from}/${due}`).join()
}

/** From this share of common activities on, two documents of one time are versions of each other. */
const COMMON_SHARE = 0.5

/** Whether `after` is probably a newer version of `before`: they speak of the same time, and half of the shorter one is in both. */
export function isLikelyVersion(
  before: { period: Period | null; activities: readonly Comparable[] },
  after: { period: Period | null; activities: readonly Comparable[] },
): boolean {
  const shorter = Math.min(before.activities.length, after.activities.length)
  if (shorter === 0 || !before.period || !after.period || !overlaps(before.period, after.period)) return false
  const { changed, same } = compareVersions(before.activities, after.activities)
  return changed.length + same.length >= shorter * COMMON_SHARE
}

/** Whether two periods have at least half of the shorter one in common: a plan for the next year is another plan. */
function overlaps(left: Period, right: Period): boolean {
  const [latestFrom, earliestTo] = [later(left.from, right.from), earlier(left.to, right.to)]
  const common = latestFrom.until(earliestTo, { largestUnit: 'day' }).days + 1
  return common * 2 >= Math.min(lengthOf(left), lengthOf(right))
}

function lengthOf({ from, to }: Period): number {
  return from.until(to, { largestUnit: 'day' }).days + 1
}

function later(left: PlainDate, right: PlainDate): PlainDate {
  return Temporal.PlainDate.compare(left, right) >= 0 ? left : right
}

function earlier(left: PlainDate, right: PlainDate): PlainDate {
  return Temporal.PlainDate.compare(left, right) <= 0 ? left : right
}
