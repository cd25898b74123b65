import type { Archive } from './archive.ts'
import { readXml } from './xml.ts'

/** Which list a paragraph belongs to and how deep; null where the paragraph itself does not say. */
export type ListPlace = { numId: string | null; level: number | null }

/** Reads which list the paragraphs of a style belong to, by the style's id; a style inherits from the one it is based on. Throws `Unreadable`. */
export async function readListStyles(archive: Archive): Promise<(style: string) => ListPlace> {
  const styles = new Map<string, ListPlace & { basedOn: string | null }>()
  let style: (ListPlace & { basedOn: string | null }) | null = null
  if (archive.names.has('word/styles.xml')) {
    await readXml(archive, 'word/styles.xml', {
      open(name, attribute) {
        if (name === 'style') {
          style = { numId: null, level: null, basedOn: null }
          styles.set(attribute('styleId') ?? '', style)
        } else if (!style) return
        else if (name === 'basedOn') style.basedOn = attribute('val') ?? null
        else if (name === 'numId') style.numId = attribute('val') ?? null
        else if (name === 'ilvl') style.level = Number(attribute('val') ?? 0)
      },
      close(name) {
        if (name === 'style') style = null
      },
      text() {},
    })
  }
  return (id) => {
    const seen = new Set<string>()
    let found: ListPlace = { numId: null, level: null }
    for (let at: string | null = id; at && !seen.has(at); at = styles.get(at)?.basedOn ?? null) {
      seen.add(at)
      const known = styles.get(at)
      found = { numId: found.numId ?? known?.numId ?? null, level: found.level ?? known?.level ?? null }
    }
    return found
  }
}
