import { z } from 'zod'
import { may } from '../../access/rights.ts'
import { postponeUnit } from '../../db/postponements.ts'
import { keepSnooze } from '../../db/snoozes.ts'
import { tasksByIds } from '../../db/tasks.ts'
import { readSchedule } from '../../deadlines/read-schedule.ts'
import { type PlainDate, Temporal } from '../../kernel/clock.ts'
import { readReply } from '../../replies/read-reply.ts'
import { answerPostponement, askPostponement, type Postponed, type PostponeRefusal } from '../../tasks/postpone.ts'
import type { Task } from '../../tasks/task.ts'
import {
  askLaterDay,
  askSnooze,
  chooseLaterDay,
  grantPostponement,
  openTask,
  refusePostponement,
  snoozeUntil,
} from '../buttons.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened } from '../words.ts'
import { answerInPlace, open } from './in-place.ts'
import { curatorsOf, toastRefusal, wordsFor } from './task-words.ts'

const LaterDay = z.object({ kind: z.literal('later-day'), taskId: z.number().int(), reason: z.string().nullable() })

/** A later due day, which the curator grants with one tap; and «Напомнить позже», which moves no date. */
export const postpone: Feature = {
  taps: [
    on(askLaterDay, (turn, taskId) => askForDay(turn, taskId, null)),
    on(chooseLaterDay, (turn, taskId, day) => wishFor(turn, taskId, day, null)),
    on(grantPostponement, (turn, id) => answer(turn, id, true)),
    on(refusePostponement, (turn, id) => answer(turn, id, false)),
    on(askSnooze, chooseSnooze),
    on(snoozeUntil, snooze),
  ],
  dialogs: [
    waitingFor('later-day', LaterDay, async (turn, { taskId, reason }) => {
      if (turn.incoming.kind !== 'text') return false
      const day = dayIn(turn.incoming.text, turn.today)
      if (day) await wishFor(turn, taskId as number, day, reason as string | null)
      else turn.send({ text: turn.say('postpone.askAgain') })
      return true
    }),
  ],
}

/** The day that words name, as a due day within a year from `today`: «на неделю», «20.04», «конец месяца»; null where they name none. */
function dayIn(words: string, today: PlainDate): PlainDate | null {
  const [asked] = readReply(`перенесите ${words}`, { today }).parts
  if (asked?.postponeTo) return asked.postponeTo
  const schedule = readSchedule(words, { from: today, to: today.add({ years: 1 }) })
  const later = schedule.windows.map((window) => window.due).filter((due) => Temporal.PlainDate.compare(due, today) > 0)
  return later[0] ?? null
}

/** Asks until which day, with likely days on buttons. */
export async function askForDay(turn: Turn, taskId: number, reason: string | null): Promise<void> {
  const task = await ownTask(turn, taskId)
  if (!task) return
  const { say } = turn
  const base = Temporal.PlainDate.compare(task.dueOn, turn.today) > 0 ? task.dueOn : turn.today
  const days: [Parameters<typeof say.plain>[0], PlainDate][] = [
    ['postpone.week', turn.calendar.nextWorking(base.add({ days: 7 }))],
    ['postpone.twoWeeks', turn.calendar.nextWorking(base.add({ days: 14 }))],
    ['postpone.endOfMonth', base.add({ days: 1 }).with({ day: 31 })],
  ]
  turn.await({ kind: 'later-day', taskId, reason })
  open(
    turn,
    {
      text: say('postpone.ask', wordsFor(turn, task)),
      buttons: [
        ...days.map(([key, day]) => [
          { label: say.plain(key, { day: say.day(day) }), action: chooseLaterDay(taskId, day) },
        ]),
        [{ label: say.plain('common.back'), action: openTask(taskId) }],
      ],
    },
    { tasks: [taskId] },
  )
}

async function ownTask(turn: Turn, taskId: number): Promise<Task | null> {
  const [task] = await tasksByIds(turn.tx, [taskId])
  if (task && may(turn.actor, 'report-task', task)) return task
  await toastRefusal(turn, { code: task ? 'not-yours' : 'not-found' })
  return null
}

/** Asks the curator for `day`; who reviews the task themselves is granted it at once. */
export async function wishFor(turn: Turn, taskId: number, day: PlainDate, reason: string | null): Promise<void> {
  const result = await askPostponement(postponeUnit(turn.tx, turn.now), {
    actor: turn.actor,
    cause: turn.cause,
    taskId,
    to: day,
    reason,
    today: turn.today,
  })
  if (!result.ok) return refused(turn, result.refusal)
  turn.forget()
  const { task, step } = result.value
  const gaps = { ...wordsFor(turn, task), day: turn.say.day(day) }
  const text = turn.say(step === 'asked' ? 'postpone.asked' : 'postpone.granted', gaps)
  await answerInPlace(turn, { text }, { tasks: [taskId] })
  if (step === 'asked') await askCurators(turn, result.value)
}

async function askCurators(turn: Turn, { task, wish }: Postponed): Promise<void> {
  const { say } = turn
  const day = say.day(wish.dueAfter)
  const reason = wish.reason ? say('postpone.reason', { reason: shortened(wish.reason, 500) }) : ''
  const screen = {
    text: say('postpone.toCurator', { ...wordsFor(turn, task), day, reason, who: turn.person.fullName }),
    buttons: [
      [
        { label: say.plain('postpone.grant', { day }), tone: 'good' as const, action: grantPostponement(wish.id) },
        { label: say.plain('postpone.refuse'), tone: 'bad' as const, action: refusePostponement(wish.id) },
      ],
      [{ label: say.plain('task.button.open'), action: openTask(task.id) }],
    ],
  }
  await turn.tell(await curatorsOf(turn, task), screen, {
    reason: 'postponement-asked',
    subject: { tasks: [task.id], postponement: wish.id },
    onceKey: `postponement:${wish.id}`,
  })
}

async function answer(turn: Turn, postponementId: number, granted: boolean): Promise<void> {
  const result = await answerPostponement(postponeUnit(turn.tx, turn.now), {
    actor: turn.actor,
    cause: turn.cause,
    postponementId,
    granted,
  })
  if (!result.ok) return refused(turn, result.refusal)
  const { task, wish } = result.value
  const gaps = { ...wordsFor(turn, task), day: turn.say.day(wish.dueAfter), who: turn.person.fullName }
  turn.show(
    { text: turn.say(granted ? 'postpone.answeredGranted' : 'postpone.answeredRefused', gaps) },
    { tasks: [task.id] },
  )
  const screen = { text: turn.say(granted ? 'postpone.toldGranted' : 'postpone.toldRefused', gaps) }
  await turn.tell([wish.askedById], screen, {
    reason: 'postponement-answered',
    subject: { tasks: [task.id] },
    onceKey: `postponement-answered:${wish.id}`,
  })
}

function refused(turn: Turn, refusal: PostponeRefusal): Promise<void> | void {
  if (refusal.code === 'answered') return turn.toast(turn.say.plain('postpone.alreadyAnswered'), true)
  if (refusal.code !== 'not-later') return toastRefusal(turn, refusal)
  turn.send({ text: turn.say('postpone.notLater', { due: turn.say.day(refusal.dueOn) }) })
}

async function chooseSnooze(turn: Turn, taskId: number): Promise<void> {
  const task = await ownTask(turn, taskId)
  if (!task) return
  const { say, today, calendar } = turn
  const tomorrow = calendar.nextWorking(today.add({ days: 1 }))
  const monday = calendar.nextWorking(today.add({ days: 8 - today.dayOfWeek }))
  const dayBefore = calendar.previousWorking(task.dueOn.subtract({ days: 1 }))
  const isTomorrow = tomorrow.equals(today.add({ days: 1 }))
  const choices = [
    { key: isTomorrow ? 'postpone.snoozeTomorrow' : 'postpone.snoozeNextWorking', day: tomorrow },
    { key: 'postpone.snoozeMonday', day: monday },
    { key: 'postpone.snoozeDayBefore', day: dayBefore },
  ] as const
  const later = choices.filter(({ day }, index) => index === 0 || Temporal.PlainDate.compare(day, tomorrow) > 0)
  open(
    turn,
    {
      text: say('postpone.snoozeAsk', wordsFor(turn, task)),
      buttons: [
        ...later.map(({ key, day }) => [
          { label: say.plain(key, { day: say.weekday(day) }), action: snoozeUntil(taskId, day) },
        ]),
        [{ label: say.plain('common.back'), action: openTask(taskId) }],
      ],
    },
    { tasks: [taskId] },
  )
}

async function snooze(turn: Turn, taskId: number, day: PlainDate): Promise<void> {
  const task = await ownTask(turn, taskId)
  if (!task) return
  const latest = turn.today.add({ months: 6 })
  const remindOn = Temporal.PlainDate.compare(day, latest) > 0 ? latest : day
  await keepSnooze(turn.tx, { municipalityId: turn.municipality.id, taskId, personId: turn.actor.personId, remindOn })
  turn.show(
    { text: turn.say('postpone.snoozed', { ...wordsFor(turn, task), day: turn.say.weekday(remindOn) }) },
    { tasks: [taskId] },
  )
}
