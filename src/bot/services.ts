import type { Tx } from '../db/database.ts'
import type { NewDelivery } from '../delivery/delivery.ts'
import type { Attachment } from '../delivery/screen.ts'
import type { Instant } from '../kernel/clock.ts'

/** A piece of work to be done after the commit, by any replica. Its data carries ids only. */
export type JobRequest =
  | { queue: 'fetch-evidence'; data: { municipalityId: number; evidenceId: number } }
  | { queue: 'read-roadmap'; data: ReadRoadmapJob }
  | { queue: 'publish-roadmap'; data: PublishRoadmapJob }
  | { queue: 'keep-question-file'; data: { municipalityId: number; fileId: number } }
  | { queue: 'read-people-list'; data: { municipalityId: number; chat: string; messengerFileId: string } }
  | {
      queue: 'read-faq-file'
      data: { municipalityId: number; chat: string; messengerFileId: string; keep: boolean }
    }
  | { queue: 'announcement-card'; data: { municipalityId: number; announcementId: number } }
  | { queue: 'fetch-announcement-file'; data: { municipalityId: number; fileId: number } }

/** Reads the document of a draft and shows the progress in `chat`, the private chat of who sent it. */
export type ReadRoadmapJob = { municipalityId: number; roadmapId: number; chat: string }

/** Publishes a large roadmap as it was previewed: `version` and `past` as in the preview, `messageId` the message that shows it. */
export type PublishRoadmapJob = {
  municipalityId: number
  roadmapId: number
  chat: string
  messageId: number
  version: number
  past: 'make' | 'leave'
}

/** A file made on the spot; `bytes` are kept by their content. */
export type NewFile = {
  municipalityId: number
  bytes: Uint8Array
  fileName: string
  mime: string
  kind: Attachment['kind']
}

/** What the features need of the engine. */
export type Services = {
  botUsername: string
  now(): Instant
  /** Queues deliveries within `tx`; gives their ids in order (0 for one that `onceKey` made superfluous). */
  enqueue(tx: Tx, deliveries: NewDelivery[]): Promise<number[]>
  /** Keeps a file made by us (a chart, a table) in the municipality's store, ready to be attached. */
  keepFile(tx: Tx, file: NewFile): Promise<Attachment>
  /** Queues a job within `tx`: kept or lost with the change that caused it. */
  startJob(tx: Tx, job: JobRequest): Promise<void>
}
