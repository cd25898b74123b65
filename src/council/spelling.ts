const LONGEST_ENDING = 3
const SAME_BUT_FLEETING = 0.95
const CUT_SHORT = 0.6
const SHORT_LIKENESS = 0.6

/**
 * How near a known stem is to an asked one that is not known itself: 1 the same, 0 another word.
 * `typed` is the whole word as it was typed: where the slip is in its ending, the stem still carries it.
 */
export function nearness(stem: string, typed: string, known: string): number {
  if (stem === known) return 1
  if (isSameButFleeting(stem, known)) return SAME_BUT_FLEETING
  if (stem.length >= 4 && known.startsWith(stem) && known.length > stem.length + 2)
    return Math.max(CUT_SHORT, kinship(stem, known))
  return Math.max(kinship(stem, known), likeness(stem, typed, known))
}

/** Whether the two are forms of one word, of which one has a vowel that the other drops: «кошк» and «кошек», «справк» and «справок». */
function isSameButFleeting(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return short.length >= 3 && long.length === short.length + 1 && long.replace(/[ое]([^аеиоуыэюя])$/, '$1') === short
}

/** How near two stems are as relatives («оплат» and «оплачива»), by the letters that they begin with, a prefix that only one of them has aside: «отпуск» is no «пропуск». 0 to 0.78. */
export function kinship(stem: string, known: string): number {
  const whole = sharedBeginning(stem, known)
  if (whole > 0) return whole
  const [bareStem, bareKnown] = [withoutPrefix(stem), withoutPrefix(known)]
  const bothPrefixed = bareStem !== stem && bareKnown !== known
  return bothPrefixed ? 0 : 0.85 * sharedBeginning(bareStem, bareKnown)
}

/** How near a word with one slip (two in a long word) is to a known stem. 0 to 0.9; short words must not be stretched. */
export function likeness(stem: string, typed: string, known: string): number {
  if (!/^\p{L}{4,}$/u.test(typed) || known.length < 3 || /\d/.test(known)) return 0
  if (known.length <= 4) return shortLikeness(stem, known)
  const slips = Math.min(slipsBetween(stem, known), slipsBefore(typed, known))
  if (slips > (known.length >= 9 ? 2 : 1)) return 0
  if (known.length >= 7) return 0.95 - 0.1 * (slips - 1)
  return 0.85
}

/** A short stem is one slip away from many: only one that begins and ends alike, or has two letters swapped, is taken for it. */
function shortLikeness(stem: string, known: string): number {
  if (stem.length < 3 || known.length + stem.length < 7 || slipsBetween(stem, known) > 1) return 0
  const beginsAlike = stem[0] === known[0]
  const endsAlike = stem.at(-1) === known.at(-1) || stem.length > known.length
  return (beginsAlike && endsAlike) || isSwap(stem, known) ? SHORT_LIKENESS : 0
}

function isSwap(a: string, b: string): boolean {
  return a.length === b.length && [...a].sort().join('') === [...b].sort().join('')
}

function sharedBeginning(a: string, b: string): number {
  if (sameRoot(a, b)) return SAME_ROOT
  const shorter = Math.min(a.length, b.length)
  const longer = Math.max(a.length, b.length)
  let same = 0
  while (same < shorter && a[same] === b[same]) same++
  if (same < 4 || same < shorter - 2 || same < longer * 0.5) return 0
  const share = (2 * same) / (shorter + longer)
  return share >= 0.66 ? 0.75 * share : 0
}

const SAME_ROOT = 0.78
/** What makes a verb, a thing or a quality of a root; longest first. */
const SUFFIX =
  /(изирован|изирова|ирован|ирова|ительн|ительств|ывани|ивани|ыван|иван|ован|еван|ательн|ательств|тельств|ыва|ива|лен|ени|ани|ова|ева|аци|ици|яци|ств|ник|чик|щик|тел|ост|ующ|ающ|ющ|ащ|янн|анн|енн|онн|ионн|ац|яц|иц|ен|ан|ян|он|ск|ок|ек|ик|ят|ит|ат|ет|ил|ал|ял|н|к|л|т|ь|а|и|е|у|я|ю)$/

/** Whether two stems are one root with other suffixes: «отслеживан» and «отслед», «рефинанс» and «рефинансирован». */
function sameRoot(a: string, b: string): boolean {
  const [rootsA, rootsB] = [rootsOf(a), rootsOf(b)]
  return rootsA.some((root) => rootsB.includes(root))
}

/** The stem, and what is left of it without one suffix, and without two: at least four letters. The last consonant stands for those it alternates with («отслеж», «отслед»). */
function rootsOf(stem: string): string[] {
  const roots = [stem]
  for (let root = stem, cut = 0; cut < 2; cut++) {
    const shorter = root.replace(SUFFIX, '')
    if (shorter === root || shorter.length < 4) break
    roots.push(shorter)
    root = shorter
  }
  return [
    ...new Set(
      roots.map((root) =>
        root
          .replace(/(ст|ск|щ|[тцкч])$/, 'т')
          .replace(/(зд|[джзг])$/, 'д')
          .replace(/[сшх]$/, 'с'),
      ),
    ),
  ]
}

const PREFIX =
  /^(пере|пред|при|про|подо|под|рас|раз|вос|воз|вз|вы|до|за|из|ис|на|обо|об|ото|от|по|со|с|у|о)(?=[а-я]{4})/

function withoutPrefix(stem: string): string {
  return stem.replace(PREFIX, '')
}

/** Slips between a known stem and the best beginning of `typed` that leaves at most an ending over. */
function slipsBefore(typed: string, known: string): number {
  let fewest = Number.POSITIVE_INFINITY
  for (let ending = 0; ending <= LONGEST_ENDING && typed.length - ending >= 3; ending++) {
    fewest = Math.min(fewest, slipsBetween(typed.slice(0, typed.length - ending), known))
  }
  return fewest
}

/** Letters added, dropped, replaced or swapped with their neighbour on the way from `a` to `b`. */
export function slipsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let slips = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) slips = Math.min(slips, before[j - 2]! + 1)
      row.push(slips)
    }
    before = last
    last = row
  }
  return last[b.length]!
}
