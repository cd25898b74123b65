import { type Announcement, openMeetings } from '../../announcements/announcement.ts'
import { type Rsvp, seatsOf } from '../../announcements/rsvp.ts'
import { answeredAt, attendanceOf, feedbackOf, rsvpHistory, rsvpsOf } from '../../db/announcement-answers.ts'
import { recipientOutcomes } from '../../db/announcement-sending.ts'
import { type Listed, listedPeople } from '../../db/audiences.ts'
import type { Attachment } from '../../delivery/screen.ts'
import { localDate } from '../../kernel/clock.ts'
import type { Turn } from '../turn.ts'
import type { WordKey } from '../words.ts'

const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const ANSWER_WORDS = {
  yes: 'announcement.answers.yes',
  no: 'announcement.answers.no',
  deputy: 'announcement.answers.deputyAnswer',
} as const satisfies Record<Rsvp['answer'], WordKey>

/** A person of an announcement with all that is known of them. */
export type Guest = {
  person: Listed
  rsvp: Rsvp | null
  /** The number in the waiting list; 0: has a place; null: does not come, or has not answered. */
  waiting: number | null
  reached: boolean
  /** The ids of the dates at which they were. */
  was: ReadonlySet<number>
}

const NOWHERE: ReadonlySet<number> = new Set()

/** Everybody who was to be told, or was there, by organization and name. */
export async function guestsOf(turn: Turn, announcement: Announcement): Promise<Guest[]> {
  const { tx, municipality } = turn
  const rsvps = await rsvpsOf(tx, announcement.id)
  const seats = seatsOf(rsvps, announcement.places)
  const outcomes = await recipientOutcomes(tx, announcement.id)
  const attendance = await attendanceOf(tx, announcement.id)
  const people = await listedPeople(tx, municipality.id)
  return people
    .filter(({ personId }) => outcomes.has(personId) || attendance.has(personId))
    .map((person) => {
      const seat = seats.get(person.personId)
      return {
        person,
        rsvp: rsvps.find(({ personId }) => personId === person.personId) ?? null,
        waiting: seat ? (seat.kind === 'waiting' ? seat.number : 0) : null,
        reached: outcomes.get(person.personId) === 'sent',
        was: attendance.get(person.personId) ?? NOWHERE,
      }
    })
}

/** The answers, how they were given, and the opinions as a spreadsheet. */
export async function answersTable(turn: Turn, announcement: Announcement): Promise<Attachment> {
  const { say, municipality } = turn
  const guests = await guestsOf(turn, announcement)
  const at = await answeredAt(turn.tx, announcement.id)
  const opinions = new Map((await feedbackOf(turn.tx, announcement.id)).map((one) => [one.personId, one]))
  const meetings = openMeetings(announcement)
  const text = (key: WordKey, width: number) => ({ title: say.plain(key), width, kind: 'text' as const })
  const seat = ({ waiting }: Guest): string => {
    if (waiting === null) return ''
    if (waiting === 0) return say.plain('announcement.answers.coming')
    return say.plain('announcement.answers.waitingSeat', { number: waiting })
  }
  const sheets = [
    {
      name: say.plain('announcement.answers.sheetAnswers'),
      columns: [
        text('announcement.answers.name', 36),
        text('announcement.answers.organization', 30),
        text('announcement.answers.answer', 16),
        text('announcement.answers.who', 30),
        text('announcement.answers.seat', 14),
        text('announcement.answers.at', 20),
        ...meetings.map((meeting) => ({
          title: say.plain('announcement.answers.was', {
            day: say.day(localDate(meeting.startsAt, municipality.timezone)),
          }),
          width: 14,
          kind: 'text' as const,
        })),
        { title: say.plain('announcement.answers.score'), width: 10, kind: 'number' as const },
        text('announcement.answers.words', 40),
      ],
      rows: guests.map((guest) => {
        const { person, rsvp } = guest
        const given = at.get(person.personId)
        const opinion = opinions.get(person.personId)
        return [
          person.fullName,
          person.organizations,
          answerWords(turn, guest),
          rsvp?.deputyName ?? '',
          seat(guest),
          given ? say.moment(given) : '',
          ...meetings.map(({ id }) =>
            say.plain(guest.was.has(id) ? 'announcement.answers.present' : 'announcement.answers.absent'),
          ),
          opinion?.score ?? null,
          opinion?.words ?? '',
        ]
      }),
    },
    await historySheet(turn, announcement, guests),
  ]
  return spreadsheet(turn, sheets, 'announcement.answers.fileName')
}

function answerWords({ say }: Turn, { rsvp, reached }: Guest): string {
  if (rsvp) return say.plain(ANSWER_WORDS[rsvp.answer])
  return say.plain(reached ? 'announcement.answers.noAnswer' : 'announcement.answers.unreached')
}

async function historySheet(turn: Turn, announcement: Announcement, guests: readonly Guest[]) {
  const { say } = turn
  const names = new Map(guests.map(({ person }) => [person.personId, person.fullName]))
  const history = await rsvpHistory(turn.tx, announcement.id)
  return {
    name: say.plain('announcement.answers.sheetHistory'),
    columns: [
      { title: say.plain('announcement.answers.at'), width: 20, kind: 'text' as const },
      { title: say.plain('announcement.answers.name'), width: 36, kind: 'text' as const },
      { title: say.plain('announcement.answers.answer'), width: 16, kind: 'text' as const },
      { title: say.plain('announcement.answers.who'), width: 30, kind: 'text' as const },
    ],
    rows: history.map((event) => [
      say.moment(event.at),
      names.get(event.personId) ?? '',
      say.plain(ANSWER_WORDS[event.answer]),
      event.deputyName ?? '',
    ]),
  }
}

/** Who was there, as a paper for the roadmap's task: names, organizations, deputies. */
export async function participantsTable(turn: Turn, announcement: Announcement): Promise<Attachment> {
  const { say, municipality } = turn
  const guests = (await guestsOf(turn, announcement)).filter(({ was }) => was.size > 0)
  const meetings = openMeetings(announcement)
  const sheets = [
    {
      name: say.plain('announcement.answers.fileParticipants'),
      columns: [
        { title: '№', width: 6, kind: 'number' as const },
        { title: say.plain('announcement.answers.name'), width: 36, kind: 'text' as const },
        { title: say.plain('announcement.answers.organization'), width: 36, kind: 'text' as const },
        { title: say.plain('announcement.answers.who'), width: 30, kind: 'text' as const },
        ...meetings.map((meeting) => ({
          title: say.plain('announcement.answers.was', {
            day: say.day(localDate(meeting.startsAt, municipality.timezone)),
          }),
          width: 14,
          kind: 'text' as const,
        })),
      ],
      rows: guests.map(({ person, rsvp, was }, index) => [
        index + 1,
        person.fullName,
        person.organizations,
        rsvp?.deputyName ?? '',
        ...meetings.map(({ id }) =>
          say.plain(was.has(id) ? 'announcement.answers.present' : 'announcement.answers.absent'),
        ),
      ]),
    },
  ]
  return spreadsheet(turn, sheets, 'announcement.answers.fileParticipants')
}

type Sheets = Parameters<typeof import('../../documents/write/spreadsheet.ts').writeSpreadsheet>[0]

async function spreadsheet(turn: Turn, sheets: Sheets, name: WordKey): Promise<Attachment> {
  const { writeSpreadsheet } = await import('../../documents/write/spreadsheet.ts')
  return turn.services.keepFile(turn.tx, {
    municipalityId: turn.municipality.id,
    bytes: await writeSpreadsheet(sheets),
    fileName: `${turn.say.plain(name)}.xlsx`,
    mime: SPREADSHEET,
    kind: 'document',
  })
}
