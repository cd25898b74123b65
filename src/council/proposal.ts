import type { PlainDate } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import { type PersonalDatum, personalDataIn } from './personal-data.ts'

/** A text on its way into the FAQ. `entryId`: the entry of which it is to be the next version; null for a new one. */
export type Proposal = {
  id: number
  municipalityId: number
  questionId: number | null
  entryId: number | null
  topic: string
  question: string
  answer: string
  keywords: string
  source: string
  reviewOn: PlainDate | null
  state: 'draft' | 'proposed' | 'approved' | 'declined'
  version: number
  proposedById: number
}

/** `moved-on`: the text was changed since the button was shown; `decided`: approved or declined already; `personal-data`: look at it once more. */
export type PublishRefusal =
  | { code: 'decided' }
  | { code: 'moved-on' }
  | { code: 'no-source' }
  | { code: 'no-review-date' }
  | { code: 'personal-data'; found: PersonalDatum[] }

/** Everything in a proposal that everybody would read and that looks like personal data. */
export function personalDataOf(proposal: Pick<Proposal, 'question' | 'answer' | 'keywords'>): PersonalDatum[] {
  return personalDataIn([proposal.question, proposal.answer, proposal.keywords].join('\n'))
}

/**
 * Whether a coordinator who saw `version` may publish `proposal`: cited, with a review date. `despite`: they saw what looks like personal data
 * and say that it is none.
 */
export function decidePublishing(
  proposal: Proposal,
  given: { version: number; despite: boolean },
): Result<true, PublishRefusal> {
  if (proposal.state === 'approved' || proposal.state === 'declined') return refuse({ code: 'decided' })
  if (proposal.version !== given.version) return refuse({ code: 'moved-on' })
  if (proposal.source.trim() === '') return refuse({ code: 'no-source' })
  if (!proposal.reviewOn) return refuse({ code: 'no-review-date' })
  const found = given.despite ? [] : personalDataOf(proposal)
  return found.length > 0 ? refuse({ code: 'personal-data', found }) : ok(true)
}
