import { workingCalendar } from '../calendar/working-calendar.ts'
import type { WorkingHours } from '../calendar/working-hours.ts'
import { isWaiting } from '../council/question.ts'
import { answerersOf, boundGroup, membersFor } from '../db/council-people.ts'
import type { Tx } from '../db/database.ts'
import { municipalityById, type Recipient } from '../db/people.ts'
import { questionAttachments } from '../db/question-talk.ts'
import { followersOf, isLost, notePost, postsOf, type QuestionPost, type QuestionRow } from '../db/questions.ts'
import { overridesOf } from '../db/reminders.ts'
import type { NewDelivery } from '../delivery/delivery.ts'
import type { Attachment, Screen } from '../delivery/screen.ts'
import { localDate } from '../kernel/clock.ts'
import { continued } from './pieces.ts'
import { CARD_WORDS, ownScreen } from './screens/council.ts'
import { memberScreen } from './screens/council-member.ts'
import type { Services } from './services.ts'
import { messagesTo, type Turn } from './turn.ts'
import { shortened, wordsOf } from './words.ts'

/** What showing a question needs: a turn has it, and so has a tick. */
export type Desk = Pick<Turn, 'tx' | 'services' | 'municipality' | 'say' | 'calendar' | 'now' | 'today'>

/** The desk of a municipality, for what is done there without a turn of somebody. `tx` sees that municipality. */
export async function deskOf(tx: Tx, services: Services, municipalityId: number): Promise<Desk> {
  const now = services.now()
  const municipality = await municipalityById(tx, municipalityId)
  const today = localDate(now, municipality.timezone)
  const calendar = workingCalendar(await overridesOf(tx, municipalityId))
  const say = wordsOf(municipality.locale, today, municipality.timezone)
  return { tx, services, municipality, calendar, say, now, today }
}

/** The municipality's working hours. */
export function workingWeek({ municipality, calendar }: Pick<Desk, 'municipality' | 'calendar'>): WorkingHours {
  return { zone: municipality.timezone, from: municipality.workFrom, to: municipality.workTo, calendar }
}

/**
 * Brings a question to those of the council who do not have it yet: into its group, in a topic of its own where there are topics, else to the
 * members in person. `anew`: it is free again, so that everybody gets it once more, but for `exceptId`. False where nobody can be reached.
 */
export async function postToCouncil(
  desk: Desk,
  question: QuestionRow,
  { anew = false, exceptId = 0 } = {},
): Promise<boolean> {
  const group = await boundGroup(desk.tx, desk.municipality.id)
  const posts = await postsOf(desk.tx, question.id)
  const had = anew ? [] : posts
  const inGroup = had.find((post) => post.audience === 'group' && post.chat === group?.chat)
  if (group && !inGroup) {
    await postToGroup(desk, question, group)
    return true
  }
  if (inGroup && !(await isLost(desk.tx, inGroup))) return true
  const members = await membersOf(desk, question)
  const missing = members.filter(
    ({ personId }) =>
      personId !== exceptId && !had.some((post) => post.personId === personId && post.audience === 'member'),
  )
  for (const { personId } of missing) await postToMember(desk, question, personId)
  return members.length > 0
}

function membersOf({ tx, municipality, today }: Desk, question: QuestionRow): Promise<Recipient[]> {
  return membersFor(tx, municipality.id, question.topic, { exceptId: question.askerId, today })
}

async function postToGroup(
  desk: Desk,
  question: QuestionRow,
  group: { chat: string; isForum: boolean },
): Promise<void> {
  const to = { messenger: 'telegram' as const, chat: group.chat }
  const opened = (await postsOf(desk.tx, question.id)).some(
    (post) => post.audience === 'topic' && post.chat === group.chat,
  )
  if (group.isForum && !opened) {
    const name = desk.say.plain('council.group.topicName', {
      number: question.number ?? '',
      words: shortened(question.words, 90),
    })
    await keepPost(desk, question, 'topic', null, {
      ...toGroup(desk, to.chat),
      reason: 'question-topic',
      content: { do: 'open-topic', name },
    })
  }
  const screen = memberScreen(desk.say, { question, viewer: 'group', ...(await countsOf(desk, question)) })
  await keepPost(desk, question, 'group', null, await inTopic(desk, question.id, to.chat, screen))
  for (const more of restOfWords(question))
    await desk.services.enqueue(desk.tx, [await inTopic(desk, question.id, to.chat, more)])
  await sendFiles(desk, question, (attachments) => inTopic(desk, question.id, to.chat, { text: '', attachments }))
}

/** Brings a question to a member in person; where they have it already, it is shown anew below. */
export async function postToMember(desk: Desk, question: QuestionRow, personId: number): Promise<void> {
  const viewer = { personId, coordinates: false }
  const screen = memberScreen(desk.say, { question, viewer, ...(await countsOf(desk, question)) })
  const [delivery] = await messagesTo(
    desk.tx,
    desk.municipality.id,
    [personId],
    screen,
    about(question, 'question-asked'),
  )
  if (!delivery) return
  await keepPost(desk, question, 'member', personId, delivery)
  for (const more of restOfWords(question))
    await desk.services.enqueue(
      desk.tx,
      await messagesTo(desk.tx, desk.municipality.id, [personId], more, about(question, 'question-words')),
    )
  await sendFiles(desk, question, async (attachments) =>
    messagesTo(desk.tx, desk.municipality.id, [personId], { text: '', attachments }, about(question, 'question-file')),
  )
}

/** What of a long question does not stand on its card. */
function restOfWords({ words }: QuestionRow): Screen[] {
  return continued({ text: '' }, words, CARD_WORDS).slice(1)
}

async function sendFiles(
  desk: Desk,
  question: QuestionRow,
  deliveryOf: (files: Attachment[]) => Promise<NewDelivery | NewDelivery[]>,
): Promise<void> {
  const files = withoutNames(question, await questionAttachments(desk.tx, question.id))
  if (files.length > 0) await desk.services.enqueue(desk.tx, [await deliveryOf(files)].flat())
}

/**
 * The asker's files as the council gets them, their own names taken off where needed. Where the asker is not to be named, a file loses its own name, which may name them: it comes from our
 * store and not by the messenger's id; one that is not in the store yet comes as soon as it is (see passOnStored).
 */
export function withoutNames(question: Pick<QuestionRow, 'withheld'>, files: readonly Attachment[]): Attachment[] {
  if (!question.withheld) return [...files]
  return files.flatMap((file, at) => {
    if (!isNamed(file)) return [file]
    if (file.sha256 === '') return []
    const { messengerFileId: _, ...stored } = file
    return [{ ...stored, fileName: `file-${at + 1}${/\.[a-z0-9]{1,5}$/i.exec(file.fileName)?.[0] ?? ''}` }]
  })
}

function isNamed({ kind }: Attachment): boolean {
  return kind === 'document' || kind === 'video'
}

/** A file of an asker who is not to be named is in the store now: it is passed on, unless it went with the question. */
export async function passOnStored(desk: Desk, question: QuestionRow, file: Attachment): Promise<void> {
  if (!question.withheld || question.state === 'draft' || !isNamed(file)) return
  const attachments = withoutNames(question, [file])
  const text = desk.say('council.member.addedFile', { number: question.number ?? '' })
  await tellCouncil(desk, question, { text, attachments }, { reason: 'question-file' })
}

function about(question: { id: number }, reason: string) {
  return { reason, subject: { question: question.id } }
}

function toGroup(desk: Desk, chat: string) {
  return {
    municipalityId: desk.municipality.id,
    personId: null,
    messenger: 'telegram' as const,
    chat,
    lane: 'answer' as const,
  }
}

/** A message in the group, in the question's topic where it has one. */
async function inTopic(desk: Desk, questionId: number, chat: string, screen: Screen): Promise<NewDelivery> {
  const topic = (await postsOf(desk.tx, questionId)).find((post) => post.audience === 'topic' && post.chat === chat)
  return {
    ...toGroup(desk, chat),
    ...about({ id: questionId }, 'question-group'),
    content: { do: 'send', screen, ...(topic ? { target: { deliveryId: topic.deliveryId } } : {}) },
  }
}

async function keepPost(
  desk: Desk,
  question: QuestionRow,
  audience: QuestionPost['audience'],
  personId: number | null,
  delivery: NewDelivery,
): Promise<void> {
  const [deliveryId] = await desk.services.enqueue(desk.tx, [delivery])
  if (!deliveryId) return
  const { messenger, chat } = delivery
  await notePost(desk.tx, {
    municipalityId: desk.municipality.id,
    questionId: question.id,
    audience,
    personId,
    messenger,
    chat,
    deliveryId,
  })
}

/** Shows a question to who asks it, in place of the tapped message or below, and keeps that message up to date from now on. */
export async function postToAsker(turn: Turn, question: QuestionRow, follows: boolean): Promise<void> {
  const { incoming } = turn
  const screen = ownScreen(turn.say, question, follows)
  const content: NewDelivery['content'] =
    incoming.kind === 'tap'
      ? { do: 'edit', target: { messageId: incoming.messageId }, screen, sendAnewIfGone: true }
      : { do: 'send', screen }
  await keepPost(turn, question, 'asker', turn.actor.personId, {
    municipalityId: turn.municipality.id,
    personId: turn.actor.personId,
    messenger: incoming.messenger,
    chat: incoming.chat,
    lane: 'answer',
    content,
    ...about(question, 'question-own'),
  })
}

/** Shows what a question has become in every message that shows it. */
export async function refreshPosts(desk: Desk, question: QuestionRow): Promise<void> {
  const posts = await currentPosts(desk, question.id)
  const counts = await countsOf(desk, question)
  const edits = posts.map(
    (post): NewDelivery => ({
      municipalityId: desk.municipality.id,
      personId: post.personId,
      messenger: 'telegram',
      chat: post.chat,
      lane: 'answer',
      content: { do: 'edit', target: { deliveryId: post.deliveryId }, screen: screenFor(desk, question, post, counts) },
      ...about(question, 'question-refreshed'),
    }),
  )
  await desk.services.enqueue(desk.tx, edits)
}

/** The messages that show a question to those whom it concerns still: not to who left the council, not in a group that is its no more. */
async function currentPosts({ tx, municipality }: Desk, questionId: number): Promise<QuestionPost[]> {
  const group = await boundGroup(tx, municipality.id)
  const answerers = new Set((await answerersOf(tx, municipality.id)).map(({ personId }) => personId))
  const isCurrent = ({ audience, chat, personId }: QuestionPost): boolean => {
    if (audience === 'asker') return true
    return audience === 'group' ? chat === group?.chat : audience === 'member' && answerers.has(personId ?? 0)
  }
  return (await postsOf(tx, questionId)).filter(isCurrent)
}

type Counts = { files: number; together: number }

async function countsOf(desk: Desk, question: QuestionRow): Promise<Counts> {
  return {
    files: (await questionAttachments(desk.tx, question.id)).length,
    together: (await followersOf(desk.tx, question.id)).length,
  }
}

function screenFor(desk: Desk, question: QuestionRow, post: QuestionPost, counts: Counts): Screen {
  if (post.audience === 'asker') return ownScreen(desk.say, question, post.personId !== question.askerId)
  const viewer =
    post.audience === 'group' || post.personId === null ? 'group' : { personId: post.personId, coordinates: false }
  return memberScreen(desk.say, { question, viewer, ...counts })
}

/**
 * Tells the asker and all who ask together; `screenOf` makes the screen for one who only follows, or for the asker. `rest`: long words
 * of which the screen holds the first piece; the others follow. Gives how many can be reached.
 */
export async function tellAskers(
  desk: Desk,
  question: QuestionRow,
  reason: string,
  screenOf: (follows: boolean) => Screen,
  { rest = '', ...once }: { onceKey?: string; rest?: string } = {},
): Promise<number> {
  const { tx, municipality } = desk
  const followers = await followersOf(tx, question.id)
  const options = { ...about(question, reason), ...once }
  let told = 0
  for (const [part, own] of continued(screenOf(false), rest).entries()) {
    const theirs = continued(screenOf(true), rest)[part] ?? own
    const deliveries = [
      ...(await messagesTo(tx, municipality.id, [question.askerId], own, options)),
      ...(await messagesTo(tx, municipality.id, followers, theirs, options)),
    ]
    await desk.services.enqueue(tx, deliveries)
    told = deliveries.length
  }
  return told
}

/**
 * Tells those of the council whom a question concerns now: who took it, in person; while nobody has, the group or the members of its topic. Where
 * the group has the question, it is told as well. `onceKey`: told once under this key. `rest`: as in tellAskers.
 */
export async function tellCouncil(
  desk: Desk,
  question: QuestionRow,
  screen: Screen,
  options: { reason: string; onceKey?: string; rest?: string },
): Promise<void> {
  const { tx, municipality } = desk
  const group = (await currentPosts(desk, question.id)).find((post) => post.audience === 'group')
  const once = options.onceKey ? { onceKey: options.onceKey } : {}
  const personal = { ...about(question, options.reason), ...once }
  const told = await concerned(desk, question, group !== undefined)
  for (const part of continued(screen, options.rest ?? '')) {
    const deliveries = await messagesTo(tx, municipality.id, told, part, personal)
    if (group) {
      const { buttons: _, ...bare } = part
      const message = await inTopic(desk, question.id, group.chat, bare)
      deliveries.push({ ...message, ...(options.onceKey ? { onceKey: `${options.onceKey}:group` } : {}) })
    }
    await desk.services.enqueue(tx, deliveries)
  }
}

/** Whom of the council a question concerns in person: who took it; while nobody has, and no group has it, the members of its topic. */
async function concerned(desk: Desk, question: QuestionRow, inGroup: boolean): Promise<number[]> {
  if (question.takerId !== null) {
    const answerers = await answerersOf(desk.tx, desk.municipality.id)
    return answerers.some(({ personId }) => personId === question.takerId) ? [question.takerId] : []
  }
  if (inGroup || !isWaiting(question)) return []
  return (await membersOf(desk, question)).map(({ personId }) => personId)
}

/** Sends words into the group that has the question, in its topic. */
export async function tellGroup(desk: Desk, questionId: number, chat: string, screen: Screen): Promise<void> {
  await desk.services.enqueue(desk.tx, [await inTopic(desk, questionId, chat, screen)])
}
