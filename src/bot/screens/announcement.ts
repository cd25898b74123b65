import { type Announcement, answersUntil, type Meeting, openMeetings } from '../../announcements/announcement.ts'
import type { Rsvp, Seat } from '../../announcements/rsvp.ts'
import type { Attachment, Button, Screen } from '../../delivery/screen.ts'
import { Temporal } from '../../kernel/clock.ts'
import { answerDeputy, answerNo, answerYes, giveScore, openMine, sendCalendar } from '../buttons-announcements.ts'
import { type Say, shortened } from '../words.ts'

/** How a recipient answered and where they stand; null where they have not. */
export type OwnAnswer = { rsvp: Rsvp; seat: Seat | null } | null

/** «чт, 26 марта, 14:00–15:30», over several days with both; local to `zone`. */
export function meetingWords(say: Say, meeting: Pick<Meeting, 'startsAt' | 'endsAt'>, zone: string): string {
  const starts = meeting.startsAt.toZonedDateTimeISO(zone)
  const ends = meeting.endsAt.toZonedDateTimeISO(zone)
  const [from, to] = [starts, ends].map((moment) => moment.toPlainTime().toString({ smallestUnit: 'minute' }))
  const first = dayWords(say, starts.toPlainDate())
  if (starts.toPlainDate().equals(ends.toPlainDate())) return `${first}, ${from}–${to}`
  return `${first}, ${from} – ${dayWords(say, ends.toPlainDate())}, ${to}`
}

/** The weekday and the day; in another year than this one the day with its year. */
function dayWords(say: Say, day: Temporal.PlainDate): string {
  return /\d{4}/.test(say.day(day)) ? say.day(day) : say.weekday(day)
}

/** The first date that is not over at `now`, in words; else the last one. Empty where the event has none. */
export function nextMeetingWords(say: Say, announcement: Announcement, now: Temporal.Instant, zone: string): string {
  const open = openMeetings(announcement)
  const next = open.find(({ endsAt }) => Temporal.Instant.compare(endsAt, now) > 0) ?? open.at(-1)
  return next ? meetingWords(say, next, zone) : ''
}

/** The text of the message as a recipient sees it: the coordinator's words with their formatting, then when, where and until when, then the own answer. */
export function messageText(say: Say, announcement: Announcement, zone: string, own: OwnAnswer = null): string {
  const parts = [
    startsWithTitle(announcement) ? '' : say('announcement.message.title', { title: announcement.title }),
    announcement.html,
    factLines(say, announcement, zone).join('\n'),
    ownLine(say, own),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function startsWithTitle({ title, html }: Announcement): boolean {
  const plain = html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .trimStart()
  return title === '' || plain.startsWith(title.replace(/…$/, ''))
}

/** When, where, until when to answer, how many places. */
export function factLines(say: Say, announcement: Announcement, zone: string): string[] {
  const { place, wantsAnswer, answerUntil, places } = announcement
  return [
    ...openMeetings(announcement).map((meeting) =>
      say('announcement.message.when', { when: meetingWords(say, meeting, zone) }),
    ),
    place === null ? '' : say('announcement.message.place', { place }),
    wantsAnswer && answerUntil ? say('announcement.message.until', { until: say.moment(answerUntil) }) : '',
    wantsAnswer && places !== null ? say('announcement.message.places', { places }) : '',
  ].filter((line) => line !== '')
}

function ownLine(say: Say, own: OwnAnswer): string {
  if (!own) return ''
  const { rsvp, seat } = own
  if (seat?.kind === 'waiting') return say('announcement.message.waiting', { number: seat.number })
  if (rsvp.answer === 'deputy') return say('announcement.message.answeredDeputy', { name: rsvp.deputyName ?? '' })
  return say(rsvp.answer === 'yes' ? 'announcement.message.answeredYes' : 'announcement.message.answeredNo')
}

/** What recipients are sent and what is edited later: the text with the buttons to answer; the files go with the first sending alone. */
export function messageScreen(say: Say, announcement: Announcement, zone: string, own: OwnAnswer = null): Screen {
  if (announcement.state === 'cancelled')
    return { text: say('announcement.message.cancelled', { title: announcement.title }) }
  const buttons = answerButtons(say, announcement, own)
  return {
    text: messageText(say, announcement, zone, own),
    ...(buttons.length > 0 ? { buttons } : {}),
  }
}

/** «Буду», «Не смогу», «Пришлю заместителя»; for who comes also the calendar. None where no answer is wanted. */
export function answerButtons(say: Say, announcement: Announcement, own: OwnAnswer): Button[][] {
  if (!announcement.wantsAnswer) return []
  const { id, revision } = announcement
  const label = (key: 'yes' | 'no' | 'deputy'): string =>
    `${own?.rsvp.answer === key ? '● ' : ''}${say.plain(`announcement.message.${key}`)}`
  return [
    [
      { label: label('yes'), tone: 'good', action: answerYes(id, revision) },
      { label: label('no'), tone: 'bad', action: answerNo(id, revision) },
    ],
    [{ label: label('deputy'), action: answerDeputy(id, revision) }],
    ...(own?.seat?.kind === 'coming' && openMeetings(announcement).length > 0
      ? [[{ label: say.plain('announcement.message.ics'), action: sendCalendar(id) }]]
      : []),
  ]
}

/** The files of an announcement as they are attached. */
export function attachmentsOf(files: Announcement['files']): Attachment[] {
  return files.map((file) => ({
    kind: file.kind,
    sha256: file.sha256 ?? '',
    fileName: file.fileName ?? 'file',
    mime: file.mime ?? 'application/octet-stream',
    messengerFileId: file.messengerFileId,
  }))
}

/** A message that tells of a moved event and asks again; `before`: the facts as people knew them. */
export function movedScreen(
  say: Say,
  announcement: Announcement,
  before: { when: string[]; place: string | null },
  zone: string,
): Screen {
  const { title, place } = announcement
  const lines = [
    say('announcement.change.movedTitle', { title }),
    ...before.when.map((when) => say('announcement.change.was', { when })),
    before.place !== null && before.place !== place ? say('announcement.change.wasPlace', { place: before.place }) : '',
    ...factLines(say, announcement, zone),
    announcement.wantsAnswer ? `\n${say('announcement.change.answerAgain')}` : '',
  ]
  const buttons = answerButtons(say, announcement, null)
  return { text: lines.filter((line) => line !== '').join('\n'), ...(buttons.length > 0 ? { buttons } : {}) }
}

/** A reminder to those who come, or to those who are silent, with the buttons to answer. */
export function reminderOf(
  say: Say,
  announcement: Announcement,
  given: {
    kind: 'dayBefore' | 'hourBefore'
    meeting: Meeting
    own: OwnAnswer
    today: Temporal.PlainDate
    zone: string
  },
): Screen {
  const { kind, meeting, own, zone } = given
  const day = meeting.startsAt.toZonedDateTimeISO(zone).toPlainDate()
  const place = announcement.place ? say('announcement.remind.place', { place: announcement.place }) : ''
  const deputy =
    own?.rsvp.answer === 'deputy' ? say('announcement.remind.deputy', { name: own.rsvp.deputyName ?? '' }) : ''
  return {
    text: say(`announcement.remind.${kind}`, {
      title: announcement.title,
      when: meetingWords(say, meeting, zone),
      away: say.away(day),
      place: `${place}${deputy}`,
    }),
    buttons: answerButtons(say, announcement, own),
  }
}

/** Asks again who has not answered. */
export function silentScreen(say: Say, announcement: Announcement, zone: string): Screen {
  const until = answersUntil(announcement)
  const heading = until
    ? say('announcement.remind.silent', { until: say.moment(until) })
    : say('announcement.remind.silentNoDay')
  return {
    text: [
      heading,
      '',
      say('announcement.draft.title', { title: announcement.title }),
      ...factLines(say, { ...announcement, answerUntil: null }, zone),
    ].join('\n'),
    buttons: answerButtons(say, announcement, null),
  }
}

/** 1 to 5. */
export function feedbackScreen(say: Say, announcement: Announcement): Screen {
  return {
    text: say('announcement.feedback.ask', { title: announcement.title }),
    buttons: [
      [1, 2, 3, 4, 5].map((score) => ({
        label: say.plain('announcement.feedback.button', { score }),
        action: giveScore(announcement.id, score),
      })),
    ],
  }
}

/** «Мои семинары»: what is ahead, with the own answers. */
export function mineScreen(
  say: Say,
  own: readonly { announcement: Announcement; answer: OwnAnswer; when: string }[],
): Screen {
  if (own.length === 0) return { text: `${say('announcement.mine.title')}\n\n${say('announcement.mine.none')}` }
  const lines = own.map(({ announcement, answer, when }, index) =>
    [
      say('announcement.mine.line', { mark: `${index + 1}.`, title: shortened(announcement.title, 100), when }),
      ownLine(say, answer) || say('announcement.mine.unanswered'),
    ].join('\n'),
  )
  return {
    text: [say('announcement.mine.title'), ...lines].join('\n\n'),
    buttons: own.map(({ announcement }, index) => [
      { label: `${index + 1}. ${shortened(announcement.title, 50)}`, action: openMine(announcement.id) },
    ]),
  }
}
