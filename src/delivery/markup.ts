const TAG_OR_SIGN = /<\/?([a-z]+)[^>]*>|&(?:lt|gt|amp|quot|#\d+|#x[0-9a-f]+);/giu

/** How long the text of `html` is for a messenger: UTF-16 units without tags, an escaped sign counting as one. */
export function visibleLength(html: string): number {
  return html.replace(TAG_OR_SIGN, (sign) => (sign.startsWith('<') ? '' : '·')).length
}

/**
 * `html` cut to at most `limit` visible UTF-16 units, with «…» at its end where something was cut off: tags stay closed,
 * escaped signs and characters beyond the basic plane stay whole.
 */
export function cutMarkup(html: string, limit: number): string {
  if (visibleLength(html) <= limit) return html
  const open: string[] = []
  let kept = ''
  let left = limit - 1
  for (const piece of piecesOf(html)) {
    if (piece.kind === 'tag') {
      if (piece.closes) open.splice(open.lastIndexOf(piece.name), 1)
      else open.push(piece.name)
    } else {
      if (piece.length > left) break
      left -= piece.length
    }
    kept += piece.words
  }
  return `${kept}…${open
    .toReversed()
    .map((name) => `</${name}>`)
    .join('')}`
}

type Piece = { words: string } & ({ kind: 'tag'; name: string; closes: boolean } | { kind: 'sign'; length: number })

function* piecesOf(html: string): Generator<Piece> {
  let from = 0
  for (const match of html.matchAll(TAG_OR_SIGN)) {
    yield* signsOf(html.slice(from, match.index))
    const words = match[0]
    if (words.startsWith('<')) yield { kind: 'tag', words, name: match[1] ?? '', closes: words.startsWith('</') }
    else yield { kind: 'sign', words, length: 1 }
    from = match.index + words.length
  }
  yield* signsOf(html.slice(from))
}

function* signsOf(words: string): Generator<Piece> {
  for (const sign of words) yield { kind: 'sign', words: sign, length: sign.length }
}
