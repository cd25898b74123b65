import type { Screen } from '../delivery/screen.ts'
import { escapeHtml } from '../delivery/screen.ts'

/** What of long words stands in a message that says more than them, and in one that says nothing else: characters. */
export const FIRST_PIECE = 2800
const FURTHER_PIECE = 3900

/** `words` in pieces, the first of at most `first` characters: cut at the end of a paragraph, a sentence or a word. Only blanks at the cuts are lost. */
export function inPieces(words: string, first = FIRST_PIECE): string[] {
  const pieces: string[] = []
  let rest = words.trim()
  let most = first
  while (rest.length > most) {
    const cut = cutOf(rest, most)
    pieces.push(rest.slice(0, cut).trimEnd())
    rest = rest.slice(cut).trimStart()
    most = FURTHER_PIECE
  }
  return [...pieces, rest]
}

/** Where to cut: after the last paragraph, else sentence, else word, that ends in the second half; else there, but in the middle of no sign. */
function cutOf(words: string, most: number): number {
  const head = words.slice(0, most)
  for (const end of [/\n(?=[^\n]*$)/, /[.!?…](?=\s[^.!?…]*$)/, /\s(?=\S*$)/]) {
    const at = head.search(end)
    if (at > most / 2) return at + 1
  }
  return /[\ud800-\udbff]$/.test(head) ? most - 1 : most
}

/** The first piece of `words`, with «…» where there is more. */
export function firstPiece(words: string, first = FIRST_PIECE): string {
  const [piece = '', ...more] = inPieces(words, first)
  return more.length > 0 ? `${piece}…` : piece
}

/** `screen`, whose text ends with the first piece of long words, and the messages with the rest of them: the buttons come under the last. */
export function continued(screen: Screen, words: string, first = FIRST_PIECE): Screen[] {
  const rest = inPieces(words, first).slice(1)
  if (rest.length === 0) return [screen]
  const { buttons, ...bare } = screen
  return [bare, ...rest.map((piece, at) => lastOnly({ text: escapeHtml(piece) }, buttons, at === rest.length - 1))]
}

function lastOnly(screen: Screen, buttons: Screen['buttons'], isLast: boolean): Screen {
  return buttons && isLast ? { ...screen, buttons } : screen
}
