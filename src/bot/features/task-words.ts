import { curatorsOfTask, peopleWithRoles, type Recipient } from '../../db/people.ts'
import type { Instant } from '../../kernel/clock.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { ReportRefusal } from '../../tasks/report-task.ts'
import type { Task } from '../../tasks/task.ts'
import { stateWords } from '../screens/task.ts'
import type { Turn } from '../turn.ts'
import { type Say, shortened, type WordKey } from '../words.ts'

const REFUSALS = {
  'not-found': 'task.refusal.not-found',
  'not-yours': 'task.refusal.not-yours',
  'moved-on': 'task.refusal.moved-on',
  already: 'task.refusal.already',
  settled: 'task.refusal.settled',
  'not-reported': 'task.refusal.not-reported',
  reviewed: 'task.refusal.reviewed',
} as const satisfies Record<ReportRefusal['code'], WordKey>

/** Says why nothing changed: on the tapped button, or as a message to words. */
export async function toastRefusal(turn: Turn, refusal: ReportRefusal): Promise<void> {
  const key = REFUSALS[refusal.code]
  const gaps = 'state' in refusal ? { state: stateWords(turn.say, refusal.state) } : {}
  if (turn.incoming.kind === 'tap') turn.toast(turn.say.plain(key, gaps), true)
  else turn.send({ text: turn.say(key, gaps) })
}

const EVENTS: Record<string, WordKey> = {
  'task-started': 'task.event.task-started',
  'task-reported': 'task.event.task-reported',
  'report-withdrawn': 'task.event.report-withdrawn',
  'task-accepted': 'task.event.task-accepted',
  'review-reopened': 'task.event.review-reopened',
  'task-returned': 'task.event.task-returned',
  'task-blocked': 'task.event.task-blocked',
  'task-cancelled': 'task.event.task-cancelled',
  'task-restored': 'task.event.task-restored',
  'task-postponed': 'task.event.task-postponed',
  'task-rescheduled': 'task.event.task-rescheduled',
  'task-dropped': 'task.event.task-dropped',
  'task-assigned': 'task.event.task-assigned',
}

/** One line of a task's history: when, what, who. */
export function historyLine(
  say: Say,
  event: { kind: string; at: Instant; facts: Record<string, unknown>; actorName: string | null },
): string {
  const key = EVENTS[event.kind]
  const what = key ? say(key, factWords(say, event.facts)) : event.kind
  const when = say.moment(event.at)
  return event.actorName
    ? say('task.card.historyLineBy', { when, what, who: event.actorName })
    : say('task.card.historyLine', { when, what })
}

function factWords(say: Say, facts: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      const text = String(value ?? '')
      return [name, /^\d{4}-\d{2}-\d{2}$/.test(text) ? say.day(Temporal.PlainDate.from(text)) : shortened(text, 200)]
    }),
  )
}

/** The gaps that texts about a task need. */
export function wordsFor(turn: Turn, task: Task) {
  return { title: shortened(task.title, 200), due: turn.say.day(task.dueOn), school: task.organizationName }
}

/** Those who review a task's reports: the school's curators, who may be asked for already, or, where it has none, the coordinators; never the person who acts. */
export async function curatorsOf(
  turn: Turn,
  task: Pick<Task, 'id'>,
  asked: Promise<Recipient[]> = curatorsOfTask(turn.tx, task.id),
): Promise<Recipient[]> {
  const curators = await asked
  const found = curators.length > 0 ? curators : await peopleWithRoles(turn.tx, turn.municipality.id, ['coordinator'])
  return found.filter(({ personId }) => personId !== turn.actor.personId)
}
