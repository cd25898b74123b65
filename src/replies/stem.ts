/** Endings of Russian nouns, adjectives, participles and verbs, longest first; what is left must keep at least three letters. */
const ENDINGS = [
  'остями остью ости ость остей',
  'ского скому скими ским ских ский ская скую ское ской ские ском',
  'иями ием ыми ими ого его ому ему ями ами иях ией иям',
  'ая яя ое ее ую юю ый ий ой ых их ым им ом ем ам ям ах ях ов ев ей ью ия ие ию ии ют ут ит ет ят ат ли ла ло ть',
  'а я о е у ю ы и ь й л',
]
const LONGEST_FIRST = ENDINGS.join(' ')
  .split(' ')
  .sort((one, other) => other.length - one.length)
const SHORTEST_STEM = 3

/** The stem of a plain Russian word (lower case, ё as е): one longest ending taken off («семинара», «семинары» are «семинар»). Too much may be taken, never the head of the word. */
export function stemOf(word: string): string {
  const ending = LONGEST_FIRST.find((end) => word.endsWith(end) && word.length - end.length >= SHORTEST_STEM)
  return ending ? word.slice(0, -ending.length) : word
}
