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
