import { and, eq } from 'drizzle-orm'
import type { Instant } from '../kernel/clock.ts'
import type { PostponementStore, PostponeUnit } from '../tasks/postpone.ts'
import type { Tx } from './database.ts'
import { postponements } from './schema/index.ts'
import { lockTaskOf, taskUnit } from './tasks.ts'

/** What postponing needs, on one transaction. */
export function postponeUnit(tx: Tx, now: Instant): PostponeUnit {
  return { ...taskUnit(tx, now), postponements: postponementStore(tx) }
}

function postponementStore(tx: Tx): PostponementStore {
  return {
    async lock(id) {
      await lockTaskOf(tx, postponements, id)
      const [row] = await tx.select().from(postponements).where(eq(postponements.id, id)).for('update')
      return row ?? null
    },
    async ask(task, wish, cause) {
      await tx
        .update(postponements)
        .set({ state: 'withdrawn', answeredAt: cause.at })
        .where(and(eq(postponements.taskId, task.id), eq(postponements.state, 'asked')))
      const [row] = await tx
        .insert(postponements)
        .values({
          municipalityId: task.municipalityId,
          taskId: task.id,
          askedById: wish.askedById,
          askedAt: cause.at,
          dueBefore: task.dueOn,
          dueAfter: wish.to,
          reason: wish.reason,
        })
        .returning()
      if (!row) throw new Error(`no wish was kept for task ${task.id}`)
      return row
    },
    async answer(wish, state, cause) {
      await tx
        .update(postponements)
        .set({ state, answeredById: cause.personId, answeredAt: cause.at })
        .where(eq(postponements.id, wish.id))
      return { ...wish, state }
    },
  }
}
