import type { PlainDate } from '../kernel/clock.ts'

/** What a part of a reply means for its tasks. Only the first five change a task; `unclear` is where a careful secretary would ask back. */
export type Intent =
  | 'done'
  | 'in_progress'
  | 'cannot'
  | 'postpone'
  | 'not_applicable'
  | 'question'
  | 'small_talk'
  | 'unclear'

/** How words name a task: an integer is a number of the message's own list, a string a number of the roadmap («1.3»). */
export type TaskName = number | string

/**
 * What a reply says of some tasks. `tasks` is empty where none is named. `date` is the day on which it was done, never later than
 * today; `postponeTo` the day asked for; `reason` the words that say why, as written.
 */
export type Part = {
  tasks: TaskName[]
  intent: Intent
  date: PlainDate | null
  postponeTo: PlainDate | null
  reason: string | null
}

/** A number of the reply with the words counted, as written: «24» of «педагога», «100» of «% охват». `of` is empty where nothing is named. */
export type Count = { value: number; of: string }

/** A reply as understood. `parts` is never empty, and no two parts have the same tasks and the same intent. */
export type Reply = { parts: Part[]; numbers: Count[]; links: string[] }

/** Where the reply was said: `today` in the municipality's zone; `taskCount` is the length of the list replied to, where it is known. */
export type ReplyContext = { today: PlainDate; taskCount?: number }

/** The JSON of a Reply as the command line prints it: dates as YYYY-MM-DD. */
export type ReplyJson = {
  parts: { tasks: TaskName[]; intent: Intent; date: string | null; postponeTo: string | null; reason: string | null }[]
  numbers: Count[]
  links: string[]
}

const CHANGING: ReadonlySet<Intent> = new Set(['done', 'in_progress', 'cannot', 'postpone', 'not_applicable'])

/** Whether a part with this intent changes the state of a task. */
export function changesTask(intent: Intent): boolean {
  return CHANGING.has(intent)
}

/** `reply` with its dates written as YYYY-MM-DD, for JSON. */
export function replyToJson(reply: Reply): ReplyJson {
  return {
    parts: reply.parts.map((part) => ({
      tasks: part.tasks,
      intent: part.intent,
      date: part.date?.toString() ?? null,
      postponeTo: part.postponeTo?.toString() ?? null,
      reason: part.reason,
    })),
    numbers: reply.numbers,
    links: reply.links,
  }
}
