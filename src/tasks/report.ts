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

/** What a person's words give a report. `doneOn` is a day in the municipality's zone. */
export type ReportWords = Pick<Report, 'comment' | 'doneOn' | 'numbers' | 'links'>

/** What `said` is once one of its messages, which said `before`, was edited to say `after`; what other messages said stays. `before` null: nobody knows any more. */
export function corrected(said: ReportWords, before: ReportWords | null, after: ReportWords): ReportWords {
  const lines = (comment: string | null | undefined): string[] => (comment ? [comment] : [])
  const [old] = lines(before?.comment)
  const stands = old !== undefined && said.comment?.includes(old)
  const comment = stands
    ? (said.comment ?? '').replace(old, () => after.comment ?? '')
    : [...lines(said.comment), ...lines(after.comment)].join('\n')
  const isOld = (one: Report['numbers'][number]): boolean =>
    before?.numbers.some((number) => number.value === one.value && number.of === one.of) ?? false
  return {
    comment: comment.trim() || null,
    doneOn: after.doneOn ?? (before?.doneOn && said.doneOn?.equals(before.doneOn) ? null : said.doneOn),
    numbers: [...said.numbers.filter((one) => !isOld(one)), ...after.numbers],
    links: [...new Set([...said.links.filter((link) => !before?.links.includes(link)), ...after.links])],
  }
}

/** The number on a receipt as people read it: «№ 0417». */
export function receiptLabel(number: number): string {
  return `№ ${String(number).padStart(4, '0')}`
}
