import type { Engine, Features } from './app.ts'
import { ANNOUNCEMENT } from './bot/announcing/sending.ts'
import { apologyFor } from './bot/apology.ts'
import { commandsOf } from './bot/commands.ts'
import { notingRefusals } from './bot/note-refusals.ts'
import { createProcessor } from './bot/processor.ts'
import type { Services } from './bot/services.ts'
import { tellOfUnreachable } from './bot/unreachable.ts'
import { foldTallies } from './db/country.ts'
import { enqueueDeliveries } from './db/deliveries.ts'
import { keepFileRow } from './db/files.ts'
import {
  fetchAnnouncementFile,
  followAnnouncement,
  onlyWhileSending,
  workOnAnnouncements,
} from './jobs/announcements.ts'
import { byDay, newestAlone } from './jobs/by-day.ts'
import { closeIdleBaskets } from './jobs/close-baskets.ts'
import { sendDigests } from './jobs/digest.ts'
import { evidenceEdge } from './jobs/evidence-edge.ts'
import { fetchLostEvidence } from './jobs/fetch-again.ts'
import { fetchEvidence } from './jobs/fetch-evidence.ts'
import { freshReminder } from './jobs/fresh-reminder.ts'
import { keepQuestionFile } from './jobs/keep-question-file.ts'
import {
  announcementCardQueue,
  fetchAnnouncementFileQueue,
  fetchEvidenceQueue,
  keepQuestionFileQueue,
  publishRoadmapQueue,
  readFaqFileQueue,
  readPeopleListQueue,
  readRoadmapQueue,
} from './jobs/product-queues.ts'
import { publishLargeRoadmap } from './jobs/publish-roadmap.ts'
import { purgeDaily } from './jobs/purge.ts'
import { onQueue } from './jobs/queues.ts'
import { readFaqFile } from './jobs/read-faq-file.ts'
import { readPeopleList } from './jobs/read-people-list.ts'
import { readRoadmapFile } from './jobs/read-roadmap.ts'
import { remind } from './jobs/remind.ts'
import { roadmapEdge } from './jobs/roadmap-edge.ts'
import { watchCouncil } from './jobs/watch-council.ts'
import { watchSlots } from './jobs/watch-slots.ts'
import { weekBoards } from './jobs/week-boards.ts'
import { noteDeliveries } from './trail.ts'

/** Changes of an announcement within this time make one edit of its card. */
const CARD_PAUSE_SECONDS = 1

/** Sovet on its engine: what is done with updates, jobs and ticks. */
export function product(engine: Engine): Features {
  const { database, config } = engine
  const services = servicesOf(engine)
  const edge = evidenceEdge(engine)
  const roadmaps = roadmapEdge(engine)
  return {
    handle: notingRefusals(createProcessor(services), engine.log),
    apology: (incoming) => apologyFor(incoming, config.defaultLocale),
    commands: commandsOf(),
    beforeSend: {
      reminder: byDay(services, freshReminder),
      digest: byDay(services, newestAlone),
      [ANNOUNCEMENT]: onlyWhileSending(services),
    },
    onUnreachable: (tx, personId) => tellOfUnreachable(tx, services, personId),
    queues: [
      onQueue(fetchEvidenceQueue, (data, { attempt }) =>
        fetchEvidence(database, services, edge, { ...data, lastTry: attempt >= fetchEvidenceQueue.attempts }),
      ),
      onQueue(keepQuestionFileQueue, (data) => keepQuestionFile(database, services, edge, data)),
      onQueue(readRoadmapQueue, (data, { attempt }) =>
        readRoadmapFile(database, services, roadmaps, { ...data, lastTry: attempt >= readRoadmapQueue.attempts }),
      ),
      onQueue(announcementCardQueue, (data) => followAnnouncement(database, services, data)),
      onQueue(fetchAnnouncementFileQueue, (data) => fetchAnnouncementFile(database, services, edge, data)),
      onQueue(publishRoadmapQueue, (data) => publishLargeRoadmap(database, services, data)),
      onQueue(readPeopleListQueue, (data, { attempt }) =>
        readPeopleList(database, services, engine.download, {
          ...data,
          lastTry: attempt >= readPeopleListQueue.attempts,
        }),
      ),
      onQueue(readFaqFileQueue, (data, { attempt }) =>
        readFaqFile(database, services, engine.download, { ...data, lastTry: attempt >= readFaqFileQueue.attempts }),
      ),
    ],
    ticks: [
      { name: 'reminders', run: () => remind(database, services) },
      { name: 'digests', run: () => sendDigests(database, services) },
      { name: 'announcements', run: () => workOnAnnouncements(database, services) },
      { name: 'weeks', run: weekBoards(database, services) },
      { name: 'baskets', run: () => closeIdleBaskets(database, services) },
      { name: 'lost-evidence', run: () => fetchLostEvidence(database, services) },
      { name: 'council', run: () => watchCouncil(database, services) },
      { name: 'slots', run: watchSlots(engine) },
      { name: 'tallies', run: () => database.asSystem(foldTallies) },
      { name: 'purge', run: purgeDaily(engine) },
    ],
  }
}

/** What the features need of the engine, within a transaction. */
export function servicesOf(engine: Engine): Services {
  return {
    botUsername: engine.botUsername,
    now: () => engine.clock.now(),
    enqueue: async (tx, deliveries) => {
      const ids = await enqueueDeliveries(tx, deliveries)
      noteDeliveries(ids.filter((id) => id > 0)) // 0: was queued before
      return ids
    },
    keepFile: async (tx, file) => {
      const kept = await engine.files.put(file.municipalityId, file.bytes)
      if (!kept.ok) throw new Error(`a file of ours could not be kept: ${kept.refusal.code}`)
      await keepFileRow(tx, {
        municipalityId: file.municipalityId,
        ...kept.value,
        mime: file.mime,
        at: engine.clock.now(),
      })
      return { kind: file.kind, sha256: kept.value.sha256, fileName: file.fileName, mime: file.mime }
    },
    startJob: (tx, job) => {
      switch (job.queue) {
        case 'fetch-evidence':
          return engine.jobs.enqueue(tx, fetchEvidenceQueue, job.data)
        case 'keep-question-file':
          return engine.jobs.enqueue(tx, keepQuestionFileQueue, job.data)
        case 'read-roadmap':
          return engine.jobs.enqueue(tx, readRoadmapQueue, job.data)
        case 'publish-roadmap':
          return engine.jobs.enqueue(tx, publishRoadmapQueue, job.data)
        case 'read-people-list':
          return engine.jobs.enqueue(tx, readPeopleListQueue, job.data)
        case 'read-faq-file':
          return engine.jobs.enqueue(tx, readFaqFileQueue, job.data)
        case 'announcement-card':
          return engine.jobs.enqueue(tx, announcementCardQueue, job.data, {
            startAfter: CARD_PAUSE_SECONDS,
            singletonKey: `announcement:${job.data.announcementId}`,
          })
        case 'fetch-announcement-file':
          return engine.jobs.enqueue(tx, fetchAnnouncementFileQueue, job.data)
      }
    },
  }
}
