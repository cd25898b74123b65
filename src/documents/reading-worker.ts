import { parentPort, workerData } from 'node:worker_threads'
import { scheduleToJson } from '../deadlines/schedule.ts'
import { ok } from '../kernel/result.ts'
import { readDocument } from './read-document.ts'
import { type ReadingTask, type ToldRoadmap, tellPeriod } from './read-safely.ts'

/** Runs in a thread of its own, with limits of memory and time: reads one document and ends. */
async function answer(task: ReadingTask): Promise<unknown> {
  const document = await readDocument(task.bytes)
  if (task.want === 'document' || !document.ok) return document
  const rows = document.value.blocks.reduce((sum, block) => sum + (block.kind === 'table' ? block.rows.length : 0), 0)
  parentPort?.postMessage({ kind: 'progress', rows })
  const [{ readRoadmap }, { deadlineReader }] = await Promise.all([
    import('../roadmaps/reading/read-roadmap.ts'),
    import('../roadmaps/reading/deadline-reader.ts'),
  ])
  const period = task.period ? { period: tellPeriod(task.period) } : {}
  const roadmap = readRoadmap(document.value, deadlineReader, period)
  if (!roadmap.ok) return roadmap
  const told: ToldRoadmap = {
    title: roadmap.value.title,
    period: { from: roadmap.value.period.from.toString(), to: roadmap.value.period.to.toString() },
    activities: roadmap.value.activities.map((activity) => ({
      ...activity,
      schedule: scheduleToJson(activity.schedule),
    })),
  }
  return ok(told)
}

parentPort?.postMessage({ kind: 'answer', answer: await answer(workerData as ReadingTask) })
