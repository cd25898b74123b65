import { SaxesParser } from 'saxes'
import type { Archive } from './archive.ts'
import { Unreadable } from './limits.ts'

/** What a reader of a part hears; names are local (`w:tbl` is `tbl`), and come only from the part's own vocabulary. */
export type XmlListener = {
  open(name: string, attribute: (name: string) => string | undefined): void
  close(name: string): void
  text(text: string): void
}

/**
 * Reads the XML part `name` as a stream of events. The vocabulary is that of the root element's prefix; elements of other
 * vocabularies are heard with their prefix (`mc:Fallback`). A DOCTYPE is refused, so no entity is ever declared or fetched.
 * Throws `Unreadable`.
 */
export async function readXml(archive: Archive, name: string, listener: XmlListener): Promise<void> {
  const parser = new SaxesParser({ fragment: false, position: false })
  let prefix: string | null = null
  const local = (tag: string) => (prefix && tag.startsWith(prefix) ? tag.slice(prefix.length) : tag)
  parser.on('doctype', () => {
    throw new Unreadable({ code: 'forbidden-markup' })
  })
  parser.on('error', (problem) => {
    throw new Unreadable({ code: 'damaged' }, problem)
  })
  parser.on('opentag', (tag) => {
    prefix ??= tag.name.includes(':') ? tag.name.slice(0, tag.name.indexOf(':') + 1) : ''
    const attributes = tag.attributes as Record<string, string>
    listener.open(local(tag.name), (wanted) => attributes[`${prefix}${wanted}`] ?? attributes[wanted])
  })
  parser.on('closetag', (tag) => listener.close(local(tag.name)))
  parser.on('text', (text) => listener.text(text))
  parser.on('cdata', (text) => listener.text(text))
  const decoder = new TextDecoder()
  await archive.stream(name, (piece) => {
    parser.write(decoder.decode(piece, { stream: true }))
  })
  parser.write(decoder.decode()).close()
}
