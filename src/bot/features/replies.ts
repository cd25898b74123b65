import { z } from 'zod'
import { holds } from '../../access/rights.ts'
import { lately, openTasks } from '../../db/task-lists.ts'
import { tasksByIds, taskUnit } from '../../db/tasks.ts'
import { matchTasks } from '../../replies/match-tasks.ts'
import { readReply } from '../../replies/read-reply.ts'
import type { Part, Reply } from '../../replies/reply.ts'
import type { ReportWords } from '../../tasks/ports.ts'
import { openBasket } from '../../tasks/report-task.ts'
import { isOpen, type Task } from '../../tasks/task.ts'
import { askNotForUs, askObstacle, chooseTaskForWords, markDone, markStarted } from '../buttons.ts'
import { candidateLabel } from '../screens/evidence.ts'
import { type Feature, on, type Turn } from '../turn.ts'
import { shortened } from '../words.ts'
import { block, cancel, ownerOf, showCard, startInWords } from './my-tasks.ts'
import { askForDay, wishFor } from './postpone.ts'
import { sayDone } from './report-flow.ts'

const WhichTask = z.object({ kind: z.literal('which-task'), words: z.string() })

/** Free words of those who carry out tasks: as a reply to a message, or simply written. */
export const replies: Feature = {
  taps: [
    on(chooseTaskForWords, async (turn, taskId) => {
      const waiting = WhichTask.safeParse(turn.dialog)
      turn.forget()
      if (!waiting.success || !(await readWords(turn, waiting.data.words, { taskIds: [taskId], withEvidence: false })))
        await showCard(turn, taskId, 0)
    }),
  ],
  text: async (turn) => {
    if (turn.incoming.kind !== 'text' || !holds(turn.actor, ['head', 'deputy', 'coordinator'])) return false
    const named = turn.subject?.tasks ?? []
    const taskIds =
      named.length > 0 ? named : await lately(turn.tx, turn.actor.personId, turn.today.subtract({ days: 14 }))
    return readWords(turn, turn.incoming.text, { taskIds, withEvidence: false, guessed: named.length === 0 })
  },
}

type About = { taskIds: number[]; withEvidence: boolean; guessed?: boolean }

/** Reads words about some tasks and does what they say; where it is not clear what or which, asks with buttons. False: they say nothing about tasks. */
export async function readWords(turn: Turn, words: string, about: About): Promise<boolean> {
  const reply = readReply(words, {
    today: turn.today,
    ...(about.taskIds.length > 0 ? { taskCount: about.taskIds.length } : {}),
  })
  const tasks = await tasksByIds(turn.tx, about.taskIds)
  let taken = false
  for (const part of reply.parts) taken = (await applyPart(turn, words, reply, part, tasks, about)) || taken
  return taken
}

async function applyPart(
  turn: Turn,
  words: string,
  reply: Reply,
  part: Part,
  tasks: Task[],
  about: About,
): Promise<boolean> {
  if (part.intent === 'question') return false
  if (part.intent === 'small_talk') return smallTalk(turn, words, tasks, about)
  const meant = part.tasks.length > 0 ? named(part, tasks) : tasks
  const [task, ...others] = meant
  if (!task) return askWhich(turn, words)
  if (others.length > 0 && part.tasks.length === 0) return askWhich(turn, words, meant)
  for (const each of meant) await act(turn, words, reply, part, each, about)
  return true
}

/** The tasks that a part names by their place in the message or by their number in the roadmap. */
function named(part: Part, tasks: Task[]): Task[] {
  return part.tasks.flatMap((name) => {
    const task = typeof name === 'number' ? tasks[name - 1] : tasks.find((candidate) => candidate.number === name)
    return task ? [task] : []
  })
}

async function act(turn: Turn, words: string, reply: Reply, part: Part, task: Task, about: About): Promise<void> {
  const said = wordsOfReport(words, reply, part)
  switch (part.intent) {
    case 'done':
      return sayDone(turn, { taskId: task.id, words: said, guessed: about.guessed ?? false })
    case 'in_progress':
      return startInWords(turn, task.id)
    case 'cannot':
      return block(turn, task.id, shortened(part.reason ?? words, 500))
    case 'postpone':
      return part.postponeTo
        ? wishFor(turn, task.id, part.postponeTo, part.reason)
        : askForDay(turn, task.id, part.reason)
    case 'not_applicable':
      return cancel(turn, task.id, shortened(part.reason ?? words, 500))
    default:
      return about.withEvidence ? keepWords(turn, task, said) : askWhatIsMeant(turn, task)
  }
}

function wordsOfReport(words: string, reply: Reply, part: Part): ReportWords {
  const bare = /^[\p{P}\p{S}\s]*(готово|сделано|выполнено|да)?[\p{P}\p{S}\s]*$/iu.test(words)
  return { comment: bare ? null : words.slice(0, 2000), doneOn: part.date, numbers: reply.numbers, links: reply.links }
}

async function keepWords(turn: Turn, task: Task, words: ReportWords): Promise<void> {
  await openBasket(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, taskId: task.id, words })
}

function smallTalk(turn: Turn, words: string, tasks: Task[], about: About): boolean {
  if (about.withEvidence || (tasks.length === 0 && words.length > 80)) return false
  turn.send({ text: turn.say('report.smallTalk') })
  return true
}

async function askWhatIsMeant(turn: Turn, task: Task): Promise<void> {
  const { say } = turn
  if (!isOpen(task)) return
  turn.send(
    {
      text: say('report.unclear', { title: shortened(task.title, 200) }),
      buttons: [
        [
          { label: say.plain('task.button.done'), tone: 'good', action: markDone(task.id, task.version) },
          { label: say.plain('task.button.started'), action: markStarted(task.id, task.version) },
        ],
        [
          { label: say.plain('task.button.blocked'), tone: 'bad', action: askObstacle(task.id, task.version) },
          { label: say.plain('task.button.notForUs'), action: askNotForUs(task.id, task.version) },
        ],
      ],
    },
    { subject: { tasks: [task.id], view: 'card' } },
  )
}

async function askWhich(turn: Turn, words: string, candidates?: Task[]): Promise<boolean> {
  const open = (candidates ?? (await openTasks(turn.tx, ownerOf(turn)))).filter(isOpen)
  if (open.length === 0) return false
  const matched = byWords(words, open)
  turn.await({ kind: 'which-task', words: words.slice(0, 2000) })
  turn.send({
    text: turn.say('report.unclearMany'),
    buttons: matched
      .slice(0, 6)
      .map((task) => [{ label: candidateLabel(turn.say, task), action: chooseTaskForWords(task.id) }]),
  })
  return true
}

/** The tasks in the order in which words speak of their titles. */
function byWords(words: string, tasks: Task[]): Task[] {
  const ranked = matchTasks(
    words,
    tasks.map(({ id, title }) => ({ id: String(id), title })),
  )
  const place = (task: Task): number => {
    const index = ranked.findIndex((match) => match.id === String(task.id))
    return index < 0 ? ranked.length : index
  }
  return [...tasks].sort((left, right) => place(left) - place(right))
}
