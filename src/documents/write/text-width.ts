/** Widths of letters in parts of the size of the font: those of DejaVu Sans, the widest that charts may get. */
const letterWidths: readonly (readonly [RegExp, number])[] = [
  [/[ШЩЖЮ№W…—]/u, 1.1],
  [/[шщжюыфмwmФМЫM@%]/u, 0.93],
  [/[\s.,:;!'|()[\]\-ilj]/u, 0.4],
  [/[\p{Ll}\d«»–]/u, 0.64],
  [/\p{Lu}/u, 0.74],
  // The library takes the width of «国» for the height of a line.
  [/\p{Script=Han}/u, 1],
]
/** Emoji and whatever else is not in the table. */
const widest = 1.3
const boldIsWider = 1.12

/** As much of `text` as `room` pixels surely hold, with … where the rest is missing. */
export function fittedText(text: string, room: number, font: string): string {
  if (textWidth(text, font) <= room) return text
  let left = room - textWidth('…', font)
  let kept = ''
  for (const letter of text) {
    left -= textWidth(letter, font)
    if (left < 0) break
    kept += letter
  }
  return `${kept.trimEnd()}…`
}

/** About how many pixels `text` takes, rather more than less. `font` is CSS: `bold 24px 'PT Sans'`; without a size, 12 pixels. */
export function textWidth(text: string, font = ''): number {
  const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 12) * (font.includes('bold') ? boldIsWider : 1)
  return [...text].reduce((sum, letter) => sum + size * letterWidth(letter), 0)
}

function letterWidth(letter: string): number {
  return letterWidths.find(([letters]) => letters.test(letter))?.[1] ?? widest
}
