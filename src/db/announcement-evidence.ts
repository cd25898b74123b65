import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Attachment } from '../delivery/screen.ts'
import type { Instant } from '../kernel/clock.ts'
import { OPEN_STATES, type Task } from '../tasks/task.ts'
import type { Tx } from './database.ts'
import { evidence, tasks } from './schema/index.ts'
import { selectTasks } from './tasks.ts'

/** The tasks of an activity that may still get evidence, the earliest due first. */
export async function tasksOfActivity(tx: Tx, activityId: number): Promise<Task[]> {
  return selectTasks(tx)
    .where(and(eq(tasks.activityId, activityId), inArray(tasks.state, [...OPEN_STATES, 'reported'])))
    .orderBy(asc(tasks.dueOn), asc(tasks.id))
}

/** Puts a file that we made into a report. */
export async function addOwnEvidence(
  tx: Tx,
  given: { municipalityId: number; reportId: number; authorId: number; chat: string; file: Attachment; at: Instant },
): Promise<void> {
  const { municipalityId, reportId, authorId, chat, file, at } = given
  const row = {
    municipalityId,
    reportId,
    authorId,
    kind: 'document' as const,
    state: 'stored' as const,
    chat,
    messageId: -at.epochMilliseconds, // no message of the messenger brought it
    sha256: file.sha256,
    fileName: file.fileName,
    mime: file.mime,
    receivedAt: at,
  }
  await tx.insert(evidence).values(row).onConflictDoNothing()
}
