import { LARGEST_FAQ_FILE, showFaqFile } from '../bot/features/faq-file.ts'
import { ownOccasion } from '../bot/own-occasion.ts'
import type { Services } from '../bot/services.ts'
import { takeTurn } from '../bot/take-turn.ts'
import type { Database } from '../db/database.ts'
import { personAt } from '../db/opening.ts'
import { type Download, fetchSent } from './fetch-sent.ts'

/** A FAQ file that a coordinator sent: looked at, or (`keep`) taken into the FAQ as they confirmed. */
export type FaqFileJob = {
  municipalityId: number
  chat: string
  messengerFileId: string
  keep: boolean
  lastTry: boolean
}

/** Fetches a FAQ file and shows in the chat of who sent it what it would change, or changes that. The file itself is not kept. Throws where another try may help. */
export async function readFaqFile(
  database: Database,
  services: Services,
  download: Download,
  job: FaqFileJob,
): Promise<void> {
  const bytes = await fetchSent(download, job, LARGEST_FAQ_FILE)
  await database.asSystem(async (tx) => {
    const person = await personAt(tx, { messenger: 'telegram', address: job.chat })
    if (!person?.memberships.some((membership) => membership.municipalityId === job.municipalityId)) return
    const of = { incoming: ownOccasion(job.chat, services), person, municipalityId: job.municipalityId, subject: null }
    await takeTurn(tx, services, of, (turn) => showFaqFile(turn, bytes, job))
  })
}
