import { holds } from '../../access/rights.ts'
import { ALLOWED, type Announcement } from '../../announcements/announcement.ts'
import { isQuiet, nextLoud } from '../../announcements/times.ts'
import { announcementsOf, changeAnnouncement } from '../../db/announcements.ts'
import type { Listed } from '../../db/audiences.ts'
import { audiencePeople, cardOf, draftProblems, hoursOf } from '../announcing/desk.ts'
import { beginSending, cappedAmong, holdBack, sendOn, sentAlready } from '../announcing/sending.ts'
import { remindSilent, silentOf } from '../announcing/telling.ts'
import {
  askStopSending,
  discardDraft,
  goOnSending,
  nudgeSilent,
  openAnnouncement,
  openAnnouncements,
  pauseSending,
  previewAnnouncement,
  sendAnnouncement,
  sendToCapped,
  sendWhenLoud,
  stopSending,
  unschedule,
} from '../buttons-announcements.ts'
import { attachmentsOf, messageScreen } from '../screens/announcement.ts'
import { cappedScreen, homeScreen, problemWords, quietScreen, sameScreen } from '../screens/announcement-card.ts'
import { type Feature, on, type Turn } from '../turn.ts'
import { shortened } from '../words.ts'
import {
  holdAnnouncement,
  holdDraft,
  holdSent,
  reachAnnouncement,
  renewCard,
  reveal,
  revealCard,
  updateCard,
} from './announcement-reach.ts'
import { allowed, sayNo } from './coordinating.ts'

const SHOWN = { drafts: 8, sent: 10 }

/** «Объявления»: the list, the card, and the sending. */
export const announcements: Feature = {
  menu: [
    {
      key: 'announcement.menu',
      command: 'announce',
      shown: (actor) => holds(actor, ['coordinator']),
      run: showHome,
    },
  ],
  taps: [
    on(openAnnouncements, showHome),
    on(openAnnouncement, async (turn, id) => {
      const announcement = await reachAnnouncement(turn, id)
      if (announcement) await revealCard(turn, announcement)
    }),
    on(previewAnnouncement, preview),
    on(discardDraft, discard),
    on(sendAnnouncement, send),
    on(sendWhenLoud, sendAtOpening),
    on(unschedule, unplan),
    on(pauseSending, pause),
    on(goOnSending, goOn),
    on(askStopSending, askStop),
    on(stopSending, stop),
    on(sendToCapped, sendRest),
    on(nudgeSilent, nudge),
  ],
}

async function showHome(turn: Turn): Promise<void> {
  if (!allowed(turn, 'announce')) return
  turn.forget()
  const { tx, municipality } = turn
  const drafts = await announcementsOf(tx, municipality.id, ['draft', 'scheduled'], SHOWN.drafts)
  const sent = await announcementsOf(
    tx,
    municipality.id,
    ['sending', 'paused', 'sent', 'stopped', 'cancelled'],
    SHOWN.sent,
  )
  const screen = homeScreen(turn.say, [...drafts, ...sent])
  if (turn.subject?.live) turn.send(screen)
  else turn.show(screen)
}

/** The message just as recipients will see it, files and buttons included; the buttons do nothing yet. */
async function preview(turn: Turn, id: number): Promise<void> {
  const announcement = await reachAnnouncement(turn, id)
  if (!announcement) return
  const screen = messageScreen(turn.say, announcement, turn.municipality.timezone)
  const attachments = attachmentsOf(announcement.files)
  turn.send({ text: turn.say('announcement.preview.intro') })
  turn.send(attachments.length > 0 ? { ...screen, attachments } : screen, { subject: { preview: id } })
}

async function discard(turn: Turn, id: number): Promise<void> {
  const draft = await holdDraft(turn, id)
  if (!draft) return
  await changeAnnouncement(turn.tx, id, { state: 'discarded', sendAt: null }, turn.now)
  turn.forget()
  turn.show({
    text: turn.say('announcement.draft.discarded'),
    buttons: [[{ label: turn.say.plain('common.back'), action: openAnnouncements() }]],
  })
}

/** The draft, ready to be sent, with its people; null where something is missing, which the card then shows. */
async function readyDraft(turn: Turn, id: number): Promise<{ draft: Announcement; people: Listed[] } | null> {
  const draft = await holdAnnouncement(turn, id)
  if (!draft) return null
  if (draft.sentAt !== null) {
    sayNo(turn, 'announcement.send.already')
    return null
  }
  if (draft.state === 'discarded') {
    sayNo(turn, 'common.notFound')
    return null
  }
  const people = await audiencePeople(turn, draft)
  const [problem] = draftProblems(turn, draft, people.length)
  if (!problem) return { draft, people }
  turn.toast(problemWords(turn.say, problem).replace(/^⚠️ /u, ''), true)
  turn.show(await cardOf(turn, draft), { announcement: id })
  return null
}

async function send(turn: Turn, id: number, given: number): Promise<void> {
  const ready = await readyDraft(turn, id)
  if (!ready) return
  const { draft, people } = ready
  const { say } = turn
  if (!(given & ALLOWED.quiet) && isQuiet(turn.now, hoursOf(turn)))
    return turn.show(quietScreen(say, id, given, nextLoud(turn.now, hoursOf(turn))), { announcement: id })
  if (!(await isSettled(turn, ready, given))) return
  await beginSending(turn, draft, people, given)
  turn.show({ text: say('announcement.send.started', { title: shortened(draft.title, 100) }) }, { announcement: id })
  const sending = await reachAnnouncement(turn, id)
  if (sending) await renewCard(turn, sending)
}

/** Whether nothing is left to ask: the same text again, or more than the daily cap. */
async function isSettled(
  turn: Turn,
  { draft, people }: { draft: Announcement; people: Listed[] },
  given: number,
): Promise<boolean> {
  const same = given & ALLOWED.again ? null : await sentAlready(turn, draft, people)
  if (same) {
    turn.show(sameScreen(turn.say, draft.id, given, same), { announcement: draft.id })
    return false
  }
  const capped = given & (ALLOWED.overCap | ALLOWED.withoutCapped) ? [] : await cappedAmong(turn, draft, people)
  if (capped.length === 0) return true
  const cap = turn.municipality.announcementsPerDay
  turn.show(cappedScreen(turn.say, draft.id, given, { count: capped.length, cap }), { announcement: draft.id })
  return false
}

async function sendAtOpening(turn: Turn, id: number, given: number): Promise<void> {
  const ready = await readyDraft(turn, id)
  if (ready) await plan(turn, ready.draft, nextLoud(turn.now, hoursOf(turn)), given)
}

/** Has a draft sent at `sendAt`, a moment of working hours. */
export async function plan(
  turn: Turn,
  draft: Announcement,
  sendAt: Announcement['sendAt'] & object,
  given = 0,
): Promise<void> {
  await changeAnnouncement(turn.tx, draft.id, { state: 'scheduled', sendAt, allowed: given }, turn.now)
  turn.forget()
  turn.show(await cardOf(turn, { ...draft, state: 'scheduled', sendAt }), { announcement: draft.id })
}

async function unplan(turn: Turn, id: number): Promise<void> {
  const draft = await holdDraft(turn, id)
  if (!draft) return
  await changeAnnouncement(turn.tx, id, { state: 'draft', sendAt: null }, turn.now)
  turn.toast(turn.say.plain('announcement.draft.unscheduled'))
  turn.show(await cardOf(turn, { ...draft, state: 'draft', sendAt: null }), { announcement: id })
}

async function pause(turn: Turn, id: number): Promise<void> {
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  if (announcement.state !== 'sending') {
    turn.toast(turn.say.plain('announcement.card.nothingToPause'), true)
    return updateCard(turn, id)
  }
  await holdBack(turn, announcement)
  await changeAnnouncement(turn.tx, id, { state: 'paused' }, turn.now)
  turn.toast(turn.say.plain('announcement.card.paused'), true)
  await updateCard(turn, id)
}

async function goOn(turn: Turn, id: number): Promise<void> {
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  if (announcement.state === 'paused') await sendOn(turn, announcement, 'held')
  await updateCard(turn, id)
}

async function askStop(turn: Turn, id: number): Promise<void> {
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  const { say } = turn
  const buttons = [
    [
      { label: say.plain('announcement.card.stopYes'), tone: 'bad' as const, action: stopSending(id) },
      { label: say.plain('common.back'), action: openAnnouncement(id) },
    ],
  ]
  reveal(turn, { text: say('announcement.card.askStop'), buttons }, id)
}

async function stop(turn: Turn, id: number): Promise<void> {
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  if (announcement.state === 'sending' || announcement.state === 'paused') {
    await holdBack(turn, announcement)
    await changeAnnouncement(turn.tx, id, { state: 'stopped' }, turn.now)
    turn.show({ text: turn.say('announcement.card.state.stopped') }, { announcement: id })
  } else turn.toast(turn.say.plain('announcement.card.nothingToPause'), true)
  await updateCard(turn, id)
}

async function sendRest(turn: Turn, id: number): Promise<void> {
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  await sendOn(turn, announcement, 'capped')
  await updateCard(turn, id)
}

async function nudge(turn: Turn, id: number): Promise<void> {
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  const silent = await silentOf(turn, announcement)
  const count = await remindSilent(turn, announcement, `nudge:${turn.today}`)
  if (count > 0) return turn.toast(turn.say.plain('announcement.remind.nudged', { count }), true)
  const key = silent.length === 0 ? 'announcement.remind.nobodySilent' : 'announcement.remind.nudgedToday'
  turn.toast(turn.say.plain(key), true)
}
