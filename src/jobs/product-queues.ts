import { z } from 'zod'
import { defineQueue } from './queues.ts'

/** One file that a person sent: fetched from the messenger, kept, confirmed. */
export const fetchEvidenceQueue = defineQueue({
  name: 'fetch-evidence',
  schema: z.object({ municipalityId: z.number().int(), evidenceId: z.number().int() }),
  attempts: 6,
  pauseSeconds: 2,
  concurrency: 3,
})

/** A list of people that a coordinator sent: fetched, read, shown. */
export const readPeopleListQueue = defineQueue({
  name: 'read-people-list',
  schema: z.object({ municipalityId: z.number().int(), chat: z.string(), messengerFileId: z.string() }),
  attempts: 4,
  pauseSeconds: 2,
  concurrency: 1,
})
