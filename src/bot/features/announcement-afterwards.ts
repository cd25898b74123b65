import { createHash, randomInt } from 'node:crypto'
import { z } from 'zod'
import { may } from '../../access/rights.ts'
import { type Announcement, openMeetings } from '../../announcements/announcement.ts'
import { tallyOf } from '../../announcements/rsvp.ts'
import { attend, attendedBy, feedbackOf, isCodeFree, rsvpsOf, unattend } from '../../db/announcement-answers.ts'
import { addOwnEvidence, tasksOfActivity } from '../../db/announcement-evidence.ts'
import { noteOnce, progressOf } from '../../db/announcement-sending.ts'
import { keepMeeting, materialsOf, meetingById, nextBatch } from '../../db/announcements.ts'
import { taskUnit } from '../../db/tasks.ts'
import { visibleLength } from '../../delivery/markup.ts'
import { MESSAGE_LIMITS } from '../../delivery/split.ts'
import { localDate, Temporal } from '../../kernel/clock.ts'
import { openBasket } from '../../tasks/report-task.ts'
import { isOpen } from '../../tasks/task.ts'
import { refreshSoon } from '../announcing/desk.ts'
import { tellAbout } from '../announcing/telling.ts'
import { markDone } from '../buttons.ts'
import {
  askFeedback,
  askMaterials,
  attachParticipants,
  markAllPromised,
  markAttendance,
  openAnnouncement,
  openAnswers,
  openAttendance,
  openAttendances,
  openResults,
  sendAnswersTable,
  sendMaterials,
  showCode,
} from '../buttons-announcements.ts'
import { attachmentsOf, feedbackScreen, meetingWords } from '../screens/announcement.ts'
import { pageOf, pagingRow, rows } from '../screens/pages.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened } from '../words.ts'
import { answersTable, type Guest, guestsOf, participantsTable } from './announcement-files.ts'
import { holdSent, reachAnnouncement, reveal } from './announcement-reach.ts'
import { storeFile } from './announcement-writing.ts'
import { sayNo } from './coordinating.ts'
import { DOWNLOAD_LIMIT } from './evidence.ts'
import { toastRefusal } from './task-words.ts'

const Materials = z.object({
  kind: z.literal('announcement-materials'),
  id: z.number().int(),
  batch: z.number().int(),
  html: z.string(),
})
type Materials = z.infer<typeof Materials>

/** Lines of the list of answers on one screen. */
const ANSWERS_PAGE = 30
const SHOWN_OPINIONS = 8
/** How long the code of the hall is taken after the end. Hours. */
const CODE_HOURS = 3

/** What comes of an announcement: the answers by name, who was there, materials, opinions, the figures, the paper for the roadmap's task. */
export const announcementAfterwards: Feature = {
  taps: [
    on(openAnswers, showAnswers),
    on(sendAnswersTable, async (turn, id) => {
      const announcement = await reachAnnouncement(turn, id)
      if (!announcement) return
      turn.send({
        text: turn.say('announcement.answers.tableReady', { title: announcement.title }),
        attachments: [await answersTable(turn, announcement)],
      })
    }),
    on(openAttendances, showDates),
    on(openAttendance, showAttendance),
    on(markAttendance, mark),
    on(markAllPromised, markAll),
    on(showCode, code),
    on(askMaterials, askForMaterials),
    on(sendMaterials, share),
    on(askFeedback, askOpinions),
    on(openResults, showResults),
    on(attachParticipants, attach),
  ],
  dialogs: [waitingFor('announcement-materials', Materials, async (turn, state) => gather(turn, state as Materials))],
}

// -- the answers by name

const MARKS = { yes: '✅', no: '❌', deputy: '👤' } as const

async function showAnswers(turn: Turn, id: number, page: number): Promise<void> {
  const announcement = await reachAnnouncement(turn, id)
  if (!announcement) return
  const { say } = turn
  const guests = byAnswer(await guestsOf(turn, announcement))
  const pages = Math.max(1, Math.ceil(guests.length / ANSWERS_PAGE))
  const index = Math.min(page, pages - 1)
  const shown = guests.slice(index * ANSWERS_PAGE, (index + 1) * ANSWERS_PAGE)
  const title = say('announcement.answers.title', { title: shortened(announcement.title, 100) })
  const lines = shown.map((guest) => answerLine(turn, guest))
  reveal(
    turn,
    {
      text: [title, '', ...(lines.length > 0 ? lines : [say('announcement.answers.none')])].join('\n'),
      buttons: rows(
        pagingRow(say, { page: index, pages }, (next) => openAnswers(id, next)),
        [
          { label: say.plain('announcement.answers.table'), action: sendAnswersTable(id) },
          { label: say.plain('common.back'), action: openAnnouncement(id) },
        ],
      ),
    },
    id,
  )
}

/** Those who come first, then those who wait, those who do not, and the silent. */
function byAnswer(guests: readonly Guest[]): Guest[] {
  const rank = ({ rsvp, waiting }: Guest): number => {
    if (!rsvp) return 3
    return rsvp.answer === 'no' ? 2 : waiting === 0 ? 0 : 1
  }
  return [...guests].sort((left, right) => rank(left) - rank(right) || (left.waiting ?? 0) - (right.waiting ?? 0))
}

function answerLine({ say }: Turn, { person, rsvp, waiting, reached }: Guest): string {
  const more = [
    rsvp?.deputyName ? say('announcement.answers.deputy', { name: rsvp.deputyName }) : '',
    waiting ? say('announcement.answers.waiting', { number: waiting }) : '',
  ]
  return say('announcement.answers.line', {
    mark: rsvp ? MARKS[rsvp.answer] : reached ? '💬' : '📵',
    name: person.fullName,
    organizations: shortened(person.organizations, 60),
    more: more.join(''),
  })
}

// -- who was there

async function showDates(turn: Turn, id: number): Promise<void> {
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  const [only, ...others] = openMeetings(announcement)
  if (!only) return sayNo(turn, 'common.notFound')
  if (others.length === 0) return showAttendance(turn, only.id, 0)
  const { say } = turn
  reveal(
    turn,
    {
      text: say('announcement.attendance.pickDate'),
      buttons: [
        ...[only, ...others].map((meeting) => [
          {
            label: meetingWords(say, meeting, turn.municipality.timezone),
            action: openAttendance(meeting.id, 0),
          },
        ]),
        [{ label: say.plain('common.back'), action: openAnnouncement(id) }],
      ],
    },
    id,
  )
}

type Hall = { announcement: Announcement; meeting: Announcement['meetings'][number] }

/** The date with its announcement, if the person may announce there; says so and gives null if not, or where it has not begun yet. */
async function hallOf(turn: Turn, meetingId: number): Promise<Hall | null> {
  const found = await meetingById(turn.tx, meetingId)
  const announcement = found ? await holdSent(turn, found.announcementId) : null
  const meeting = announcement?.meetings.find(({ id }) => id === meetingId)
  if (!announcement || !meeting) {
    if (!found) sayNo(turn, 'common.notFound')
    return null
  }
  if (Temporal.Instant.compare(turn.now, meeting.startsAt.subtract({ hours: 1 })) >= 0) return { announcement, meeting }
  sayNo(turn, 'announcement.attendance.early')
  return null
}

async function showAttendance(turn: Turn, meetingId: number, page: number): Promise<void> {
  const hall = await hallOf(turn, meetingId)
  if (!hall) return
  const { announcement, meeting } = hall
  const { say } = turn
  const guests = byAnswer(await guestsOf(turn, announcement))
  const shown = pageOf(guests, page)
  const button = (key: Parameters<typeof say.plain>[0], action: string) => ({ label: say.plain(key), action })
  reveal(
    turn,
    {
      text: say('announcement.attendance.title', {
        title: announcement.title,
        when: meetingWords(say, meeting, turn.municipality.timezone),
        count: guests.filter(({ was }) => was.has(meetingId)).length,
      }),
      buttons: rows(
        ...shown.shown.map(({ person, was }) => [
          {
            label: shortened(
              say.plain(was.has(meetingId) ? 'announcement.audience.marked' : 'announcement.audience.unmarked', {
                name: `${person.fullName}, ${person.organizations}`,
              }),
              60,
            ),
            action: markAttendance(meetingId, person.personId, shown.page),
          },
        ]),
        pagingRow(say, shown, (next) => openAttendance(meetingId, next)),
        [button('announcement.attendance.all', markAllPromised(meetingId))],
        [button('announcement.attendance.code', showCode(meetingId))],
        [
          button('announcement.attendance.materialsButton', askMaterials(announcement.id)),
          button('announcement.attendance.feedbackButton', askFeedback(announcement.id)),
        ],
        [button('common.back', openAnnouncement(announcement.id))],
      ),
    },
    announcement.id,
  )
}

function ofHall({ announcement, meeting }: Hall) {
  return { municipalityId: announcement.municipalityId, announcementId: announcement.id, meetingId: meeting.id }
}

async function mark(turn: Turn, meetingId: number, personId: number, page: number): Promise<void> {
  const hall = await hallOf(turn, meetingId)
  if (!hall) return
  const guest = (await guestsOf(turn, hall.announcement)).find(({ person }) => person.personId === personId)
  if (!guest) return turn.toast(turn.say.plain('common.notFound'), true)
  if (guest.was.has(meetingId)) await unattend(turn.tx, meetingId, personId)
  else await attend(turn.tx, ofHall(hall), [personId], 'mark', turn.now)
  await refreshSoon(turn, hall.announcement.id)
  await showAttendance(turn, meetingId, page)
}

async function markAll(turn: Turn, meetingId: number): Promise<void> {
  const hall = await hallOf(turn, meetingId)
  if (!hall) return
  const promised = (await guestsOf(turn, hall.announcement))
    .filter(({ waiting }) => waiting === 0)
    .map(({ person }) => person.personId)
  await attend(turn.tx, ofHall(hall), promised, 'mark', turn.now)
  await refreshSoon(turn, hall.announcement.id)
  await showAttendance(turn, meetingId, 0)
}

async function code(turn: Turn, meetingId: number): Promise<void> {
  const hall = await hallOf(turn, meetingId)
  if (!hall) return
  const { meeting, announcement } = hall
  const shown = meeting.code ?? (await freeCode(turn))
  if (!meeting.code) await keepMeeting(turn.tx, { ...meeting, code: shown })
  turn.send(
    {
      text: turn.say('announcement.attendance.codeShown', {
        code: shown,
        until: turn.say.moment(meeting.endsAt.add({ hours: CODE_HOURS })),
      }),
    },
    { subject: { announcement: announcement.id } },
  )
}

async function freeCode(turn: Turn): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    const found = String(randomInt(1000, 10_000))
    if (await isCodeFree(turn.tx, found)) return found
  }
  throw new Error('no code of four figures is free')
}

/** Those who were at one of the dates. */
async function participants(turn: Turn, announcement: Announcement): Promise<number[]> {
  return attendedBy(
    turn.tx,
    openMeetings(announcement).map(({ id }) => id),
  )
}

// -- materials

async function askForMaterials(turn: Turn, id: number): Promise<void> {
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  if ((await participants(turn, announcement)).length === 0) return sayNo(turn, 'announcement.materials.nobody')
  turn.await({ kind: 'announcement-materials', id, batch: await nextBatch(turn.tx, id), html: '' })
  reveal(
    turn,
    {
      text: turn.say('announcement.materials.ask'),
      buttons: [[{ label: turn.say.plain('common.back'), action: openAnnouncement(id) }]],
    },
    id,
  )
}

async function gather(turn: Turn, state: Materials): Promise<boolean> {
  const { incoming } = turn
  if ((incoming.kind !== 'text' && incoming.kind !== 'file') || incoming.edited) return false
  const announcement = await holdSent(turn, state.id)
  if (!announcement) return true
  const { say } = turn
  if (incoming.kind === 'file') {
    if ((incoming.file.size ?? 0) > DOWNLOAD_LIMIT) {
      turn.send({ text: say('announcement.field.fileTooLarge') })
      return true
    }
    await storeFile(turn, state.id, incoming.file, { purpose: 'materials', batch: state.batch })
  }
  const added = incoming.kind === 'text' ? incoming.html : incoming.captionHtml
  const html = [state.html, added.trim()].filter((part) => part !== '').join('\n\n')
  const cut = visibleLength(html) + ROOM_FOR_HEADING - MESSAGE_LIMITS.telegram.text
  if (cut > 0) {
    turn.send({ text: say('announcement.problem.too-long', { count: cut }) })
    return true
  }
  turn.await({ ...state, html })
  const files = (await materialsOf(turn.tx, state.id, state.batch)).length
  const count = (await participants(turn, announcement)).length
  turn.send(
    {
      text: say('announcement.materials.got', {
        files: files > 0 ? say('common.files', { count: files }) : say('announcement.materials.wordsOnly'),
        words: files > 0 && html !== '' ? say('announcement.materials.words') : '',
      }),
      buttons: [
        [
          {
            label: say.plain('announcement.materials.send', { count }),
            tone: 'good',
            action: sendMaterials(state.id, state.batch),
          },
          { label: say.plain('common.back'), action: openAnnouncement(state.id) },
        ],
      ],
    },
    { subject: { announcement: state.id } },
  )
  return true
}

/** UTF-16 units of the line above the materials. */
const ROOM_FOR_HEADING = 200

async function share(turn: Turn, id: number, batch: number): Promise<void> {
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  const state = Materials.safeParse(turn.dialog)
  const html = state.success && state.data.id === id && state.data.batch === batch ? state.data.html : null
  const files = await materialsOf(turn.tx, id, batch)
  if (html === null || (html === '' && files.length === 0)) return sayNo(turn, 'menu.staleButton')
  turn.forget()
  const people = await noteOnce(
    turn.tx,
    announcement,
    await participants(turn, announcement),
    `materials:${batch}`,
    turn.now,
  )
  const heading = turn.say('announcement.materials.heading', { title: announcement.title })
  const attachments = attachmentsOf(files)
  await tellAbout(
    turn,
    announcement,
    people,
    {
      text: [heading, html].filter((part) => part !== '').join('\n\n'),
      ...(attachments.length > 0 ? { attachments } : {}),
    },
    'announcement-materials',
  )
  turn.show({ text: turn.say('announcement.materials.sent', { count: people.length }) }, { announcement: id })
}

// -- opinions

async function askOpinions(turn: Turn, id: number): Promise<void> {
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  const came = await participants(turn, announcement)
  if (came.length === 0) return sayNo(turn, 'announcement.results.nobody')
  const asked = await noteOnce(turn.tx, announcement, came, 'feedback', turn.now)
  await tellAbout(turn, announcement, asked, feedbackScreen(turn.say, announcement), 'announcement-feedback')
  const words =
    asked.length > 0
      ? turn.say.plain('announcement.feedback.asked', { count: asked.length })
      : turn.say.plain('announcement.feedback.askedAlready')
  turn.toast(words, true)
}

// -- the figures, and the paper for the roadmap

async function showResults(turn: Turn, id: number): Promise<void> {
  const announcement = await reachAnnouncement(turn, id)
  if (!announcement) return
  const { say } = turn
  const progress = await progressOf(turn.tx, id)
  const rsvps = await rsvpsOf(turn.tx, id)
  const tally = tallyOf(rsvps, announcement.places, progress.sent)
  const guests = await guestsOf(turn, announcement)
  const came = guests.filter(({ was }) => was.size > 0)
  const opinions = await feedbackOf(turn.tx, id)
  const words = opinions.flatMap((opinion) => (opinion.words ? [opinion.words] : [])).slice(-SHOWN_OPINIONS)
  const meetings = openMeetings(announcement)
  const lines = [
    say('announcement.results.title', { title: announcement.title }),
    '',
    say('announcement.results.told', { sent: progress.sent, all: progress.all }),
    announcement.wantsAnswer ? say('announcement.results.answered', { ...tally, answered: rsvps.length }) : '',
    say('announcement.results.came', {
      came: came.length,
      promised: came.filter(({ waiting }) => waiting === 0).length,
    }),
    ...(meetings.length > 1 ? meetings.map((meeting) => cameOn(turn, meeting, guests)) : []),
    opinions.length > 0
      ? say('announcement.results.score', { count: opinions.length, average: average(turn, opinions) })
      : '',
    ...words.map((one) => say('announcement.results.words', { words: shortened(one, 200) })),
  ]
  const button = (key: Parameters<typeof say.plain>[0], action: string) => ({ label: say.plain(key), action })
  reveal(
    turn,
    {
      text: lines.filter((line, place) => line !== '' || place === 1).join('\n'),
      buttons: rows(
        announcement.activityId === null ? [] : [button('announcement.results.attach', attachParticipants(id))],
        [
          button('announcement.attendance.materialsButton', askMaterials(id)),
          button('announcement.attendance.feedbackButton', askFeedback(id)),
        ],
        [button('announcement.answers.table', sendAnswersTable(id)), button('common.back', openAnnouncement(id))],
      ),
    },
    id,
  )
}

function cameOn(turn: Turn, meeting: Announcement['meetings'][number], guests: readonly Guest[]): string {
  return turn.say('announcement.results.cameOn', {
    day: turn.say.day(localDate(meeting.startsAt, turn.municipality.timezone)),
    came: guests.filter(({ was }) => was.has(meeting.id)).length,
  })
}

function average(turn: Turn, opinions: readonly { score: number }[]): string {
  const mean = opinions.reduce((sum, { score }) => sum + score, 0) / opinions.length
  return mean.toLocaleString(turn.say.language, { maximumFractionDigits: 1 })
}

/** Puts the list of participants into the report of the roadmap's task, which is then offered as done. */
async function attach(turn: Turn, id: number): Promise<void> {
  const announcement = await holdSent(turn, id)
  if (!announcement) return
  if ((await participants(turn, announcement)).length === 0) return sayNo(turn, 'announcement.results.nobody')
  const tasks = announcement.activityId === null ? [] : await tasksOfActivity(turn.tx, announcement.activityId)
  const task = tasks.find((one) => may(turn.actor, 'report-task', one))
  if (!task) return sayNo(turn, 'announcement.results.noTask')
  const basket = await openBasket(taskUnit(turn.tx, turn.now), {
    actor: turn.actor,
    cause: turn.cause,
    taskId: task.id,
  })
  if (!basket.ok) return toastRefusal(turn, basket.refusal)
  const added = await addList(turn, announcement, basket.value.report.id)
  const title = shortened(task.title, 200)
  const done = {
    label: turn.say.plain('announcement.results.done'),
    action: markDone(task.id, basket.value.task.version),
  }
  turn.send(
    {
      text: turn.say(added ? 'announcement.results.attached' : 'announcement.results.attachedAlready', { title }),
      ...(isOpen(basket.value.task) ? { buttons: [[{ ...done, tone: 'good' as const }]] } : {}),
    },
    { subject: { tasks: [task.id], announcement: id } },
  )
}

/** False where this report has a list of the same people already. */
async function addList(turn: Turn, announcement: Announcement, reportId: number): Promise<boolean> {
  const came = await participants(turn, announcement)
  const what = `list:${reportId}:${createHash('sha256').update(came.join()).digest('base64url')}`
  const fresh = await noteOnce(turn.tx, announcement, [turn.actor.personId], what, turn.now)
  if (fresh.length === 0) return false
  await addOwnEvidence(turn.tx, {
    municipalityId: turn.municipality.id,
    reportId,
    authorId: turn.actor.personId,
    chat: turn.incoming.chat,
    file: await participantsTable(turn, announcement),
    at: turn.now,
  })
  return true
}
