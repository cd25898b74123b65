import type { EntityType } from '../telegram.ts'
import { addEntity, byteOffset, MarkupProblem, type Parsed } from './markup.ts'

type OpenTag = { name: string; argument: string; offset: number }

const TYPES: Record<string, EntityType> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  span: 'spoiler',
  'tg-spoiler': 'spoiler',
  'tg-emoji': 'custom_emoji',
  a: 'text_link',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
}

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' }
const REFERENCE = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));?/iy
const SPACE = /[\s\0]/

/**
 * Reads Telegram's HTML (core.telegram.org/bots/api#html-style) as strictly as Telegram does.
 * Throws MarkupProblem with Telegram's words and the byte at which the mistake stands.
 */
export function parseHtml(source: string): Parsed {
  const reader = new HtmlReader(source)
  return reader.read()
}

class HtmlReader {
  readonly #source: string
  #at = 0
  #text = ''
  readonly #entities: Parsed['entities'] = []
  readonly #open: OpenTag[] = []

  constructor(source: string) {
    this.#source = source
  }

  read(): Parsed {
    while (this.#at < this.#source.length) this.#step()
    const unclosed = this.#open.at(-1)
    if (unclosed) throw new MarkupProblem(`Can't find end tag corresponding to start tag "${unclosed.name}"`)
    return { text: this.#text, entities: this.#entities }
  }

  #step(): void {
    const character = this.#source.charAt(this.#at)
    if (character === '&') this.#text += this.#reference()
    else if (character !== '<') this.#plain()
    else if (this.#source.charAt(this.#at + 1) === '/') this.#endTag()
    else this.#startTag()
  }

  #plain(): void {
    let end = this.#at + 1
    while (end < this.#source.length && !'&<'.includes(this.#source.charAt(end))) end++
    this.#text += this.#source.slice(this.#at, end)
    this.#at = end
  }

  /** One `&…;` as its character, or the ampersand itself where it stands for nothing. */
  #reference(): string {
    REFERENCE.lastIndex = this.#at
    const found = REFERENCE.exec(this.#source)
    const decoded = found ? decode(found) : ''
    this.#at += found && decoded !== '' ? found[0].length : 1
    return decoded === '' ? '&' : decoded
  }

  #startTag(): void {
    const begin = this.#at
    const name = this.#until(begin + 1, (c) => SPACE.test(c) || c === '>').toLowerCase()
    if (this.#at >= this.#source.length) throw this.#problem('Unclosed start tag', begin)
    if (!Object.hasOwn(TYPES, name)) throw this.#problem(`Unsupported start tag "${name}"`, begin)
    const argument = this.#attributes(name, begin)
    if (name === 'span' && argument !== 'spoiler') {
      throw this.#problem('Tag "span" must have class "tg-spoiler"', begin)
    }
    this.#open.push({ name, argument, offset: this.#text.length })
  }

  /** Reads up to and over the `>` of the start tag; gives the one attribute that the tag knows. */
  #attributes(tag: string, begin: number): string {
    let argument = ''
    while (true) {
      this.#skipSpace()
      if (this.#at >= this.#source.length) throw this.#problem('Unclosed start tag', begin)
      if (this.#source.charAt(this.#at) === '>') break
      const name = this.#until(this.#at, (c) => SPACE.test(c) || '=>/"\''.includes(c)).toLowerCase()
      if (name === '') throw this.#problem(`Empty attribute name in the tag "${tag}"`, begin)
      argument = attributeOf(tag, name, this.#attributeValue(tag, begin)) ?? argument
    }
    this.#at++
    return argument
  }

  /** The value after `=`, or null for an attribute without one. */
  #attributeValue(tag: string, begin: number): string | null {
    this.#skipSpace()
    if (this.#at >= this.#source.length) throw this.#problem(`Unclosed start tag "${tag}"`, begin)
    if (this.#source.charAt(this.#at) !== '=') return null
    this.#at++
    this.#skipSpace()
    if (this.#at >= this.#source.length) throw this.#problem(`Unclosed start tag "${tag}"`, begin)
    const quote = this.#source.charAt(this.#at)
    return quote === '"' || quote === "'" ? this.#quoted(quote, begin) : this.#token()
  }

  #quoted(quote: string, begin: number): string {
    let value = ''
    this.#at++
    while (this.#at < this.#source.length && this.#source.charAt(this.#at) !== quote) {
      if (this.#source.charAt(this.#at) === '&') value += this.#reference()
      else value += this.#source.charAt(this.#at++)
    }
    this.#at++
    if (this.#at >= this.#source.length) throw this.#problem('Unclosed start tag', begin)
    return value
  }

  #token(): string {
    const begin = this.#at
    const token = this.#until(begin, (c) => !/[a-z0-9.-]/i.test(c)).toLowerCase()
    const next = this.#source.charAt(this.#at)
    if (next !== '>' && !SPACE.test(next)) throw this.#problem('Unexpected end of name token', begin)
    return token
  }

  #endTag(): void {
    const begin = this.#at
    const open = this.#open.pop()
    if (!open) throw this.#problem('Unexpected end tag', begin)
    const name = this.#until(begin + 2, (c) => SPACE.test(c) || c === '>').toLowerCase()
    this.#skipSpace()
    if (this.#source.charAt(this.#at) !== '>') throw this.#problem('Unclosed end tag', begin)
    this.#at++
    if (name !== '' && name !== open.name) {
      const words = `Unmatched end tag at byte offset ${byteOffset(this.#source, begin)}`
      throw new MarkupProblem(`${words}, expected "</${open.name}>", found "</${name}>"`)
    }
    this.#close(open)
  }

  #close(open: OpenTag): void {
    const end = this.#text.length
    const last = this.#entities.at(-1)
    const fillsLast = last?.offset === open.offset && last.offset + last.length === end
    if (open.name === 'pre' && last?.type === 'code' && fillsLast) {
      last.type = 'pre'
      return
    }
    if (open.name === 'code' && open.argument !== '') {
      this.#language(open, end)
      return
    }
    const isBareLink = open.name === 'a' && open.argument === ''
    const argument = isBareLink ? this.#text.slice(open.offset) : open.argument
    addEntity(this.#entities, typeOf(open), open.offset, end, argument)
  }

  /** `<pre><code class="language-x">`: the outer `pre` will take the language; alone it is plain code. */
  #language(open: OpenTag, end: number): void {
    addEntity(this.#entities, 'code', open.offset, end, '')
    const added = this.#entities.at(-1)
    if (added && this.#open.at(-1)?.name === 'pre' && this.#open.at(-1)?.offset === open.offset) {
      added.language = open.argument
    }
  }

  #until(from: number, stop: (character: string) => boolean): string {
    this.#at = from
    while (this.#at < this.#source.length && !stop(this.#source.charAt(this.#at))) this.#at++
    return this.#source.slice(from, this.#at)
  }

  #skipSpace(): void {
    while (this.#at < this.#source.length && SPACE.test(this.#source.charAt(this.#at))) this.#at++
  }

  #problem(words: string, at: number): MarkupProblem {
    return new MarkupProblem(`${words} at byte offset ${byteOffset(this.#source, at)}`)
  }
}

function decode(found: RegExpExecArray): string {
  const [, decimal, hexadecimal, name] = found
  if (name !== undefined) return NAMED[name] ?? ''
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '0', 16) : Number.parseInt(decimal, 10)
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return isCharacter ? String.fromCodePoint(code) : ''
}

function attributeOf(tag: string, name: string, value: string | null): string | null {
  if (tag === 'blockquote' && name === 'expandable') return 'expandable'
  if (value === null) return null
  if (tag === 'a' && name === 'href') return value
  if (tag === 'tg-emoji' && name === 'emoji-id') return value
  if (tag === 'code' && name === 'class' && value.startsWith('language-')) return value.slice('language-'.length)
  if (tag === 'span' && name === 'class' && value.startsWith('tg-')) return value.slice('tg-'.length)
  return null
}

function typeOf(open: OpenTag): EntityType {
  if (open.name === 'blockquote' && open.argument === 'expandable') return 'expandable_blockquote'
  return TYPES[open.name] ?? 'bold'
}
