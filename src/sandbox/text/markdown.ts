import type { EntityType } from '../telegram.ts'
import { addEntity, byteOffset, MarkupProblem, type Parsed } from './markup.ts'

type Open = { type: EntityType; name: string; offset: number; at: number; argument: string; marker: string }

const RESERVED = new Set('_*[]()~`>#+-=|{}.!')
const CODE_RESERVED = new Set('`')

/** Which marker opens what; longer markers first. `name` is Telegram's word for it in an error. */
const MARKERS: { marker: string; type: EntityType; name: string }[] = [
  { marker: '```', type: 'pre', name: 'Pre' },
  { marker: '`', type: 'code', name: 'Code' },
  { marker: '__', type: 'underline', name: 'Underline' },
  { marker: '_', type: 'italic', name: 'Italic' },
  { marker: '*', type: 'bold', name: 'Bold' },
  { marker: '~', type: 'strikethrough', name: 'Strikethrough' },
  { marker: '||', type: 'spoiler', name: 'Spoiler' },
  { marker: '![', type: 'custom_emoji', name: 'CustomEmoji' },
  { marker: '[', type: 'text_link', name: 'TextUrl' },
]

/**
 * Reads MarkdownV2 (core.telegram.org/bots/api#markdownv2-style) as strictly as Telegram does: every reserved character
 * outside its role must be escaped. Throws MarkupProblem with Telegram's words.
 */
export function parseMarkdownV2(source: string): Parsed {
  const reader = new MarkdownReader(source)
  return reader.read()
}

class MarkdownReader {
  readonly #source: string
  #at = 0
  #text = ''
  #quote: { offset: number } | null = null
  readonly #entities: Parsed['entities'] = []
  readonly #open: Open[] = []

  constructor(source: string) {
    this.#source = source
  }

  read(): Parsed {
    while (this.#at < this.#source.length) this.#step()
    if (this.#quote) this.#closeQuote()
    const unclosed = this.#open.at(-1)
    if (unclosed) throw this.#unclosed(unclosed)
    return { text: this.#text, entities: this.#entities }
  }

  #step(): void {
    const character = this.#source.charAt(this.#at)
    if (character === '\\' && this.#escapes()) this.#escaped()
    else if (character === '\n' && this.#quote && !this.#isInCode()) this.#quoteLineEnd()
    else if ((this.#isInCode() ? CODE_RESERVED : RESERVED).has(character)) this.#marker()
    else this.#text += this.#source.charAt(this.#at++)
  }

  #marker(): void {
    const open = this.#open.at(-1)
    if (open && this.#closes(open)) this.#close(open)
    else if (!this.#startsQuote()) this.#begin()
  }

  #escapes(): boolean {
    const code = this.#source.charCodeAt(this.#at + 1)
    return code > 0 && code <= 126
  }

  #escaped(): void {
    this.#text += this.#source.charAt(this.#at + 1)
    this.#at += 2
  }

  #isInCode(): boolean {
    const type = this.#open.at(-1)?.type
    return type === 'code' || type === 'pre'
  }

  #closes(open: Open): boolean {
    const isDouble = this.#source.startsWith('__', this.#at)
    if (open.type === 'italic') return this.#source.charAt(this.#at) === '_' && !isDouble
    return this.#source.startsWith(open.marker, this.#at)
  }

  #begin(): void {
    const at = this.#at
    const found = MARKERS.find(({ marker }) => this.#source.startsWith(marker, at))
    if (!found) throw this.#reserved(this.#source.charAt(at))
    this.#at += found.marker.length
    const isLink = found.type === 'text_link' || found.type === 'custom_emoji'
    this.#open.push({
      ...found,
      marker: isLink ? ']' : found.marker,
      argument: found.type === 'pre' ? this.#language() : '',
      offset: this.#text.length,
      at,
    })
  }

  /** The language after the three marks, and the one line break that is not part of the code. */
  #language(): string {
    const named = /^([^\s`]+)(?=\s)/.exec(this.#source.slice(this.#at))?.[1] ?? ''
    this.#at += named.length
    const lineBreak = /^(?:\r\n|\n\r|\r|\n)/.exec(this.#source.slice(this.#at))?.[0] ?? ''
    this.#at += lineBreak.length
    return named
  }

  #close(open: Open): void {
    this.#at += open.marker.length
    this.#open.pop()
    const argument = this.#linkOf(open)
    addEntity(this.#entities, open.type, open.offset, this.#text.length, argument)
  }

  #linkOf(open: Open): string {
    if (open.type !== 'text_link' && open.type !== 'custom_emoji') return open.argument
    const isEmoji = open.type === 'custom_emoji'
    if (this.#source.charAt(this.#at) !== '(') {
      if (isEmoji) throw new MarkupProblem('Custom emoji entity must contain a tg://emoji URL')
      return this.#text.slice(open.offset)
    }
    const url = this.#urlInBrackets(isEmoji ? 'a custom emoji URL' : 'a URL')
    return isEmoji ? emojiIdOf(url) : url
  }

  #urlInBrackets(what: string): string {
    const begin = this.#at
    let url = ''
    this.#at++
    while (this.#at < this.#source.length && this.#source.charAt(this.#at) !== ')') {
      if (this.#source.charAt(this.#at) === '\\' && this.#escapes()) this.#at++
      url += this.#source.charAt(this.#at++)
    }
    if (this.#at >= this.#source.length) {
      throw new MarkupProblem(`Can't find end of ${what} at byte offset ${byteOffset(this.#source, begin)}`)
    }
    this.#at++
    return url
  }

  /** A `>` at the beginning of a line starts a quotation or goes on with it; `**` before it makes a new expandable one. */
  #startsQuote(): boolean {
    const isLineStart = this.#at === 0 || this.#source.charAt(this.#at - 1) === '\n'
    if (!isLineStart || this.#open.length > 0) return false
    const sign = this.#source.startsWith('**>', this.#at) ? '**>' : '>'
    if (!this.#source.startsWith(sign, this.#at)) return false
    if (sign === '**>' && this.#quote) this.#endQuote('blockquote')
    this.#quote ??= { offset: this.#text.length }
    this.#at += sign.length
    return true
  }

  #quoteLineEnd(): void {
    const goesOn = this.#source.charAt(this.#at + 1) === '>'
    if (!goesOn) this.#closeQuote()
    this.#text += '\n'
    this.#at += goesOn ? 2 : 1
  }

  /** Two bars that hide nothing, at the very end of a quotation, make it one that can be unfolded. */
  #closeQuote(): void {
    const open = this.#open.at(-1)
    const isExpandable = open?.type === 'spoiler' && open.offset === this.#text.length
    if (open && !isExpandable) throw this.#unclosed(open)
    if (isExpandable) this.#open.pop()
    this.#endQuote(isExpandable ? 'expandable_blockquote' : 'blockquote')
  }

  #endQuote(type: EntityType): void {
    addEntity(this.#entities, type, this.#quote?.offset ?? 0, this.#text.length, '')
    this.#quote = null
  }

  #unclosed(open: Open): MarkupProblem {
    const name = open.type === 'pre' && open.argument !== '' ? 'PreCode' : open.name
    return new MarkupProblem(`Can't find end of ${name} entity at byte offset ${byteOffset(this.#source, open.at)}`)
  }

  #reserved(character: string): MarkupProblem {
    return new MarkupProblem(`Character '${character}' is reserved and must be escaped with the preceding '\\'`)
  }
}

function emojiIdOf(url: string): string {
  const id = /^tg:\/\/emoji\?id=(\d+)$/.exec(url)?.[1]
  if (id === undefined) throw new MarkupProblem('Custom emoji entity must contain a tg://emoji URL')
  return id
}
