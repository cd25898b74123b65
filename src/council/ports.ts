/** An entry that answers a question, best first in a list. `score` 0 to 1: how much of the question it covers. `code` as in its file. */
export type FaqAnswer = { entryId: number; code: string; score: number }

/** At most five answers; `confident` false where the council should be offered instead of them. */
export type FaqAnswers = { answers: FaqAnswer[]; confident: boolean }

/** Search over the FAQ of one municipality and the common starter; of the starter alone where `municipalityId` is null. */
export interface FaqSearch {
  find(municipalityId: number | null, question: string): Promise<FaqAnswers>
}
