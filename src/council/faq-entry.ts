import type { PlainDate } from '../kernel/clock.ts'

/** `typical`: written for any school, not yet looked at here; `confirmed` by the coordinator; `withdrawn`: kept, but not shown. */
export type FaqStanding = 'typical' | 'confirmed' | 'withdrawn'

/**
 * A question with its answer as a file or a person gives it. `code` is its id in the file, unique in its municipality.
 * `topic` is the code of one of the six topics, or the words of the file where it has topics of its own.
 * `reviewOn`: the day on which it goes back to its expert.
 */
export type FaqDraft = {
  code: string
  topic: string
  question: string
  answer: string
  keywords: string
  source: string
  reviewOn: PlainDate | null
}

/** A kept entry. `municipalityId` null: the common starter, seen by every municipality. */
export type FaqEntry = FaqDraft & { id: number; municipalityId: number | null; standing: FaqStanding; version: number }
