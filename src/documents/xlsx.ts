import type { DocumentContent } from '../roadmaps/reading/content.ts'
import type { Archive } from './archive.ts'
import { type ReadingLimits, Unreadable } from './limits.ts'
export async function readXlsx(_a: Archive, _b: Uint8Array, _l: ReadingLimits): Promise<DocumentContent> {
  throw new Unreadable({ code: 'damaged' })
}
