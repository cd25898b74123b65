import { z } from 'zod'
import { holds, may, organizationsOf } from '../../access/rights.ts'
import { curatorNames, peopleWithRoles } from '../../db/people.ts'
import { hasTasks, historyOf, latestReport, openTasks, settledTasks, type TaskOwner } from '../../db/task-lists.ts'
import { tasksByIds, taskUnit } from '../../db/tasks.ts'
import { assignTask, changeTask, withdrawReport } from '../../tasks/report-task.ts'
import type { Task } from '../../tasks/task.ts'
import {
  askNotForUs,
  askObstacle,
  assignToMe,
  chooseObstacle,
  giveBack,
  markDone,
  markStarted,
  openDoneList,
  openHistory,
  openTask,
  openTaskList,
  restoreTask,
  withdraw,
} from '../buttons.ts'
import { doneListScreen, PAGE_SIZE, taskCard, taskListScreen } from '../screens/task.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened, type WordKey } from '../words.ts'
import { answerInPlace, open, refresh } from './in-place.ts'
import { sayDone } from './report-flow.ts'
import { curatorsOf, historyLine, toastRefusal, wordsFor } from './task-words.ts'

const OBSTACLES = {
  people: 'task.blocked.people',
  money: 'task.blocked.money',
  time: 'task.blocked.time',
  papers: 'task.blocked.papers',
  others: 'task.blocked.others',
} as const satisfies Record<string, WordKey>

const OfTask = (kind: string) => z.object({ kind: z.literal(kind), taskId: z.number().int() })

/** «Мои задачи», a task's card, and what a person of the executing organization does with buttons. */
export const myTasks: Feature = {
  menu: [
    {
      key: 'menu.myTasks',
      command: 'tasks',
      shown: (actor) => holds(actor, ['head', 'deputy', 'coordinator']),
      allowed: (actor) => holds(actor, ['head', 'deputy', 'coordinator', 'curator']), // who may have a task assigned
      run: (turn) => showList(turn, 0),
    },
  ],
  taps: [
    on(openTaskList, showList),
    on(openDoneList, showDone),
    on(openTask, (turn, taskId) => showCard(turn, taskId, 0)),
    on(openHistory, (turn, taskId) => showCard(turn, taskId, 8)),
    on(markDone, async (turn, taskId, version) => {
      await sayDone(turn, { taskId, version })
    }),
    on(markStarted, start),
    on(withdraw, undo),
    on(restoreTask, restore),
    on(askObstacle, askWhatStandsInTheWay),
    on(chooseObstacle, (turn, taskId, reason) => {
      const key = OBSTACLES[reason as keyof typeof OBSTACLES]
      return key ? block(turn, taskId, turn.say.plain(key)) : undefined
    }),
    on(askNotForUs, askWhyNotForUs),
    on(assignToMe, (turn, taskId, version) => assign(turn, taskId, version, turn.actor.personId)),
    on(giveBack, (turn, taskId, version) => assign(turn, taskId, version, null)),
  ],
  dialogs: [
    waitingFor('obstacle', OfTask('obstacle'), async (turn, { taskId }) =>
      inWords(turn, (words) => block(turn, taskId as number, words)),
    ),
    waitingFor('not-for-us', OfTask('not-for-us'), async (turn, { taskId }) =>
      inWords(turn, (words) => cancel(turn, taskId as number, words)),
    ),
  ],
}

/** Whose tasks the person of this turn acts for. */
export function ownerOf(turn: Turn): TaskOwner {
  return {
    organizationIds: organizationsOf(turn.actor, ['head', 'deputy', 'coordinator']),
    personId: turn.actor.personId,
  }
}

async function showList(turn: Turn, page: number): Promise<void> {
  const owner = ownerOf(turn)
  const tasks = await openTasks(turn.tx, owner)
  if (tasks.length === 0) {
    const key = (await hasTasks(turn.tx, owner)) ? 'task.list.empty' : 'task.list.emptyNotYet'
    return open(turn, {
      text: turn.say(key),
      buttons: [[{ label: turn.say.plain('task.list.done'), action: openDoneList(0) }]],
    })
  }
  const withSchool = new Set(tasks.map((task) => task.organizationId)).size > 1
  const shown = tasks.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE).map((task) => task.id)
  open(turn, taskListScreen(turn.say, { tasks, page, today: turn.today, withSchool }), { tasks: shown, view: 'list' })
}

async function showDone(turn: Turn, page: number): Promise<void> {
  const found = await settledTasks(turn.tx, ownerOf(turn), { size: PAGE_SIZE + 1, index: page })
  open(turn, doneListScreen(turn.say, { tasks: found.slice(0, PAGE_SIZE), page, hasMore: found.length > PAGE_SIZE }))
}

/** Shows a task's card to whoever may see it; `historyLines`: how much of its history. */
export async function showCard(turn: Turn, taskId: number, historyLines: number): Promise<void> {
  const [task] = await tasksByIds(turn.tx, [taskId])
  if (!task) return turn.toast(turn.say.plain('task.refusal.not-found'), true)
  if (!may(turn.actor, 'see-task', task)) return turn.toast(turn.say.plain('task.refusal.not-yours'), true)
  const newest = await latestReport(turn.tx, task.id)
  const history = historyLines > 0 ? await historyOf(turn.tx, task.id, historyLines) : []
  const screen = taskCard(turn.say, {
    task,
    today: turn.today,
    curators: await curatorNames(turn.tx, task.organizationId),
    report: newest && { ...newest.report, stored: newest.stored },
    mayReport: may(turn.actor, 'report-task', task),
    mayAssign: may(turn.actor, 'assign-task', task),
    maySeeSchool: may(turn.actor, 'see-school', task),
    personId: turn.actor.personId,
    history: history.map((event) => historyLine(turn.say, event)),
  })
  open(turn, screen, { tasks: [task.id], view: 'card' })
}

async function start(turn: Turn, taskId: number, version: number): Promise<void> {
  const result = await changeTask(taskUnit(turn.tx, turn.now), {
    actor: turn.actor,
    cause: turn.cause,
    taskId,
    version,
    change: { do: 'start' },
  })
  if (!result.ok) await toastRefusal(turn, result.refusal)
  else turn.toast(turn.say.plain('task.confirm.started', wordsFor(turn, result.value)))
  await refresh(turn)
}

async function undo(turn: Turn, taskId: number, version: number): Promise<void> {
  const result = await withdrawReport(taskUnit(turn.tx, turn.now), {
    actor: turn.actor,
    cause: turn.cause,
    taskId,
    version,
  })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  turn.toast(turn.say.plain('common.cancelled'))
  await showCard(turn, taskId, 0)
}

async function restore(turn: Turn, taskId: number, version: number): Promise<void> {
  const result = await changeTask(taskUnit(turn.tx, turn.now), {
    actor: turn.actor,
    cause: turn.cause,
    taskId,
    version,
    change: { do: 'restore' },
  })
  if (!result.ok) await toastRefusal(turn, result.refusal)
  else turn.toast(turn.say.plain('task.confirm.restored', wordsFor(turn, result.value)))
  await showCard(turn, taskId, 0)
}

async function askWhatStandsInTheWay(turn: Turn, taskId: number, version: number): Promise<void> {
  const task = await reportable(turn, taskId, version)
  if (!task) return
  turn.await({ kind: 'obstacle', taskId })
  const reasons = Object.entries(OBSTACLES).map(([reason, key]) => [
    { label: turn.say.plain(key), action: chooseObstacle(taskId, reason) },
  ])
  const buttons = [...reasons, [{ label: turn.say.plain('common.back'), action: openTask(taskId) }]]
  open(turn, { text: turn.say('task.blocked.ask', wordsFor(turn, task)), buttons }, { tasks: [taskId] })
}

async function askWhyNotForUs(turn: Turn, taskId: number, version: number): Promise<void> {
  const task = await reportable(turn, taskId, version)
  if (!task) return
  turn.await({ kind: 'not-for-us', taskId })
  const buttons = [[{ label: turn.say.plain('common.back'), action: openTask(taskId) }]]
  open(turn, { text: turn.say('task.notForUs.ask', wordsFor(turn, task)), buttons }, { tasks: [taskId] })
}

async function reportable(turn: Turn, taskId: number, version: number): Promise<Task | null> {
  const [task] = await tasksByIds(turn.tx, [taskId])
  if (!task || !may(turn.actor, 'report-task', task)) {
    await toastRefusal(turn, { code: task ? 'not-yours' : 'not-found' })
    return null
  }
  if (task.version === version) return task
  await toastRefusal(turn, { code: 'moved-on', state: task.state })
  await refresh(turn)
  return null
}

async function inWords(turn: Turn, act: (words: string) => Promise<void>): Promise<boolean> {
  if (turn.incoming.kind !== 'text') return false
  await act(shortened(turn.incoming.text, 500))
  return true
}

async function assign(turn: Turn, taskId: number, version: number, personId: number | null): Promise<void> {
  const result = await assignTask(taskUnit(turn.tx, turn.now), {
    actor: turn.actor,
    cause: turn.cause,
    taskId,
    version,
    personId,
  })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  const gaps = { ...wordsFor(turn, result.value), who: turn.person.fullName }
  turn.toast(turn.say.plain(personId === null ? 'task.confirm.givenBack' : 'task.confirm.assigned', gaps), true)
  await showCard(turn, taskId, 0)
  const heads = await peopleWithRoles(turn.tx, turn.municipality.id, ['head', 'deputy'], result.value.organizationId)
  const text = turn.say(personId === null ? 'task.confirm.givenBackTold' : 'task.confirm.assignedTold', gaps)
  await turn.tell(heads, { text }, { reason: 'task-assigned', subject: { tasks: [taskId], view: 'card' } })
}

/** Marks a task as blocked and tells the school's curators at once. */
export async function block(turn: Turn, taskId: number, obstacle: string): Promise<void> {
  const result = await changeTask(taskUnit(turn.tx, turn.now), {
    actor: turn.actor,
    cause: turn.cause,
    taskId,
    change: { do: 'block', obstacle },
  })
  turn.forget()
  if (!result.ok) return toastRefusal(turn, result.refusal)
  const gaps = { ...wordsFor(turn, result.value), obstacle }
  const screen = { text: turn.say('task.confirm.blocked', gaps), buttons: openRow(turn, result.value) }
  await answerInPlace(turn, screen, { tasks: [taskId] })
  await tellCurators(turn, result.value, turn.say('task.blocked.told', { ...gaps, who: turn.person.fullName }))
}

/** Takes a task off as not applicable and tells the school's curators. */
export async function cancel(turn: Turn, taskId: number, reason: string): Promise<void> {
  const result = await changeTask(taskUnit(turn.tx, turn.now), {
    actor: turn.actor,
    cause: turn.cause,
    taskId,
    change: { do: 'cancel', reason },
  })
  turn.forget()
  if (!result.ok) return toastRefusal(turn, result.refusal)
  const gaps = { ...wordsFor(turn, result.value), reason }
  const buttons = [[{ label: turn.say.plain('common.undo'), action: restoreTask(taskId, result.value.version) }]]
  await answerInPlace(turn, { text: turn.say('task.confirm.cancelled', gaps), buttons }, { tasks: [taskId] })
  await tellCurators(turn, result.value, turn.say('task.notForUs.told', { ...gaps, who: turn.person.fullName }))
}

/** Puts a task in work from words, with a confirmation. */
export async function startInWords(turn: Turn, taskId: number): Promise<void> {
  const result = await changeTask(taskUnit(turn.tx, turn.now), {
    actor: turn.actor,
    cause: turn.cause,
    taskId,
    change: { do: 'start' },
  })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  const screen = {
    text: turn.say('task.confirm.started', wordsFor(turn, result.value)),
    buttons: openRow(turn, result.value),
  }
  await answerInPlace(turn, screen, { tasks: [taskId] })
}

function openRow(turn: Turn, task: Task) {
  return [
    [{ label: turn.say.plain('task.button.done'), tone: 'good' as const, action: markDone(task.id, task.version) }],
  ]
}

async function tellCurators(turn: Turn, task: Task, text: string): Promise<void> {
  await turn.tell(
    await curatorsOf(turn, task),
    { text, buttons: [[{ label: turn.say.plain('task.button.open'), action: openTask(task.id) }]] },
    {
      reason: 'task-changed',
      subject: { tasks: [task.id], view: 'card' },
    },
  )
}
