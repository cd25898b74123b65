import { deskOf, passOnStored } from '../bot/council-posts.ts'
import type { Services } from '../bot/services.ts'
import { messagesTo } from '../bot/turn.ts'
import type { Database } from '../db/database.ts'
import { keepFileRow } from '../db/files.ts'
import { isOfAsker, noteStored, questionFile } from '../db/question-talk.ts'
import { lockQuestion, questionById } from '../db/questions.ts'
import { systemClock } from '../kernel/clock.ts'
import type { EvidenceEdge } from './fetch-evidence.ts'

/**
 * Copies a file of a question into our own store: the messenger may forget it. A file of an asker who is not to be named is passed on from there,
 * without its own name. What cannot be fetched any more stays where it is. Throws where another try may help.
 */
export async function keepQuestionFile(
  database: Database,
  services: Services,
  edge: Pick<EvidenceEdge, 'fetch'>,
  job: { municipalityId: number; fileId: number },
): Promise<void> {
  const { municipalityId, fileId } = job
  const file = await database.inMunicipality(municipalityId, (tx) => questionFile(tx, fileId))
  if (!file || file.sha256 !== null) return
  const fetched = await edge.fetch({ municipalityId, messengerFileId: file.messengerFileId, fileName: file.fileName })
  if (fetched.kind === 'gone') return tellOfLost(database, services, { ...file, municipalityId })
  const { sha256, size, mime } = fetched
  await database.inMunicipality(municipalityId, async (tx) => {
    const question = await lockQuestion(tx, file.questionId) // who sends it meanwhile waits, and finds the file in the store
    await keepFileRow(tx, { municipalityId, sha256, size, mime, at: systemClock.now() })
    if (!(await noteStored(tx, fileId, sha256)) || !question || !(await isOfAsker(tx, file))) return
    const stored = { kind: file.kind, sha256, fileName: file.fileName ?? '', mime }
    await passOnStored(await deskOf(tx, services, municipalityId), question, stored)
  })
}

/** A file that is passed on from our store alone, and is not to be had any more, did not arrive: its sender hears of it. */
async function tellOfLost(
  database: Database,
  services: Services,
  file: { municipalityId: number; questionId: number; answerId: number | null },
): Promise<void> {
  await database.inMunicipality(file.municipalityId, async (tx) => {
    const question = await questionById(tx, file.questionId)
    if (!question?.withheld || !(await isOfAsker(tx, file))) return
    const desk = await deskOf(tx, services, file.municipalityId)
    const text = desk.say('council.own.fileLost', { number: question.number ?? '' })
    const options = { reason: 'question-file', subject: { question: question.id } }
    await services.enqueue(tx, await messagesTo(tx, file.municipalityId, [question.askerId], { text }, options))
  })
}
