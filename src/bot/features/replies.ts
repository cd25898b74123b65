import { z } from 'zod'
import { holds } from '../../access/rights.ts'
import { hasTasks, lately, openTasks } from '../../db/task-lists.ts'
import { tasksByIds, taskUnit } from '../../db/tasks.ts'
import type { Button } from '../../delivery/screen.ts'
import { matchTasks } from '../../replies/match-tasks.ts'
import { readReply } from '../../replies/read-reply.ts'
import type { Part, Reply } from '../../replies/reply.ts'
import { type ReportWords, receiptLabel } from '../../tasks/report.ts'
import { abandonReport, correctReport, openBasket } from '../../tasks/report-task.ts'
import { isOpen, type Task } from '../../tasks/task.ts'
import { askNotForUs, askObstacle, chooseTaskForWords, markDone, markStarted } from '../buttons.ts'
import { searchKeptWords } from '../buttons-council.ts'
import { candidateLabel } from '../screens/evidence.ts'
import { type Feature, on, type Turn } from '../turn.ts'
import { shortened } from '../words.ts'
import { block, cancel, ownerOf, showCard, startInWords } from './my-tasks.ts'
import { askForDay, wishFor } from './postpone.ts'
import { sayDone } from './report-flow.ts'
import { toastRefusal } from './task-words.ts'

/** Words that wait for their task. */
const WhichTask = z.object({ kind: z.literal('which-task'), words: z.string() })
const FillingBasket = z.object({ kind: z.literal('basket'), taskId: z.number().int() })

/** How well words must fit the title of another task to doubt that the likely one is meant. */
const SPEAKS_OF_ANOTHER = 0.5

/** Free words of those who carry out tasks: as a reply to a message, or simply written. */
export const replies: Feature = {
  taps: [
    on(chooseTaskForWords, async (turn, taskId) => {
      const words = wordsKept(turn)
      turn.forget()
      if (!words || !(await readWords(turn, words, { taskIds: [taskId], withEvidence: false, chosen: true })))
        await showCard(turn, taskId, 0)
    }),
  ],
  text: async (turn) => {
    if (turn.incoming.kind !== 'text' || !(await carriesOutTasks(turn))) return false
    const { text, edited } = turn.incoming
    const caused = turn.subject?.caused === true ? (turn.subject.tasks ?? []) : []
    if (edited && caused.length > 0)
      return readCorrection(turn, text, { taskIds: caused, withEvidence: false, said: saidBefore(turn) })
    return readWords(turn, text, await likelyAbout(turn, text))
  },
}

async function carriesOutTasks(turn: Turn): Promise<boolean> {
  return holds(turn.actor, ['head', 'deputy', 'coordinator']) || (await hasTasks(turn.tx, ownerOf(turn)))
}

/** What words are about: the tasks of the message replied to, the basket being filled, or the only task reminded of lately, unless they speak of another. */
async function likelyAbout(turn: Turn, words: string): Promise<About> {
  const named = turn.subject?.tasks ?? []
  if (named.length > 0) return { taskIds: named, withEvidence: false }
  const basket = FillingBasket.safeParse(turn.dialog)
  const reminded = await lately(turn.tx, turn.actor.personId, turn.today.subtract({ days: 14 }))
  const likely = basket.success ? basket.data.taskId : reminded.length === 1 ? reminded[0] : undefined
  const open = await openTasks(turn.tx, ownerOf(turn))
  if (likely === undefined || speaksOfAnother(words, open, likely)) return { taskIds: [], withEvidence: false }
  return { taskIds: [likely], withEvidence: false, guessed: true }
}

function speaksOfAnother(words: string, open: Task[], likely: number): boolean {
  const [best] = matchTasks(words, titlesOf(open))
  return best !== undefined && best.score >= SPEAKS_OF_ANOTHER && best.id !== String(likely)
}

/** Keeps words until their task is chosen. */
export function keepWordsFor(turn: Turn, words: string): void {
  turn.await({ kind: 'which-task', words: words.slice(0, 2000) })
}

/** The words that wait for their task, or null. */
export function wordsKept(turn: Turn): string | null {
  const waiting = WhichTask.safeParse(turn.dialog)
  return waiting.success ? waiting.data.words : null
}

/** `guessed`: no task was named. `chosen`: the person pointed at the task, whatever numbers the words have. `gathering`: more files of the same album may come. */
type About = { taskIds: number[]; withEvidence: boolean; gathering?: boolean; guessed?: boolean; chosen?: boolean }

/** Reads words about some tasks and does what they say; where it is not clear what or which, asks with buttons. False: they say nothing about tasks. */
export async function readWords(turn: Turn, words: string, about: About): Promise<boolean> {
  const reply = readReply(words, {
    today: turn.today,
    ...(about.taskIds.length > 0 ? { taskCount: about.taskIds.length } : {}),
  })
  const tasks = await tasksByIds(turn.tx, about.taskIds)
  const steps: Step[] = []
  for (const part of reply.parts) steps.push(...(await applyPart(turn, words, reply, part, tasks, about)))
  if (steps.filter((step) => step === 'waiting').length > 1) turn.forget() // which of them a photo belongs to has to be asked
  return steps.length > 0
}

/** What a part of words led to for a task. `waiting`: its evidence is asked for. */
type Step = 'waiting' | 'taken'

async function applyPart(
  turn: Turn,
  words: string,
  reply: Reply,
  part: Part,
  tasks: Task[],
  about: About,
): Promise<Step[]> {
  if (part.intent === 'question') return []
  if (part.intent === 'small_talk') return smallTalk(turn, words, tasks, about) ? ['taken'] : []
  const meant = about.chosen || part.tasks.length === 0 ? tasks : await named(turn, part, tasks)
  const [task, ...others] = meant
  if (!task) return taken(await askWhichTask(turn, words))
  if (others.length > 0 && part.tasks.length === 0) return taken(await askWhichTask(turn, words, { of: meant }))
  const steps: Step[] = []
  for (const each of meant) steps.push(await act(turn, words, reply, part, each, about))
  return steps
}

function taken(asked: boolean): Step[] {
  return asked ? ['taken'] : []
}

/** The tasks that a part names by their place in the message or by their number in the roadmap. */
async function named(turn: Turn, part: Part, tasks: Task[]): Promise<Task[]> {
  const byNumber = part.tasks.some((name) => typeof name === 'string')
  const known = byNumber ? [...tasks, ...(await openTasks(turn.tx, ownerOf(turn)))] : tasks
  return part.tasks.flatMap((name) => {
    const task = typeof name === 'number' ? tasks[name - 1] : known.find((candidate) => candidate.number === name)
    return task ? [task] : []
  })
}

async function act(turn: Turn, words: string, reply: Reply, part: Part, task: Task, about: About): Promise<Step> {
  const said = wordsOfReport(words, reply, part)
  const isReported = task.state === 'reported'
  switch (part.intent) {
    case 'done':
      if (about.gathering) await keepWords(turn, task, said)
      else if (isReported && saysMore(said)) await addToReport(turn, task, said)
      else return stepOf(await sayDone(turn, { taskId: task.id, words: said, guessed: about.guessed ?? false }))
      break
    case 'in_progress':
      await startInWords(turn, task.id)
      break
    case 'cannot':
      await block(turn, task.id, shortened(part.reason ?? words, 500))
      break
    case 'postpone':
      if (part.postponeTo) await wishFor(turn, task.id, part.postponeTo, part.reason)
      else await askForDay(turn, task.id, part.reason)
      break
    case 'not_applicable':
      await cancel(turn, task.id, shortened(part.reason ?? words, 500))
      break
    default:
      if (about.withEvidence) await keepWords(turn, task, said)
      else if (isReported) await addToReport(turn, task, said)
      else await askWhatIsMeant(turn, task)
  }
  return 'taken'
}

function stepOf(step: Awaited<ReturnType<typeof sayDone>>): Step {
  return step === 'waiting' ? 'waiting' : 'taken'
}

function saysMore({ comment, doneOn, numbers, links }: ReportWords): boolean {
  return comment !== null || doneOn !== null || numbers.length > 0 || links.length > 0
}

/** Words about a task that is reported already go into its report, until it is reviewed. */
async function addToReport(turn: Turn, task: Task, words: ReportWords): Promise<void> {
  const result = await openBasket(taskUnit(turn.tx, turn.now), {
    actor: turn.actor,
    cause: turn.cause,
    taskId: task.id,
    words,
  })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  const receipt = receiptLabel(result.value.report.receiptNumber ?? 0)
  turn.send(
    { text: turn.say('report.wordsAdded', { receipt, title: shortened(task.title, 200) }) },
    { subject: { tasks: [task.id] } },
  )
}

/**
 * An edited message: what it said of `taskIds` before (`said`, where that is known) is put right. A report made by it gets the new words; where they no longer say that the task
 * is done, it is undone, and the new words are read as if they were sent now.
 */
export async function readCorrection(
  turn: Turn,
  words: string,
  about: { taskIds: number[]; withEvidence: boolean; said: string | null },
): Promise<boolean> {
  const { taskIds, withEvidence, said } = about
  const reply = readReply(words, { today: turn.today })
  const [part] = reply.parts
  const [task, ...others] = await tasksByIds(turn.tx, taskIds)
  if (!part || !task || others.length > 0) return readWords(turn, words, { taskIds, withEvidence })
  const command = { actor: turn.actor, cause: turn.cause, taskId: task.id }
  if (part.intent === 'done' || withEvidence) {
    const result = await correctReport(taskUnit(turn.tx, turn.now), {
      ...command,
      words: wordsOfReport(words, reply, part),
      before: said === null ? null : wordsGiven(turn, said),
    })
    if (!result.ok || !result.value) return readWords(turn, words, { taskIds, withEvidence })
    const { receiptNumber } = result.value.report
    if (receiptNumber) turn.send({ text: turn.say('report.corrected', { receipt: receiptLabel(receiptNumber) }) })
    return true
  }
  const undone = task.state === 'reported' ? await abandonReport(taskUnit(turn.tx, turn.now), command) : null
  if (undone && !undone.ok) await toastRefusal(turn, undone.refusal)
  else if (undone?.value?.receiptNumber)
    turn.send({ text: turn.say('report.undoneByEdit', { receipt: receiptLabel(undone.value.receiptNumber) }) })
  return readWords(turn, words, { taskIds, withEvidence })
}

function saidBefore(turn: Turn): string | null {
  const said = turn.subject?.said
  return typeof said === 'string' ? said : null
}

/** What `words` gave a report when they came. */
function wordsGiven(turn: Turn, words: string): ReportWords | null {
  const reply = readReply(words, { today: turn.today })
  const [part] = reply.parts
  return part ? wordsOfReport(words, reply, part) : null
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
  if (!isOpen(task)) return toastRefusal(turn, { code: 'settled', state: task.state })
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

/** Asks of which task words speak, the best fitting first; the words wait until one is chosen. False: there is no open task. */
export async function askWhichTask(
  turn: Turn,
  words: string,
  choice: { of?: Task[]; except?: number } = {},
): Promise<boolean> {
  const open = (choice.of ?? (await openTasks(turn.tx, ownerOf(turn)))).filter(
    (task) => isOpen(task) && task.id !== choice.except,
  )
  if (open.length === 0) return false
  const reminded = await lately(turn.tx, turn.actor.personId, turn.today.subtract({ days: 14 }))
  keepWordsFor(turn, words)
  turn.show({
    text: turn.say('report.unclearMany'),
    buttons: [
      ...bestFirst(words, open, reminded)
        .slice(0, 6)
        .map((task) => [{ label: candidateLabel(turn.say, task), action: chooseTaskForWords(task.id) }]),
      ...(saysNothingDone(turn, words) ? [maybeQuestion(turn)] : []),
    ],
  })
  return true
}

function saysNothingDone(turn: Turn, words: string): boolean {
  return readReply(words, { today: turn.today }).parts.every(({ intent }) => intent === 'unclear')
}

/** Words that fit no task may be a question to the council. */
function maybeQuestion(turn: Turn): Button[] {
  return [{ label: turn.say.plain('council.maybeSearch'), action: searchKeptWords() }]
}

/** By how well words fit the title, then by how lately the task was reminded of. */
function bestFirst(words: string, tasks: Task[], reminded: number[]): Task[] {
  const place = (task: Task): number => (reminded.includes(task.id) ? reminded.indexOf(task.id) : reminded.length)
  const lately = [...tasks].sort((left, right) => place(left) - place(right))
  return matchTasks(words, titlesOf(lately)).flatMap((match) => tasks.filter((task) => String(task.id) === match.id))
}

function titlesOf(tasks: Task[]) {
  return tasks.map(({ id, title }) => ({ id: String(id), title }))
}
