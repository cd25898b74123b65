import { z } from 'zod'
import { type Announcement, answersUntil, openMeetings } from '../../announcements/announcement.ts'
import { type Answer, decideAnswer } from '../../announcements/rsvp.ts'
import { attend, keepFeedbackWords, keepRsvp, keepScore, openCodes, rsvpsOf } from '../../db/announcement-answers.ts'
import { wasAsked, wasTold } from '../../db/announcement-sending.ts'
import { announcedTo, announcementById, lockAnnouncement } from '../../db/announcements.ts'
import { Temporal } from '../../kernel/clock.ts'
import { ownAnswer, refreshSoon } from '../announcing/desk.ts'
import { calendarFile, sendCalendarTo, tellAbout } from '../announcing/telling.ts'
import {
  answerDeputy,
  answerNo,
  answerYes,
  giveScore,
  openMine,
  openMyEvents,
  sendCalendar,
} from '../buttons-announcements.ts'
import { messageScreen, mineScreen, nextMeetingWords } from '../screens/announcement.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened, type WordKey } from '../words.ts'
import { sayNo } from './coordinating.ts'

const Deputy = z.object({
  kind: z.literal('announcement-deputy'),
  id: z.number().int(),
  revision: z.number().int(),
})
const Opinion = z.object({ kind: z.literal('announcement-opinion'), id: z.number().int() })

/** How long before the beginning and after the end the code of the hall is taken. Hours. */
const CODE_HOURS = { before: 1, after: 3 }

/** What recipients do: answer and change their mind, «Мои семинары», the calendar, the code of the hall, their opinion. */
export const announcementAnswers: Feature = {
  menu: [{ key: 'announcement.menuMine', command: 'events', shown: () => true, run: showMyEvents }],
  taps: [
    on(answerYes, (turn, id, revision) => answer(turn, id, revision, 'yes', null)),
    on(answerNo, (turn, id, revision) => answer(turn, id, revision, 'no', null)),
    on(answerDeputy, askDeputy),
    on(openMine, showMine),
    on(openMyEvents, showMyEvents),
    on(sendCalendar, sendCalendarAgain),
    on(giveScore, score),
  ],
  dialogs: [
    waitingFor('announcement-deputy', Deputy, async (turn, state) => {
      const { id, revision } = state as z.infer<typeof Deputy>
      if (turn.incoming.kind !== 'text') return false
      turn.forget()
      await answer(turn, id, revision, 'deputy', shortened(turn.incoming.text, 120))
      return true
    }),
    waitingFor('announcement-opinion', Opinion, async (turn, { id }) => {
      if (turn.incoming.kind !== 'text' || turn.incoming.replyTo !== null) return false
      turn.forget()
      if (await takeCode(turn)) return true
      await keepFeedbackWords(
        turn.tx,
        { announcementId: id as number, personId: turn.actor.personId },
        shortened(turn.incoming.text, 1000),
      )
      turn.send({ text: turn.say('announcement.feedback.wordsKept') })
      return true
    }),
  ],
  text: takeCode,
}

type NoAnswer = { key: WordKey; gaps?: Record<string, string> }

/** The announcement, locked, if it was sent to this person; says so and gives null if not. Nothing else of it is open to them. */
async function toldOne(turn: Turn, id: number): Promise<Announcement | null> {
  const announcement = await lockAnnouncement(turn.tx, id)
  if (announcement && (await wasTold(turn.tx, id, turn.actor.personId))) return announcement
  sayNo(turn, announcement ? 'announcement.reply.notYours' : 'common.notFound')
  return null
}

/** Why an answer is not taken any more; null where it is. */
function closedBecause(turn: Turn, announcement: Announcement): NoAnswer | null {
  if (announcement.state === 'cancelled') return { key: 'announcement.reply.cancelled' }
  if (!announcement.wantsAnswer) return { key: 'menu.staleButton' }
  const until = answersUntil(announcement)
  if (!until || Temporal.Instant.compare(turn.now, until) < 0) return null
  const [first] = openMeetings(announcement)
  const hasBegun = first && Temporal.Instant.compare(turn.now, first.startsAt) >= 0
  if (hasBegun) return { key: 'announcement.reply.started' }
  return { key: 'announcement.reply.closed', gaps: { until: turn.say.moment(until) } }
}

/** The announcement that may be answered now with a button of `revision`; else says why not, and shows how it stands. */
async function answerable(turn: Turn, id: number, revision: number): Promise<Announcement | null> {
  const announcement = await toldOne(turn, id)
  if (!announcement) return null
  const closed = closedBecause(turn, announcement)
  if (closed) {
    sayNo(turn, closed.key, closed.gaps)
    return null
  }
  if (announcement.revision === revision) return announcement
  sayNo(turn, 'announcement.reply.moved')
  turn.show(messageScreen(turn.say, announcement, turn.municipality.timezone, await own(turn, announcement)), {
    announcement: id,
  })
  return null
}

function own(turn: Turn, announcement: Announcement) {
  return ownAnswer(turn.tx, announcement, turn.actor.personId)
}

async function askDeputy(turn: Turn, id: number, revision: number): Promise<void> {
  const announcement = await answerable(turn, id, revision)
  if (!announcement) return
  turn.await({ kind: 'announcement-deputy', id, revision })
  turn.send(
    { text: turn.say('announcement.reply.askDeputy', { title: announcement.title }) },
    { subject: { announcement: id } },
  )
}

async function answer(
  turn: Turn,
  id: number,
  revision: number,
  given: Answer,
  deputyName: string | null,
): Promise<void> {
  const announcement = await answerable(turn, id, revision)
  if (!announcement) return
  const { personId } = turn.actor
  const decided = decideAnswer(await rsvpsOf(turn.tx, id), announcement.places, { personId, answer: given, deputyName })
  if (decided.changed) await keepRsvp(turn.tx, announcement, decided.own, turn.now)
  await showAnswered(turn, announcement, decided.changed)
  if (!decided.changed) return
  await tellPromoted(turn, announcement, decided.promoted)
  await refreshSoon(turn, id)
}

async function showAnswered(turn: Turn, announcement: Announcement, changed: boolean): Promise<void> {
  const { say } = turn
  const answered = await own(turn, announcement)
  if (!answered) return
  turn.toast(
    say.plain(
      !changed
        ? 'announcement.reply.same'
        : answered.rsvp.answer === 'no'
          ? 'announcement.reply.no'
          : answered.seat?.kind === 'waiting'
            ? 'announcement.message.waiting'
            : 'announcement.reply.yes',
      answered.seat?.kind === 'waiting' ? { number: answered.seat.number } : {},
    ),
  )
  turn.show(messageScreen(say, announcement, turn.municipality.timezone, answered), { announcement: announcement.id })
  if (answered.seat?.kind === 'coming') await sendCalendarTo(turn, announcement, [turn.actor.personId])
}

/** A place has become free: whoever moved up hears of it at once. */
export async function tellPromoted(turn: Turn, announcement: Announcement, promoted: readonly number[]): Promise<void> {
  if (promoted.length === 0) return
  const text = turn.say('announcement.reply.promoted', {
    title: announcement.title,
    when: nextMeetingWords(turn.say, announcement, turn.now, turn.municipality.timezone),
  })
  const screen = messageScreen(turn.say, announcement, turn.municipality.timezone)
  await tellAbout(
    turn,
    announcement,
    promoted,
    { text, ...(screen.buttons ? { buttons: screen.buttons } : {}) },
    'announcement-promoted',
  )
  await sendCalendarTo(turn, announcement, promoted)
}

async function sendCalendarAgain(turn: Turn, id: number): Promise<void> {
  const announcement = await toldOne(turn, id)
  if (!announcement) return
  const meetings = openMeetings(announcement)
  if (announcement.state === 'cancelled' || meetings.length === 0)
    return turn.toast(turn.say.plain('announcement.reply.cancelled'), true)
  const attachment = await calendarFile(turn, announcement, { method: 'PUBLISH', meetings })
  turn.send(
    { text: turn.say('announcement.reply.ics', { title: announcement.title }), attachments: [attachment] },
    { subject: { announcement: id } },
  )
}

async function showMyEvents(turn: Turn): Promise<void> {
  const ids = await announcedTo(turn.tx, turn.actor.personId, turn.now)
  const lines = []
  for (const id of ids) {
    const announcement = await announcementById(turn.tx, id)
    if (!announcement) continue
    const when = nextMeetingWords(turn.say, announcement, turn.now, turn.municipality.timezone)
    lines.push({ announcement, answer: await own(turn, announcement), when })
  }
  turn.send(mineScreen(turn.say, lines), { subject: { view: 'events' } })
}

async function showMine(turn: Turn, id: number): Promise<void> {
  const announcement = await toldOne(turn, id)
  if (!announcement) return
  turn.send(messageScreen(turn.say, announcement, turn.municipality.timezone, await own(turn, announcement)), {
    subject: { announcement: id },
  })
}

// -- the hall

/** Four figures are the code of the hall, where one is open for this person; false leaves the words to the other features. */
async function takeCode(turn: Turn): Promise<boolean> {
  if (turn.incoming.kind !== 'text' || turn.incoming.edited) return false
  const code = /^\s*(\d{4})\s*$/.exec(turn.incoming.text)?.[1]
  if (!code) return false
  const open = await openCodes(
    turn.tx,
    turn.actor.personId,
    turn.now.subtract({ hours: CODE_HOURS.after }),
    turn.now.add({ hours: CODE_HOURS.before }),
  )
  if (open.length === 0) return false
  const meeting = open.find((one) => one.code === code)
  const announcement = meeting && (await announcementById(turn.tx, meeting.announcementId))
  if (!meeting || !announcement) {
    turn.send({ text: turn.say('announcement.attendance.codeWrong') })
    return true
  }
  const { municipalityId, announcementId } = meeting
  const of = { municipalityId, announcementId, meetingId: meeting.id }
  const fresh = await attend(turn.tx, of, [turn.actor.personId], 'code', turn.now)
  const key = fresh > 0 ? 'announcement.attendance.codeRight' : 'announcement.attendance.codeAgain'
  turn.send({ text: turn.say(key, { title: announcement.title }) }, { subject: { announcement: announcementId } })
  await refreshSoon(turn, announcementId)
  return true
}

async function score(turn: Turn, id: number, given: number): Promise<void> {
  const { personId } = turn.actor
  const announcement = await lockAnnouncement(turn.tx, id)
  const isAsked = announcement && (await wasAsked(turn.tx, id, personId, 'feedback'))
  if (!isAsked || given < 1 || given > 5) return sayNo(turn, 'announcement.reply.notYours')
  const { municipalityId } = announcement
  await keepScore(turn.tx, { municipalityId, announcementId: id, personId }, given, turn.now)
  turn.await({ kind: 'announcement-opinion', id })
  turn.show({ text: turn.say('announcement.feedback.thanks', { score: given }) }, { announcement: id })
}
