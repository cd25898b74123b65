import { z } from 'zod'
import { type Announcement, openMeetings, ROOM_FOR_ANSWER } from '../../announcements/announcement.ts'
import { changesAnything, dropped, type Moved, moveMeetings } from '../../announcements/corrections.ts'
import { titleOf } from '../../announcements/reading.ts'
import { comingOf, promotedBetween } from '../../announcements/rsvp.ts'
import { forgetRsvps, rsvpsOf } from '../../db/announcement-answers.ts'
import { toldOf } from '../../db/announcement-sending.ts'
import { addMeetings, announcementById, changeAnnouncement, keepMeeting } from '../../db/announcements.ts'
import { enqueueBroadcast } from '../../db/deliveries.ts'
import { visibleLength } from '../../delivery/markup.ts'
import { escapeHtml, type Screen } from '../../delivery/screen.ts'
import { MESSAGE_LIMITS } from '../../delivery/split.ts'
import { Temporal } from '../../kernel/clock.ts'
import { holdBack } from '../announcing/sending.ts'
import { calendarFile, mendMessages, sendCalendarTo, tellAbout } from '../announcing/telling.ts'
import {
  askCancel,
  askChange,
  cancelEvent,
  confirmMove,
  openAnnouncement,
  openChanges,
} from '../buttons-announcements.ts'
import { meetingWords, messageText, movedScreen } from '../screens/announcement.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened, type WordKey } from '../words.ts'
import { tellPromoted } from './announcement-answers.ts'
import { holdSent, renewCard, reveal } from './announcement-reach.ts'
import { checkedTitle, typedPlaces, typedSpans, typedUntil } from './announcement-writing.ts'
import { sayNo } from './coordinating.ts'

const CHANGES = {
  text: { label: 'announcement.change.text', ask: 'announcement.field.text' },
  title: { label: 'announcement.change.titleButton', ask: 'announcement.field.title' },
  when: { label: 'announcement.change.when', ask: 'announcement.field.when' },
  place: { label: 'announcement.change.place', ask: 'announcement.field.place' },
  until: { label: 'announcement.change.until', ask: 'announcement.field.until' },
  places: { label: 'announcement.change.places', ask: 'announcement.field.places' },
} as const satisfies Record<string, { label: WordKey; ask: WordKey }>
type Change = keyof typeof CHANGES

const Changing = z.object({
  kind: z.literal('announcement-change'),
  id: z.number().int(),
  change: z.enum(Object.keys(CHANGES) as [Change, ...Change[]]),
})
const Moving = z.object({
  kind: z.literal('announcement-move'),
  id: z.number().int(),
  revision: z.number().int(),
  spans: z.array(z.object({ startsAt: z.string(), endsAt: z.string() })),
  place: z.string().nullable(),
})
const Cancelling = z.object({ kind: z.literal('announcement-cancel'), id: z.number().int() })

/** Changes of what people were told: a typo is mended in place, a new time or place asks again, a cancellation tells everybody. */
export const announcementChanges: Feature = {
  taps: [
    on(openChanges, showChanges),
    on(askChange, askFor),
    on(confirmMove, move),
    on(askCancel, askReason),
    on(cancelEvent, (turn, id) => cancel(turn, id, null)),
  ],
  dialogs: [
    waitingFor('announcement-change', Changing, async (turn, state) =>
      takeChange(turn, state as z.infer<typeof Changing>),
    ),
    waitingFor('announcement-move', Moving, async (turn) => {
      turn.forget()
      return false
    }),
    waitingFor('announcement-cancel', Cancelling, async (turn, { id }) => {
      if (turn.incoming.kind !== 'text') return false
      await cancel(turn, id as number, shortened(turn.incoming.text, 500))
      return true
    }),
  ],
}

async function showChanges(turn: Turn, id: number): Promise<void> {
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  turn.forget()
  const { say } = turn
  const button = (change: Change) => ({ label: say.plain(CHANGES[change].label), action: askChange(id, change) })
  reveal(
    turn,
    {
      text: say('announcement.change.title'),
      buttons: [
        [button('text'), button('title')],
        [button('when'), button('place')],
        ...(announcement.wantsAnswer ? [[button('until'), button('places')]] : []),
        [{ label: say.plain('common.back'), action: openAnnouncement(id) }],
      ],
    },
    id,
  )
}

async function askFor(turn: Turn, id: number, word: string): Promise<void> {
  const change = Object.keys(CHANGES).find((known): known is Change => known === word)
  const announcement = await holdSent(turn, id)
  if (!announcement || !change) return
  turn.await({ kind: 'announcement-change', id, change })
  turn.show(
    {
      text: turn.say(CHANGES[change].ask),
      buttons: [[{ label: turn.say.plain('common.back'), action: openChanges(id) }]],
    },
    { announcement: id },
  )
}

async function takeChange(turn: Turn, { id, change }: z.infer<typeof Changing>): Promise<boolean> {
  if (turn.incoming.kind !== 'text' || turn.incoming.edited) return false
  const announcement = await holdSent(turn, id)
  if (!announcement) {
    turn.forget()
    return true
  }
  await TAKERS[change](turn, announcement, turn.incoming)
  return true
}

type Words = { text: string; html: string }

const TAKERS: Record<Change, (turn: Turn, announcement: Announcement, words: Words) => Promise<void>> = {
  text: async (turn, announcement, { text, html }) => {
    const hadTitle = announcement.title === titleOf(plainOf(announcement.html))
    await mend(turn, announcement, { html: html.trim(), ...(hadTitle ? { title: titleOf(text) } : {}) })
  },
  title: async (turn, announcement, { text }) => {
    const title = checkedTitle(turn, text)
    if (title !== null) await mend(turn, announcement, { title })
  },
  until: async (turn, announcement, { text }) => {
    const answerUntil = typedUntil(turn, text, openMeetings(announcement)[0]?.startsAt ?? null)
    if (answerUntil) await mend(turn, announcement, { answerUntil })
  },
  places: takePlaces,
  when: async (turn, announcement, { text }) => {
    const spans = typedSpans(turn, text)
    if (spans) await confirm(turn, announcement, { spans, place: announcement.place })
  },
  place: async (turn, announcement, { text }) =>
    confirm(turn, announcement, { spans: openMeetings(announcement), place: shortened(text, 300) }),
}

function plainOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}

/** Puts a correction into the messages already sent. What would not fit into them is refused with how much to cut. */
async function mend(
  turn: Turn,
  announcement: Announcement,
  patch: Partial<Pick<Announcement, 'html' | 'title' | 'answerUntil' | 'places'>>,
): Promise<void> {
  const mended = { ...announcement, ...patch }
  const limits = MESSAGE_LIMITS.telegram
  const most = (announcement.asCaption ? limits.caption : limits.text) - ROOM_FOR_ANSWER
  const cut = visibleLength(messageText(turn.say, mended, turn.municipality.timezone)) - most
  if (cut > 0) return turn.send({ text: turn.say('announcement.change.tooLong', { count: cut }) })
  await changeAnnouncement(turn.tx, announcement.id, patch, turn.now)
  turn.forget()
  const count = await mendMessages(turn, mended)
  turn.send({ text: turn.say('announcement.change.mended', { count }) })
  await renew(turn, announcement.id)
}

async function renew(turn: Turn, id: number): Promise<void> {
  const announcement = await announcementById(turn.tx, id)
  if (announcement) await renewCard(turn, announcement)
}

async function takePlaces(turn: Turn, announcement: Announcement, { text }: Words): Promise<void> {
  const places = typedPlaces(turn, text)
  if (places === null) return
  const rsvps = await rsvpsOf(turn.tx, announcement.id)
  const taken = comingOf(rsvps, announcement.places).length
  if (places < taken) return turn.send({ text: turn.say('announcement.field.placesTooFew', { count: taken }) })
  const promoted = promotedBetween(rsvps, announcement.places, rsvps, places)
  await mend(turn, announcement, { places })
  await tellPromoted(turn, { ...announcement, places }, promoted)
}

// -- another time or place

type Plan = { spans: readonly { startsAt: Temporal.Instant; endsAt: Temporal.Instant }[]; place: string | null }

async function confirm(turn: Turn, announcement: Announcement, { spans, place }: Plan): Promise<void> {
  const { say } = turn
  const moved = moveMeetings(announcement.meetings, spans)
  if (!changesAnything(moved) && place === announcement.place) {
    turn.forget()
    return turn.send({ text: say('announcement.change.same') })
  }
  turn.await({
    kind: 'announcement-move',
    id: announcement.id,
    revision: announcement.revision,
    spans: spans.map((span) => ({ startsAt: span.startsAt.toString(), endsAt: span.endsAt.toString() })),
    place,
  })
  const zone = turn.municipality.timezone
  const inWords = (meetings: Plan['spans'], where: string | null) =>
    escapeHtml([...meetings.map((meeting) => meetingWords(say, meeting, zone)), where ?? ''].filter(Boolean).join('\n'))
  turn.send(
    {
      text: say('announcement.change.confirm', {
        before: inWords(openMeetings(announcement), announcement.place),
        after: inWords(spans, place),
      }),
      buttons: [
        [
          { label: say.plain('announcement.change.confirmYes'), tone: 'main', action: confirmMove(announcement.id) },
          { label: say.plain('common.back'), action: openAnnouncement(announcement.id) },
        ],
      ],
    },
    { subject: { announcement: announcement.id } },
  )
}

async function move(turn: Turn, id: number): Promise<void> {
  const planned = Moving.safeParse(turn.dialog)
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  if (!planned.success || planned.data.id !== id || planned.data.revision !== announcement.revision)
    return sayNo(turn, 'menu.staleButton')
  turn.forget()
  const plan = {
    place: planned.data.place,
    spans: planned.data.spans.map((span) => ({
      startsAt: Temporal.Instant.from(span.startsAt),
      endsAt: Temporal.Instant.from(span.endsAt),
    })),
  }
  const count = await carryOut(turn, announcement, plan)
  turn.show({ text: turn.say('announcement.change.told', { count }) }, { announcement: id })
  await renew(turn, id)
}

/** Moves the event: the dates, everybody asked again, the calendars of those who came along. Gives how many were told. */
async function carryOut(turn: Turn, announcement: Announcement, { spans, place }: Plan): Promise<number> {
  const { tx, say, municipality } = turn
  const before = {
    when: openMeetings(announcement).map((meeting) => meetingWords(say, meeting, municipality.timezone)),
    place: announcement.place,
  }
  const coming = comingOf(await rsvpsOf(tx, announcement.id), announcement.places)
  const told = await toldOf(tx, announcement.id)
  const moved = moveMeetings(announcement.meetings, spans)
  await keepMoved(turn, announcement, moved, place !== announcement.place)
  const answerUntil = deadlineAfter(turn, announcement, spans[0]?.startsAt ?? null)
  if (announcement.answerUntil && !answerUntil) turn.send({ text: say('announcement.change.deadlineDropped') })
  await changeAnnouncement(tx, announcement.id, { place, answerUntil, revision: announcement.revision + 1 }, turn.now)
  await forgetRsvps(tx, announcement.id)
  const after = await announcementById(tx, announcement.id)
  if (!after) throw new Error('an announcement vanished within its transaction')
  await mendMessages(turn, after)
  const when = changesAnything(moved) ? before.when : []
  await tellAll(
    turn,
    after,
    told,
    movedScreen(say, after, { when, place: before.place }, municipality.timezone),
    'moved',
  )
  await sendCalendarTo(turn, after, coming, 'announcement.change.icsMoved')
  if (moved.dropped.length > 0) await sendCancelled(turn, after, moved.dropped, coming)
  return told.length
}

async function keepMoved(turn: Turn, announcement: Announcement, moved: Moved, isElsewhere: boolean): Promise<void> {
  const kept = isElsewhere ? moved.kept.map((meeting) => ({ ...meeting, sequence: meeting.sequence + 1 })) : []
  for (const meeting of [...kept, ...moved.moved, ...moved.dropped]) await keepMeeting(turn.tx, meeting)
  await addMeetings(turn.tx, announcement, moved.added, announcement.meetings.length)
}

/** The deadline for answers, where it is still ahead and before the new beginning. */
function deadlineAfter(
  turn: Turn,
  { answerUntil }: Announcement,
  start: Temporal.Instant | null,
): Temporal.Instant | null {
  if (!answerUntil || Temporal.Instant.compare(answerUntil, turn.now) <= 0) return null
  return start && Temporal.Instant.compare(answerUntil, start) > 0 ? null : answerUntil
}

/** One message to everybody who was told, once for each change. */
async function tellAll(
  turn: Turn,
  announcement: Announcement,
  told: readonly { personId: number; chat: string }[],
  screen: Screen,
  what: 'moved' | 'cancelled',
): Promise<void> {
  if (told.length === 0) return
  await enqueueBroadcast(turn.tx, {
    municipalityId: turn.municipality.id,
    messenger: 'telegram',
    lane: 'broadcast',
    reason: `announcement-${what}`,
    content: { do: 'send', screen },
    subject: { announcement: announcement.id },
    onceKey: `announcement:${announcement.id}:${what}:${announcement.revision}`,
    to: told.map(({ personId, chat }) => ({ personId, chat })),
  })
}

async function sendCancelled(
  turn: Turn,
  announcement: Announcement,
  meetings: Announcement['meetings'],
  personIds: readonly number[],
): Promise<void> {
  if (meetings.length === 0 || personIds.length === 0) return
  const attachment = await calendarFile(turn, announcement, { method: 'CANCEL', meetings })
  const text = turn.say('announcement.message.cancelled', { title: announcement.title })
  await tellAbout(turn, announcement, personIds, { text, attachments: [attachment] }, 'announcement-ics')
}

// -- cancelling

async function askReason(turn: Turn, id: number): Promise<void> {
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  turn.await({ kind: 'announcement-cancel', id })
  reveal(
    turn,
    {
      text: turn.say('announcement.cancel.ask'),
      buttons: [
        [{ label: turn.say.plain('announcement.cancel.yes'), tone: 'bad', action: cancelEvent(id) }],
        [{ label: turn.say.plain('common.back'), action: openAnnouncement(id) }],
      ],
    },
    id,
  )
}

async function cancel(turn: Turn, id: number, reason: string | null): Promise<void> {
  const announcement = await holdSent(turn, id)
  turn.forget()
  if (!announcement) return
  const { tx, say, municipality } = turn
  await holdBack(turn, announcement)
  const told = await toldOf(tx, id)
  const coming = comingOf(await rsvpsOf(tx, id), announcement.places)
  const open = openMeetings(announcement)
  const off = open.map(dropped)
  for (const meeting of off) await keepMeeting(tx, meeting)
  await changeAnnouncement(tx, id, { state: 'cancelled', cancelledAt: turn.now, cancelReason: reason }, turn.now)
  const when = open.map((meeting) => meetingWords(say, meeting, municipality.timezone)).join('; ')
  const why = reason ? say('announcement.cancel.reason', { reason }) : ''
  const gaps = { title: announcement.title, when, reason: why }
  const key = when ? 'announcement.cancel.told' : 'announcement.cancel.toldUndated'
  const cancelled = { ...announcement, state: 'cancelled' as const }
  await mendMessages(turn, cancelled)
  await tellAll(turn, cancelled, told, { text: say(key, gaps) }, 'cancelled')
  await sendCancelled(turn, cancelled, off, coming)
  turn.show({ text: say('announcement.cancel.done', { count: told.length }) }, { announcement: id })
  await renew(turn, id)
}
