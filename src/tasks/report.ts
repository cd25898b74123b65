import type { Instant, PlainDate } from '../kernel/clock.ts'

export type ReportState = 'collecting' | 'submitted' | 'accepted' | 'returned' | 'withdrawn'

/** What a person said of a task. While `collecting` it is the basket into which evidence falls. */
export type Report = {
  id: number
  municipalityId: number
  taskId: number
  authorId: number
  state: ReportState
  /** «Это всё» was said while evidence was on its way. */
  closing: boolean
  receiptNumber: number | null
  comment: string | null
  doneOn: PlainDate | null
  numbers: { value: number; of: string }[]
  links: string[]
  submittedAt: Instant | null
  reviewerId: number | null
  returnReason: string | null
  tickedPapers: string[]
}

export type EvidenceKind = 'photo' | 'document' | 'video' | 'voice' | 'link'

/** A file or a link that shows the work done. `arriving`: it is being downloaded; only `stored` is confirmed to the person. */
export type Evidence = {
  id: number
  reportId: number | null
  authorId: number
  kind: EvidenceKind
  state: 'arriving' | 'stored' | 'failed' | 'removed'
  sha256: string | null
  messengerFileId: string | null
  fileName: string | null
  mime: string | null
  size: number | null
  url: string | null
  caption: string | null
}

/** The number on a receipt as people read it: «№ 0417». */
export function receiptLabel(number: number): string {
  return `№ ${String(number).padStart(4, '0')}`
}
