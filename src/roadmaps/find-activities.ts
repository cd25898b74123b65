import type { Activity } from './roadmap.ts'

/**
 * The activities that `words` mean: the one with exactly that number, those numbered below it («2» finds 2.1), or those whose title, executor
 * or section has all of the words, by their beginnings.
 */
export function findActivities<Found extends Pick<Activity, 'number' | 'title' | 'section' | 'responsibleText'>>(
  activities: readonly Found[],
  words: string,
): Found[] {
  const number = words
    .trim()
    .replace(/^(?:п(?:ункт)?\.?|№)\s*/i, '')
    .replace(/[.)]$/, '')
  const exact = activities.filter((activity) => activity.number !== '' && activity.number === number)
  if (exact.length > 0) return exact
  const below = activities.filter((activity) => /^\d/.test(number) && activity.number.startsWith(`${number}.`))
  if (below.length > 0) return below
  const wanted = stemsOf(words)
  if (wanted.length === 0) return []
  return activities.filter(({ title, section, responsibleText }) => {
    const own = stemsOf(`${title} ${section} ${responsibleText}`)
    return wanted.every((stem) =>
      own.some((word) => word.startsWith(stem) || (word.length > 4 && stem.startsWith(word))),
    )
  })
}

/** Words without the endings that declension puts behind them. */
function stemsOf(text: string): string[] {
  const words =
    text
      .toLowerCase()
      .replaceAll('ё', 'е')
      .match(/[\p{L}\d]+/gu) ?? []
  return words
    .filter((word) => word.length > 1)
    .map((word) => (word.length > 5 ? word.slice(0, Math.max(5, word.length - 3)) : word))
}
