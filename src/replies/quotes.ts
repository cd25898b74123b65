/** Where the words of someone else begin: all that follows was written by others. */
const FORWARDED =
  /^[ \t]*(?:-{2,40}.{0,80}(?:перес[лы]|исходн|forwarded|original)|(?:пересланное сообщение|переслано от|forwarded (?:message|from)))/imu
const QUOTED_LINE = /^[ \t]*>.*$/gmu
const COPIED_HEAD = /^.{0,80}\[\d{1,2}\.\d{1,2}\.\d{2,4},? \d{1,2}:\d{2}(?::\d{2})?\]:?[ \t]*$/gmu
const TITLE = /«[^«»\n]{1,200}»|"[^"\n]{1,200}"|“[^“”\n]{1,200}”/gu
/** Unseen characters that phones and copied text carry: soft hyphens, zero widths, directions, and the colour of an emoji. */
const UNSEEN = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]|\uFE0E|\uFE0F|[\u{1F3FB}-\u{1F3FF}]/gu

/**
 * The person's own words: quoted lines, forwarded text and titles in quotation marks are blanked out, so that positions stay true.
 * A reply wholly in quotation marks is taken as said.
 */
export function ownWords(text: string): string {
  const forwarded = FORWARDED.exec(text)?.index ?? text.length
  const own = text.slice(0, forwarded) + blank(text.slice(forwarded))
  const unquoted = own.replace(QUOTED_LINE, blank).replace(COPIED_HEAD, blank)
  const untitled = unquoted.replace(TITLE, blank)
  return /[\p{L}\p{N}]/u.test(untitled) ? untitled : unquoted
}

/** `words` in composed letters, without unseen characters, each kind of space a plain one. Line breaks are all `\n`. */
export function cleaned(words: string): string {
  return words
    .normalize('NFC')
    .replace(UNSEEN, '')
    .replace(/\r\n?|[\u2028\u2029\u0085]/gu, '\n')
    .replace(/[^\S\n]/gu, ' ')
}

function blank(text: string): string {
  return text.replace(/[^\n]/gu, (letter) => ' '.repeat(letter.length))
}
