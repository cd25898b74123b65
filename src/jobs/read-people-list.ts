import { LARGEST_LIST, showListBytes } from '../bot/features/people-list.ts'
import { ownOccasion } from '../bot/own-occasion.ts'
import type { Services } from '../bot/services.ts'
import { takeTurn } from '../bot/take-turn.ts'
import type { Database } from '../db/database.ts'
import { personAt } from '../db/opening.ts'
import { type Download, fetchSent } from './fetch-sent.ts'

/** A list of people that a coordinator sent, to be read in their chat. */
export type PeopleListJob = { municipalityId: number; chat: string; messengerFileId: string; lastTry: boolean }

/** Fetches a list of people and shows what it holds to the coordinator who sent it. The file itself is not kept. Throws where another try may help. */
export async function readPeopleList(
  database: Database,
  services: Services,
  download: Download,
  job: PeopleListJob,
): Promise<void> {
  const bytes = await fetchSent(download, job, LARGEST_LIST)
  await database.asSystem(async (tx) => {
    const person = await personAt(tx, { messenger: 'telegram', address: job.chat })
    if (!person?.memberships.some((membership) => membership.municipalityId === job.municipalityId)) return
    const incoming = ownOccasion(job.chat, services)
    await takeTurn(
      tx,
      services,
      { incoming, person, municipalityId: job.municipalityId, subject: null },
      async (turn) => {
        if (bytes) await showListBytes(turn, bytes)
        else turn.send({ text: turn.say('people.many.notFetched') })
      },
    )
  })
}
