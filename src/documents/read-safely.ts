import { Worker } from 'node:worker_threads'
import type { Period, ScheduleJson } from '../deadlines/schedule.ts'
import { Temporal } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import type { ActivityDraft, RoadmapDraft, RoadmapRefusal } from '../roadmaps/reading/draft.ts'
import type { DocumentRefusal, ReadingResult } from './limits.ts'

type PeriodJson = { from: string; to: string }

/** What a thread is asked for; dates cross between threads as text. */
export type ReadingTask = { want: 'document' | 'roadmap'; bytes: Uint8Array; period?: PeriodJson }
export type ToldRoadmap = {
  title: string
  period: PeriodJson
  activities: (Omit<ActivityDraft, 'schedule'> & { schedule: ScheduleJson })[]
}

export type SafeReading = {
  /** After so long the document is given back unread; 60 where not given. */
  timeoutSeconds?: number
  /** Called once the rows of the tables are counted, before the deadlines are understood. */
  onProgress?: (progress: { rows: number }) => void
}

/** A large plan takes a second. A busy server may need many times as long; whoever sent it sees that it is being read. */
const TIMEOUT_SECONDS = 60
const MEMORY_MEGABYTES = 192

/** `readDocument` in a thread of its own: the event loop stays free, and neither time nor memory runs away. */
export function readDocumentSafely(bytes: Uint8Array, options: SafeReading = {}): Promise<ReadingResult> {
  return runInThread<ReadingResult>({ want: 'document', bytes }, options)
}

export type RoadmapFileResult = Result<RoadmapDraft, DocumentRefusal | RoadmapRefusal>

/** Reads a document and the roadmap in it, both in a thread of its own. `period` wins over what the document says. */
export async function readRoadmapSafely(
  bytes: Uint8Array,
  options: SafeReading & { period?: Period } = {},
): Promise<RoadmapFileResult> {
  const { period } = options
  const told = period ? { period: { from: period.from.toString(), to: period.to.toString() } } : {}
  const answer = await runInThread<Result<ToldRoadmap, DocumentRefusal | RoadmapRefusal>>(
    { want: 'roadmap', bytes, ...told },
    options,
  )
  return answer.ok ? ok(draftOf(answer.value)) : answer
}

/** A period as it crosses between threads, read back. */
export function tellPeriod({ from, to }: PeriodJson): Period {
  return { from: Temporal.PlainDate.from(from), to: Temporal.PlainDate.from(to) }
}

function draftOf({ title, period, activities }: ToldRoadmap): RoadmapDraft {
  return {
    title,
    period: tellPeriod(period),
    activities: activities.map((activity) => ({
      ...activity,
      schedule: {
        ...activity.schedule,
        windows: activity.schedule.windows.map(({ from, due }) => ({
          from: Temporal.PlainDate.from(from),
          due: Temporal.PlainDate.from(due),
        })),
      },
    })),
  }
}

type Message<Answer> = { kind: 'progress'; rows: number } | { kind: 'answer'; answer: Answer }

function runInThread<Answer extends Result<unknown, { code: string }>>(
  task: ReadingTask,
  { timeoutSeconds = TIMEOUT_SECONDS, onProgress }: SafeReading,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./reading-worker.ts', import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MEGABYTES, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
    })
    const end = (settle: () => void) => {
      clearTimeout(timer)
      settle()
      void worker.terminate()
    }
    const giveUp = (refusal: DocumentRefusal) => end(() => resolve(refuse(refusal) as unknown as Answer))
    const timer = setTimeout(
      () => giveUp({ code: 'took-too-long', limitSeconds: timeoutSeconds }),
      timeoutSeconds * 1_000,
    )
    worker.on('message', (message: Message<Answer>) => {
      if (message.kind === 'progress') onProgress?.({ rows: message.rows })
      else end(() => resolve(message.answer))
    })
    worker.once('error', (problem: Error & { code?: string }) => {
      if (problem.code === 'ERR_WORKER_OUT_OF_MEMORY') giveUp({ code: 'too-heavy' })
      else end(() => reject(new Error('the thread that reads documents failed', { cause: problem })))
    })
    worker.once('exit', (code) => {
      if (code !== 0) giveUp({ code: 'too-heavy' })
    })
  })
}
