import type { Readable } from 'node:stream'
import { LARGEST_LIST, showListBytes } from '../bot/features/people-list.ts'
import { ownOccasion } from '../bot/own-occasion.ts'
import type { Services } from '../bot/services.ts'
import { takeTurn } from '../bot/take-turn.ts'
import type { DownloadRefusal } from '../bot/telegram/api.ts'
import type { Database } from '../db/database.ts'
import { personAt } from '../db/opening.ts'
import type { Result } from '../kernel/result.ts'

/** A list of people that a coordinator sent, to be read in their chat. */
export type PeopleListJob = { municipalityId: number; chat: string; messengerFileId: string; lastTry: boolean }

type Download = (messengerFileId: string) => Promise<Result<Readable, DownloadRefusal>>

/** Fetches a list of people and shows what it holds to the coordinator who sent it. The file itself is not kept. Throws where another try may help. */
export async function readPeopleList(
  database: Database,
  services: Services,
  download: Download,
  job: PeopleListJob,
): Promise<void> {
  const bytes = await fetchList(download, job)
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

async function fetchList(download: Download, job: PeopleListJob): Promise<Buffer | null> {
  const stream = await download(job.messengerFileId)
  if (stream.ok) return takeUpTo(stream.value, LARGEST_LIST)
  if (stream.refusal.code === 'failed' && !job.lastTry)
    throw new Error(`the list could not be fetched: ${stream.refusal.cause}`)
  return null
}

/** The bytes of `stream`; null where they are more than `most`. */
async function takeUpTo(stream: Readable, most: number): Promise<Buffer | null> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of stream) {
    size += piece.length
    if (size > most) {
      stream.destroy()
      return null
    }
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
