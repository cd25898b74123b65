import type { PlainDate } from '../kernel/clock.ts'

/** Why somebody hears of a task in a slot. `own`: they must act; `escalated`: somebody of theirs is late. */
export type Notice = {
  taskId: number
  personId: number
  dueOn: PlainDate
  kind: 'own' | 'escalated'
  reason: NoticeReason
}
export type NoticeReason = 'before' | 'due' | 'overdue' | 'snoozed' | 'asked' | 'escalated'

/** All that one person is to be told in one slot: one message, the most pressing first. */
export type Bundle = { personId: number; own: Notice[]; escalated: Notice[] }

/** The notices of a slot, gathered by person; a task is told of once, as one's own where it is that. */
export function bundlesOf(notices: Notice[]): Bundle[] {
  const byPerson = Map.groupBy(notices, (notice) => notice.personId)
  return [...byPerson].map(([personId, all]) => {
    const own = once(all.filter((notice) => notice.kind === 'own'))
    const ownIds = new Set(own.map((notice) => notice.taskId))
    const escalated = once(all.filter((notice) => notice.kind === 'escalated' && !ownIds.has(notice.taskId)))
    return { personId, own, escalated }
  })
}

function once(notices: Notice[]): Notice[] {
  const found = new Map(notices.map((notice) => [notice.taskId, notice]))
  return [...found.values()].sort(
    (left, right) => left.dueOn.toString().localeCompare(right.dueOn.toString()) || left.taskId - right.taskId,
  )
}
