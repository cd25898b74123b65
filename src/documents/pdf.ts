import type { DocumentContent } from '../roadmaps/reading/content.ts'
import { type ReadingLimits, Unreadable } from './limits.ts'
export async function readPdf(_b: Uint8Array, _l: ReadingLimits): Promise<DocumentContent> {
  throw new Unreadable({ code: 'damaged' })
}
