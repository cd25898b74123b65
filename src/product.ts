import { buffer } from 'node:stream/consumers'
import { z } from 'zod'
import type { Engine, Features } from './app.ts'
import { createProcessor } from './bot/processor.ts'
import type { Services } from './bot/services.ts'
import { LARGEST_DOWNLOAD } from './bot/telegram/api.ts'
import { enqueueDeliveries } from './db/deliveries.ts'
import { pictureHash } from './documents/picture-hash.ts'
import { BYTES_TO_TELL, fileKindOf } from './files/kind.ts'
import type { FileStore } from './files/store.ts'
import { sendDigests } from './jobs/digest.ts'
import { type EvidenceEdge, fetchEvidence } from './jobs/fetch-evidence.ts'
import { defineQueue, onQueue } from './jobs/queues.ts'
import { remind } from './jobs/remind.ts'

const Id = z.number().int().positive()

const evidenceQueue = defineQueue({
  name: 'fetch-evidence',
  schema: z.object({ municipalityId: Id, evidenceId: Id }),
})

/** Sovet on the engine: what it does with updates, jobs and minutes. */
export function product(engine: Engine): Features {
  const services = servicesOn(engine)
  const edge = evidenceEdge(engine)
  return {
    handle: createProcessor(services),
    apology: (incoming) => ({
      tapWords: 'Не получилось. Попробуйте, пожалуйста, ещё раз чуть позже.',
      delivery: {
        municipalityId: null,
        personId: null,
        messenger: incoming.messenger,
        chat: incoming.chat,
        lane: 'answer',
        reason: 'apology',
        content: {
          do: 'send',
          screen: { text: 'Это сообщение не получилось обработать. Попробуйте, пожалуйста, ещё раз.' },
        },
      },
    }),
    queues: [
      onQueue(evidenceQueue, (data, { attempt }) =>
        fetchEvidence(engine.database, services, edge, { ...data, lastTry: attempt >= evidenceQueue.attempts }),
      ),
    ],
    ticks: [
      { name: 'reminders', run: () => remind(engine.database, services) },
      { name: 'digest', run: () => sendDigests(engine.database, services) },
    ],
  }
}

function servicesOn(engine: Engine): Services {
  return {
    botUsername: engine.botUsername,
    now: () => engine.clock.now(),
    enqueue: enqueueDeliveries,
    keepFile: async (_, { municipalityId, bytes, fileName, mime, kind }) => {
      const kept = await engine.files.put(municipalityId, bytes)
      if (!kept.ok) throw new Error(`a file of ours cannot be kept: ${kept.refusal.code}`)
      return { kind, sha256: kept.value.sha256, fileName, mime }
    },
    startJob: async (tx, job) => {
      if (job.queue === 'fetch-evidence') await engine.jobs.enqueue(tx, evidenceQueue, job.data)
    },
  }
}

/** Files of the messenger, into our own store. Throws where another try may help. */
function evidenceEdge({ files, download }: Engine): EvidenceEdge {
  return {
    fetch: async ({ municipalityId, messengerFileId, fileName }) => {
      const bytes = await download(messengerFileId)
      if (!bytes.ok && bytes.refusal.code === 'failed') throw new Error(`the file did not come: ${bytes.refusal.cause}`)
      if (!bytes.ok) return { kind: 'gone', why: bytes.refusal.code }
      const kept = await files.put(municipalityId, bytes.value, { most: LARGEST_DOWNLOAD })
      if (!kept.ok && kept.refusal.code === 'too-big') return { kind: 'gone', why: 'too-big' }
      if (!kept.ok) throw new Error(`the file could not be kept: ${kept.refusal.code}`)
      const { mime } = await fileKindOf(await beginningOf(files, municipalityId, kept.value.sha256), fileName)
      return { kind: 'kept', ...kept.value, mime }
    },
    pictureHash: async ({ municipalityId, sha256 }) => {
      const bytes = await files.open(municipalityId, sha256)
      return bytes && pictureHash(await buffer(bytes))
    },
  }
}

async function beginningOf(files: FileStore, municipalityId: number, sha256: string): Promise<Buffer> {
  const bytes = await files.open(municipalityId, sha256)
  return bytes ? (await buffer(bytes)).subarray(0, BYTES_TO_TELL) : Buffer.alloc(0)
}
