import { z } from 'zod'
import { may } from '../../access/rights.ts'
import type { Announcement } from '../../announcements/announcement.ts'
import { openMeetings } from '../../announcements/announcement.ts'
import { NOBODY } from '../../announcements/audience.ts'
import type { MeetingSpan } from '../../announcements/corrections.ts'
import { LONGEST_TITLE, readAnnouncement, titleOf, untilInstant } from '../../announcements/reading.ts'
import { isQuiet, nextLoud } from '../../announcements/times.ts'
import { readUntil, readWhen, type Written } from '../../announcements/when.ts'
import {
  addAnnouncementFile,
  addMeetings,
  announcementById,
  changeAnnouncement,
  createAnnouncement,
  draftOfAlbum,
  removeFiles,
  setMeetings,
} from '../../db/announcements.ts'
import { endBoard, showBoard } from '../../db/boards.ts'
import { activityById } from '../../db/roadmaps.ts'
import { describeSchedule } from '../../deadlines/describe.ts'
import { escapeHtml } from '../../delivery/screen.ts'
import { Temporal } from '../../kernel/clock.ts'
import { cardOf, hoursOf } from '../announcing/desk.ts'
import {
  announceActivity,
  askField,
  clearField,
  openAnnouncement,
  openAnnouncements,
  setWantsAnswer,
  startAnnouncement,
} from '../buttons-announcements.ts'
import type { Incoming, IncomingFile } from '../incoming.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened, type WordKey } from '../words.ts'
import { holdDraft } from './announcement-reach.ts'
import { plan } from './announcements.ts'
import { allowed } from './coordinating.ts'
import { DOWNLOAD_LIMIT } from './evidence.ts'
import { reachActivity } from './roadmap-reach.ts'

/** Files of one announcement: an album of the messenger. */
const MOST_FILES = 10
const MOST_DATES = 30
/** A text this long was probably cut in two by the person's app. UTF-16 units. */
const LIKELY_CUT = 3800

const FIELDS = {
  text: 'announcement.field.text',
  title: 'announcement.field.title',
  when: 'announcement.field.when',
  place: 'announcement.field.place',
  until: 'announcement.field.until',
  places: 'announcement.field.places',
  files: 'announcement.field.files',
  'send-at': 'announcement.field.sendAt',
} as const satisfies Record<string, WordKey>
type Field = keyof typeof FIELDS

const New = z.object({ kind: z.literal('announcement-new') })
const Rest = z.object({ kind: z.literal('announcement-rest'), id: z.number().int(), after: z.number().int() })
const Asked = z.object({
  kind: z.literal('announcement-field'),
  id: z.number().int(),
  field: z.enum(Object.keys(FIELDS) as [Field, ...Field[]]),
  replaced: z.boolean(),
})

/** Writing an announcement: from a text, a file, an album, a forwarded post or an activity of the roadmap to a draft with all its fields. */
export const announcementWriting: Feature = {
  taps: [
    on(startAnnouncement, askText),
    on(announceActivity, fromActivity),
    on(askField, askForField),
    on(clearField, clear),
    on(setWantsAnswer, async (turn, id, wanted) => {
      const draft = await holdDraft(turn, id)
      if (!draft) return
      await changeAnnouncement(turn.tx, id, { wantsAnswer: wanted === 1 }, turn.now)
      await showDraft(turn, id)
    }),
  ],
  dialogs: [
    waitingFor('announcement-new', New, async (turn) => {
      if (await takeNew(turn)) return true
      turn.send({ text: turn.say('announcement.new.notUnderstood') })
      return true
    }),
    waitingFor('announcement-rest', Rest, async (turn, state) => takeRest(turn, state as z.infer<typeof Rest>)),
    waitingFor('announcement-field', Asked, async (turn, state) => takeField(turn, state as z.infer<typeof Asked>)),
  ],
  text: async (turn) => (isForwardedPost(turn) ? takeNew(turn) : false),
  file: async (turn) => {
    if (await takeAlbumPart(turn)) return true
    return isForwardedPost(turn) ? takeNew(turn) : false
  },
}

type TextOrFile = Extract<Incoming, { kind: 'text' | 'file' }>

/** A post that a coordinator forwards, with words of its own: what is forwarded without words may be a roadmap or a paper. */
function isForwardedPost(turn: Turn): boolean {
  const { incoming } = turn
  if (incoming.kind !== 'text' && incoming.kind !== 'file') return false
  if (!incoming.forwarded || incoming.edited || incoming.replyTo !== null) return false
  const words = incoming.kind === 'text' ? incoming.text : incoming.caption
  return words.trim().length >= 30 && may(turn.actor, 'announce', { municipalityId: turn.municipality.id })
}

function askText(turn: Turn): void {
  if (!allowed(turn, 'announce')) return
  turn.await({ kind: 'announcement-new' })
  turn.show({
    text: turn.say('announcement.new.ask'),
    buttons: [[{ label: turn.say.plain('common.back'), action: openAnnouncements() }]],
  })
}

/** Makes a draft of the turn's message; false where it holds nothing to announce. */
async function takeNew(turn: Turn): Promise<boolean> {
  const { incoming } = turn
  if ((incoming.kind !== 'text' && incoming.kind !== 'file') || incoming.edited) return false
  if (!allowed(turn, 'announce')) return true
  const words = wordsIn(incoming)
  const file = incoming.kind === 'file' ? fitting(turn, incoming.file) : null
  if (incoming.kind === 'file' && !file) return true
  const id = await draftFrom(turn, words, { album: incoming.kind === 'file' ? incoming.album : null })
  if (file) await keepFile(turn, id, file)
  turn.forget()
  if (words.text.length >= LIKELY_CUT)
    turn.await({ kind: 'announcement-rest', id, after: (incoming as TextOrFile).messageId })
  await showNewDraft(turn, id)
  return true
}

function wordsIn(incoming: TextOrFile): { text: string; html: string } {
  return incoming.kind === 'text'
    ? { text: incoming.text, html: incoming.html }
    : { text: incoming.caption, html: incoming.captionHtml }
}

/** A draft with all that its words say; gives its id. */
async function draftFrom(
  turn: Turn,
  words: { text: string; html: string },
  given: { album?: string | null; activityId?: number | null } = {},
): Promise<number> {
  const { municipality, today } = turn
  const read = readAnnouncement(words.text, today)
  const id = await createAnnouncement(turn.tx, {
    municipalityId: municipality.id,
    authorId: turn.actor.personId,
    title: read.title,
    html: words.html.trim(),
    place: read.place,
    wantsAnswer: read.wantsAnswer,
    answerUntil: read.until && untilInstant(read.until, municipality.workTo, municipality.timezone),
    places: read.places,
    audience: NOBODY,
    activityId: given.activityId ?? null,
    album: given.album ?? null,
    now: turn.now,
  })
  await addMeetings(turn.tx, { id, municipalityId: municipality.id }, spansOf(turn, read.when).slice(0, MOST_DATES), 0)
  return id
}

/** Local dates as moments of the municipality's zone. */
export function spansOf(turn: Turn, written: Written): MeetingSpan[] {
  const zone = turn.municipality.timezone
  return written.meetings.map(({ starts, ends }) => ({
    startsAt: starts.toZonedDateTime(zone).toInstant(),
    endsAt: ends.toZonedDateTime(zone).toInstant(),
  }))
}

/** The second half of a text that the person's app had cut in two. */
async function takeRest(turn: Turn, { id, after }: z.infer<typeof Rest>): Promise<boolean> {
  const { incoming } = turn
  if (incoming.kind !== 'text' || incoming.messageId !== after + 1) {
    turn.forget()
    return false
  }
  const draft = await holdDraft(turn, id)
  if (!draft) return true
  await changeAnnouncement(turn.tx, id, { html: `${draft.html}\n${incoming.html}` }, turn.now)
  turn.await({ kind: 'announcement-rest', id, after: incoming.messageId })
  await showNewDraft(turn, id)
  return true
}

// -- files

/** The file, if the messenger lets us have it; says so and gives null if not. */
function fitting(turn: Turn, file: IncomingFile): IncomingFile | null {
  if (file.size === null || file.size <= DOWNLOAD_LIMIT) return file
  turn.send({ text: turn.say('announcement.field.fileTooLarge') })
  return null
}

async function keepFile(turn: Turn, announcementId: number, file: IncomingFile): Promise<void> {
  const draft = await announcementById(turn.tx, announcementId)
  if (draft && draft.files.length >= MOST_FILES) return turn.send({ text: turn.say('announcement.field.tooManyFiles') })
  await storeFile(turn, announcementId, file, { purpose: 'body', batch: 0 })
}

/** Keeps a file of an announcement, and has it fetched into the store. */
export async function storeFile(
  turn: Turn,
  announcementId: number,
  file: IncomingFile,
  as: { purpose: 'body' | 'materials'; batch: number },
): Promise<void> {
  const municipalityId = turn.municipality.id
  const { kind, messengerFileId, messengerFileKey, fileName, mime, size } = file
  const fileId = await addAnnouncementFile(turn.tx, {
    municipalityId,
    announcementId,
    ...as,
    kind,
    messengerFileId,
    messengerFileKey,
    fileName,
    mime,
    size,
  })
  if (fileId !== null)
    await turn.services.startJob(turn.tx, { queue: 'fetch-announcement-file', data: { municipalityId, fileId } })
}

/** The other parts of an album come as messages of their own, the caption perhaps with a later one. */
async function takeAlbumPart(turn: Turn): Promise<boolean> {
  const { incoming } = turn
  if (incoming.kind !== 'file' || !incoming.album || incoming.edited) return false
  const id = await draftOfAlbum(turn.tx, turn.actor.personId, incoming.album)
  if (id === null) return false
  const draft = await holdDraft(turn, id)
  if (!draft) return true
  const file = fitting(turn, incoming.file)
  if (file) await keepFile(turn, id, file)
  if (draft.html === '' && incoming.caption.trim() !== '') await fillFrom(turn, draft, wordsIn(incoming))
  await showDraftBoard(turn, id)
  return true
}

/** Puts words into a draft that had none, with what they say. */
async function fillFrom(turn: Turn, draft: Announcement, words: { text: string; html: string }): Promise<void> {
  const { municipality } = turn
  const read = readAnnouncement(words.text, turn.today)
  await changeAnnouncement(
    turn.tx,
    draft.id,
    {
      html: words.html.trim(),
      title: draft.title || read.title,
      place: draft.place ?? read.place,
      wantsAnswer: draft.wantsAnswer ?? read.wantsAnswer,
      answerUntil:
        draft.answerUntil ?? (read.until && untilInstant(read.until, municipality.workTo, municipality.timezone)),
      places: draft.places ?? read.places,
    },
    turn.now,
  )
  if (openMeetings(draft).length === 0) await setMeetings(turn.tx, draft, spansOf(turn, read.when).slice(0, MOST_DATES))
}

// -- an activity of the roadmap

async function fromActivity(turn: Turn, activityId: number): Promise<void> {
  if (!allowed(turn, 'announce')) return
  const reached = await reachActivity(turn, activityId)
  const activity = reached && (await activityById(turn.tx, activityId))
  if (!reached || !activity) return
  const title = shortened(activity.title, 1000)
  const id = await draftFrom(turn, { text: title, html: escapeHtml(title) }, { activityId })
  await changeAnnouncement(turn.tx, id, { wantsAnswer: true }, turn.now)
  const when = describeSchedule(activity.schedule, reached.roadmap.period)
  const hasDate = activity.schedule.windows.length > 0
  turn.send({
    text: turn.say(hasDate ? 'announcement.new.activityHint' : 'announcement.new.activityHintUndated', { when }),
  })
  await showNewDraft(turn, id)
}

// -- fields

async function askForField(turn: Turn, id: number, name: string): Promise<void> {
  const field = Object.keys(FIELDS).find((known): known is Field => known === name)
  const draft = await holdDraft(turn, id)
  if (!draft || !field) return
  const { say } = turn
  turn.await({ kind: 'announcement-field', id, field, replaced: false })
  const clearable = ['when', 'place', 'until', 'places', 'files'].includes(field)
  turn.show(
    {
      text: say(FIELDS[field]),
      buttons: [
        [
          ...(clearable ? [{ label: say.plain('announcement.field.clear'), action: clearField(id, field) }] : []),
          { label: say.plain('common.back'), action: openAnnouncement(id) },
        ],
      ],
    },
    { announcement: id },
  )
}

async function clear(turn: Turn, id: number, name: string): Promise<void> {
  const draft = await holdDraft(turn, id)
  if (!draft) return
  const patches: Record<string, Parameters<typeof changeAnnouncement>[2]> = {
    place: { place: null },
    until: { answerUntil: null },
    places: { places: null },
  }
  if (name === 'when') await setMeetings(turn.tx, draft, [])
  if (name === 'files') await removeFiles(turn.tx, id)
  const patch = patches[name]
  if (patch) await changeAnnouncement(turn.tx, id, patch, turn.now)
  turn.forget()
  await showDraft(turn, id)
}

async function takeField(turn: Turn, { id, field, replaced }: z.infer<typeof Asked>): Promise<boolean> {
  const { incoming } = turn
  if (incoming.kind !== 'text' && incoming.kind !== 'file') return false
  if (incoming.edited) return false
  const draft = await holdDraft(turn, id)
  if (!draft) {
    turn.forget()
    return true
  }
  if (incoming.kind === 'file') return takeFieldFile(turn, draft, incoming, { field, replaced })
  if (!(await FIELD_READERS[field](turn, draft, incoming))) return true
  turn.forget()
  if (field !== 'send-at') await showNewDraft(turn, id)
  return true
}

async function takeFieldFile(
  turn: Turn,
  draft: Announcement,
  incoming: Extract<Incoming, { kind: 'file' }>,
  { field, replaced }: { field: Field; replaced: boolean },
): Promise<boolean> {
  if (field !== 'files' && field !== 'text') return false
  const file = fitting(turn, incoming.file)
  if (!file) return true
  if (!replaced) await removeFiles(turn.tx, draft.id)
  await keepFile(turn, draft.id, file)
  if (field === 'text' && incoming.caption.trim() !== '')
    await changeAnnouncement(turn.tx, draft.id, { html: incoming.captionHtml.trim() }, turn.now)
  turn.await({ kind: 'announcement-field', id: draft.id, field, replaced: true })
  if (replaced) await showDraftBoard(turn, draft.id)
  else await showNewDraft(turn, draft.id)
  return true
}

type TextMessage = Extract<Incoming, { kind: 'text' }>
/** Puts the words into a field; false where they do not fit, which is said. */
type FieldReader = (turn: Turn, draft: Announcement, incoming: TextMessage) => Promise<boolean>

const FIELD_READERS: Record<Field, FieldReader> = {
  text: async (turn, draft, { text, html }) => {
    if (draft.html === '') await fillFrom(turn, draft, { text, html })
    else
      await changeAnnouncement(turn.tx, draft.id, { html: html.trim(), title: draft.title || titleOf(text) }, turn.now)
    return true
  },
  title: async (turn, draft, { text }) => {
    const title = checkedTitle(turn, text)
    if (title === null) return false
    await changeAnnouncement(turn.tx, draft.id, { title }, turn.now)
    return true
  },
  when: async (turn, draft, { text }) => {
    const spans = typedSpans(turn, text)
    if (!spans) return false
    await setMeetings(turn.tx, draft, spans)
    return true
  },
  place: async (turn, draft, { text }) => {
    await changeAnnouncement(turn.tx, draft.id, { place: shortened(text, 300) }, turn.now)
    return true
  },
  until: async (turn, draft, { text }) => {
    const answerUntil = typedUntil(turn, text, openMeetings(draft)[0]?.startsAt ?? null)
    if (!answerUntil) return false
    await changeAnnouncement(turn.tx, draft.id, { answerUntil, wantsAnswer: true }, turn.now)
    return true
  },
  places: async (turn, draft, { text }) => {
    const places = typedPlaces(turn, text)
    if (places === null) return false
    await changeAnnouncement(turn.tx, draft.id, { places, wantsAnswer: true }, turn.now)
    return true
  },
  files: async (turn) => {
    turn.send({ text: turn.say('announcement.field.files') })
    return false
  },
  'send-at': takeSendAt,
}

/** The words as a title; says how much is too much and gives null. */
export function checkedTitle(turn: Turn, text: string): string | null {
  const title = text.replace(/\s+/g, ' ').trim()
  const cut = title.length - LONGEST_TITLE
  if (cut <= 0) return title
  turn.send({ text: turn.say('announcement.field.titleLong', { count: cut }) })
  return null
}

/** The dates that were typed, all still to come; says what is wrong and gives null. */
export function typedSpans(turn: Turn, text: string): MeetingSpan[] | null {
  const { say } = turn
  const written = readWhen(text, turn.today)
  const spans = spansOf(turn, written)
  const [day] = written.daysWithoutTime
  const [first] = spans
  if (!first && day) turn.send({ text: say('announcement.field.whenNoTime', { day: say.day(day) }) })
  else if (!first) turn.send({ text: say('announcement.field.whenUnknown') })
  else if (spans.length > MOST_DATES) turn.send({ text: say('announcement.field.tooManyDates') })
  else if (Temporal.Instant.compare(first.startsAt, turn.now) <= 0)
    turn.send({ text: say('announcement.field.past', { when: say.moment(first.startsAt) }) })
  else return spans
  return null
}

/** The deadline that was typed: still to come, and before the beginning; says what is wrong and gives null. */
export function typedUntil(turn: Turn, text: string, start: Temporal.Instant | null): Temporal.Instant | null {
  const { say, municipality } = turn
  const until = readUntil(text, turn.today)
  if (!until) {
    turn.send({ text: say('announcement.field.untilUnknown') })
    return null
  }
  const moment = untilInstant(until, municipality.workTo, municipality.timezone)
  if (Temporal.Instant.compare(moment, turn.now) <= 0)
    turn.send({ text: say('announcement.field.past', { when: say.moment(moment) }) })
  else if (start && Temporal.Instant.compare(moment, start) > 0)
    turn.send({ text: say('announcement.field.untilLate', { start: say.moment(start) }) })
  else return moment
  return null
}

/** The number of places that was typed; says what is expected and gives null. */
export function typedPlaces(turn: Turn, text: string): number | null {
  const places = Number(/^\D{0,20}(\d{1,4})\D{0,20}$/u.exec(text.trim())?.[1] ?? 0)
  if (places > 0) return places
  turn.send({ text: turn.say('announcement.field.placesUnknown') })
  return null
}

async function takeSendAt(turn: Turn, draft: Announcement, { text }: TextMessage): Promise<boolean> {
  const spans = typedSpans(turn, text)
  const [first] = spans ?? []
  if (!first) return false
  const sendAt = first.startsAt
  if (!isQuiet(sendAt, hoursOf(turn))) {
    await plan(turn, draft, sendAt)
    return true
  }
  const { say } = turn
  const next = nextLoud(sendAt, hoursOf(turn))
  turn.send({ text: say('announcement.field.quiet', { when: say.moment(sendAt), next: say.moment(next) }) })
  return false
}

// -- the card of a draft

async function showDraft(turn: Turn, id: number): Promise<void> {
  const draft = await announcementById(turn.tx, id)
  if (draft) turn.show(await cardOf(turn, draft), { announcement: id })
}

/** Shows the draft as a new message below what was written. */
async function showNewDraft(turn: Turn, id: number): Promise<void> {
  await endBoard(turn.tx, draftBoard(turn, id))
  await showDraftBoard(turn, id)
}

/** The parts of an album change one message. */
async function showDraftBoard(turn: Turn, id: number): Promise<void> {
  const draft = await announcementById(turn.tx, id)
  if (!draft) return
  await showBoard(turn.tx, turn.services.enqueue, draftBoard(turn, id), {
    screen: await cardOf(turn, draft),
    subject: { announcement: id },
    lane: 'answer',
    now: turn.now,
  })
}

function draftBoard(turn: Turn, id: number) {
  return {
    municipalityId: turn.municipality.id,
    personId: turn.actor.personId,
    kind: `draft:${id}`,
    messenger: turn.incoming.messenger,
    chat: turn.incoming.chat,
  }
}
