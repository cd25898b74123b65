import type { WorkingHours } from '../calendar/working-hours.ts'
import { isWaiting } from '../council/question.ts'
import { boundGroup, membersFor } from '../db/council-people.ts'
import {
  followersOf,
  notePost,
  postsOf,
  type QuestionPost,
  type QuestionRow,
  questionAttachments,
} from '../db/questions.ts'
import type { NewDelivery } from '../delivery/delivery.ts'
import type { Attachment, Screen } from '../delivery/screen.ts'
import { memberScreen, ownScreen } from './screens/council.ts'
import { messagesTo, type Turn } from './turn.ts'
import { shortened } from './words.ts'

/** What showing a question needs: a turn has it, and so has a tick. */
export type Desk = Pick<Turn, 'tx' | 'services' | 'municipality' | 'say' | 'calendar' | 'now'>

/** The municipality's working hours. */
export function workingWeek({ municipality, calendar }: Pick<Desk, 'municipality' | 'calendar'>): WorkingHours {
  return { zone: municipality.timezone, from: municipality.workFrom, to: municipality.workTo, calendar }
}

/** Brings a question to those of the council who do not have it yet: into its group, in a topic of its own where there are topics, else to the members in person. */
export async function postToCouncil(desk: Desk, question: QuestionRow): Promise<void> {
  const group = await boundGroup(desk.tx, desk.municipality.id)
  const posts = await postsOf(desk.tx, question.id)
  if (group && !posts.some((post) => post.audience === 'group' && post.chat === group.chat))
    return postToGroup(desk, question, group)
  if (group) return
  const members = await membersFor(desk.tx, desk.municipality.id, question.topic, question.askerId)
  const missing = members.filter(
    ({ personId }) => !posts.some((post) => post.personId === personId && post.audience === 'member'),
  )
  for (const { personId } of missing) await postToMember(desk, question, personId)
}

async function postToGroup(
  desk: Desk,
  question: QuestionRow,
  group: { chat: string; isForum: boolean },
): Promise<void> {
  const to = { messenger: 'telegram' as const, chat: group.chat }
  if (group.isForum) {
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
  await sendFiles(desk, question, async (attachments) =>
    messagesTo(desk.tx, desk.municipality.id, [personId], { text: '', attachments }, about(question, 'question-file')),
  )
}

async function sendFiles(
  desk: Desk,
  question: QuestionRow,
  deliveryOf: (files: Attachment[]) => Promise<NewDelivery | NewDelivery[]>,
): Promise<void> {
  const files = await questionAttachments(desk.tx, question.id)
  if (files.length > 0) await desk.services.enqueue(desk.tx, [await deliveryOf(files)].flat())
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
  const posts = (await postsOf(desk.tx, question.id)).filter((post) => post.audience !== 'topic')
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

/** Tells the asker and all who ask together; `screenOf` makes the screen for one who only follows, or for the asker. */
export async function tellAskers(
  desk: Desk,
  question: QuestionRow,
  reason: string,
  screenOf: (follows: boolean) => Screen,
  exceptId?: number,
): Promise<number> {
  const { tx, municipality } = desk
  const followers = (await followersOf(tx, question.id)).filter((personId) => personId !== exceptId)
  const asker = question.askerId === exceptId ? [] : [question.askerId]
  const options = about(question, reason)
  const deliveries = [
    ...(await messagesTo(tx, municipality.id, asker, screenOf(false), options)),
    ...(await messagesTo(tx, municipality.id, followers, screenOf(true), options)),
  ]
  await desk.services.enqueue(tx, deliveries)
  return asker.length + followers.length
}

/**
 * Tells those of the council whom a question concerns now: who took it, in person; while nobody has, the group or the members of its topic. Where
 * the group has the question, it is told as well. `onceKey`: told once under this key.
 */
export async function tellCouncil(
  desk: Desk,
  question: QuestionRow,
  screen: Screen,
  options: { reason: string; onceKey?: string },
): Promise<void> {
  const { tx, municipality } = desk
  const group = (await postsOf(tx, question.id)).find((post) => post.audience === 'group')
  const once = options.onceKey ? { onceKey: options.onceKey } : {}
  const personal = { ...about(question, options.reason), ...once }
  const told =
    isWaiting(question) && question.takerId === null
      ? group
        ? []
        : (await membersFor(tx, municipality.id, question.topic, question.askerId)).map(({ personId }) => personId)
      : question.takerId === null
        ? []
        : [question.takerId]
  const deliveries = await messagesTo(tx, municipality.id, told, screen, personal)
  if (group) {
    const { buttons: _, ...bare } = screen
    const message = await inTopic(desk, question.id, group.chat, bare)
    deliveries.push({ ...message, ...(options.onceKey ? { onceKey: `${options.onceKey}:group` } : {}) })
  }
  await desk.services.enqueue(tx, deliveries)
}

/** Sends words into the group that has the question, in its topic. */
export async function tellGroup(desk: Desk, questionId: number, chat: string, screen: Screen): Promise<void> {
  await desk.services.enqueue(desk.tx, [await inTopic(desk, questionId, chat, screen)])
}
