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

/** One file of a question or an answer: copied into our own store. */
export const keepQuestionFileQueue = defineQueue({
  name: 'keep-question-file',
  schema: z.object({ municipalityId: z.number().int(), fileId: z.number().int() }),
  attempts: 6,
  pauseSeconds: 2,
  concurrency: 2,
})

/** One document of a roadmap: kept, read off the event loop, its activities kept. */
export const readRoadmapQueue = defineQueue({
  name: 'read-roadmap',
  schema: z.object({ municipalityId: z.number().int(), roadmapId: z.number().int(), chat: z.string() }),
  attempts: 4,
  pauseSeconds: 2,
  concurrency: 1,
})

/** One large roadmap: its tasks made. */
export const publishRoadmapQueue = defineQueue({
  name: 'publish-roadmap',
  schema: z.object({
    municipalityId: z.number().int(),
    roadmapId: z.number().int(),
    chat: z.string(),
    messageId: z.number().int(),
    version: z.number().int(),
    past: z.enum(['make', 'leave']),
  }),
  concurrency: 1,
})

/** A list of people that a coordinator sent: fetched, read, shown. */
export const readPeopleListQueue = defineQueue({
  name: 'read-people-list',
  schema: z.object({ municipalityId: z.number().int(), chat: z.string(), messengerFileId: z.string() }),
  attempts: 4,
  pauseSeconds: 2,
  concurrency: 1,
})

/** A file of the FAQ that a coordinator sent: fetched, read, looked at or taken in. */
export const readFaqFileQueue = defineQueue({
  name: 'read-faq-file',
  schema: z.object({
    municipalityId: z.number().int(),
    chat: z.string(),
    messengerFileId: z.string(),
    keep: z.boolean(),
  }),
  attempts: 4,
  pauseSeconds: 2,
  concurrency: 1,
})

/** The coordinators' cards of one announcement: brought up to date, again and again while its messages leave. */
export const announcementCardQueue = defineQueue({
  name: 'announcement-card',
  schema: z.object({ municipalityId: z.number().int(), announcementId: z.number().int() }),
  attempts: 3,
  concurrency: 2,
})

/** One file of an announcement: fetched from the messenger into the store. */
export const fetchAnnouncementFileQueue = defineQueue({
  name: 'fetch-announcement-file',
  schema: z.object({ municipalityId: z.number().int(), fileId: z.number().int() }),
  attempts: 5,
  pauseSeconds: 2,
  concurrency: 2,
})
