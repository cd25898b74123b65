import {
  ALLOWED,
  type Announcement,
  type DraftProblem,
  openMeetings,
  wasSent,
} from '../../announcements/announcement.ts'
import type { Audience } from '../../announcements/audience.ts'
import type { Tally } from '../../announcements/rsvp.ts'
import type { Progress } from '../../db/announcement-sending.ts'
import type { AnnouncementLine } from '../../db/announcements.ts'
import { cutMarkup } from '../../delivery/markup.ts'
import type { Button, Screen } from '../../delivery/screen.ts'
import { escapeHtml } from '../../delivery/screen.ts'
import type { Instant } from '../../kernel/clock.ts'
import {
  askCancel,
  askField,
  askStopSending,
  discardDraft,
  goOnSending,
  nudgeSilent,
  openAnnouncement,
  openAnnouncements,
  openAnswers,
  openAttendances,
  openAudience,
  openCalls,
  openChanges,
  openGroups,
  openResults,
  pauseSending,
  previewAnnouncement,
  sendAnnouncement,
  sendToCapped,
  sendWhenLoud,
  setWantsAnswer,
  startAnnouncement,
  unschedule,
} from '../buttons-announcements.ts'
import { type Say, shortened } from '../words.ts'
import { meetingWords } from './announcement.ts'
import { capital, rows } from './pages.ts'

/** «Объявления»: a new one, and those that are there. */
export function homeScreen(say: Say, lines: readonly AnnouncementLine[]): Screen {
  return {
    text: say('announcement.home.title'),
    buttons: [
      [
        { label: say.plain('announcement.home.new'), tone: 'main', action: startAnnouncement() },
        { label: say.plain('announcement.home.groups'), action: openGroups() },
      ],
      ...lines.map((line) => [{ label: lineLabel(say, line), action: openAnnouncement(line.id) }]),
    ],
  }
}

function lineLabel(say: Say, line: AnnouncementLine): string {
  const title = shortened(line.title || say.plain('announcement.home.untitled'), 45)
  const key =
    line.state === 'draft' || line.state === 'scheduled' || line.state === 'cancelled' ? line.state : ('sent' as const)
  const day = line.startsAt ? `, ${say.moment(line.startsAt).split(',')[0]}` : ''
  return `${say.plain(`announcement.home.${key}`, { title })}${day}`
}

/** What the card of a draft shows. */
export type DraftFacts = {
  announcement: Announcement
  audience: string
  recipients: number
  problems: DraftProblem[]
  activityTitle: string | null
  zone: string
}

/** A draft: what it says so far, what is missing, and a button for each field. */
export function draftCard(say: Say, facts: DraftFacts): Screen {
  const { announcement: a, zone, problems } = facts
  const meetings = openMeetings(a)
  const list = meetings.map((meeting) => meetingWords(say, meeting, zone)).join(meetings.length > 1 ? '\n' : '')
  const lines = [
    a.state === 'scheduled' && a.sendAt
      ? say('announcement.draft.scheduledHeading', { when: say.moment(a.sendAt) })
      : say('announcement.draft.heading'),
    '',
    a.title ? say('announcement.draft.title', { title: a.title }) : say('announcement.draft.noTitle'),
    a.html ? `<blockquote>${cutMarkup(withoutQuotes(a.html), 500)}</blockquote>` : '',
    meetings.length > 0
      ? say('announcement.draft.when', { count: meetings.length, list })
      : say('announcement.draft.noWhen'),
    a.place ? say('announcement.draft.place', { place: a.place }) : say('announcement.draft.noPlace'),
    answerLine(say, a),
    a.places === null ? '' : say('announcement.draft.places', { places: a.places }),
    a.files.length > 0
      ? say('announcement.draft.files', { files: say('common.files', { count: a.files.length }) })
      : '',
    facts.recipients > 0 || facts.audience !== ''
      ? say('announcement.draft.audience', {
          audience: `${facts.audience}. ${say('announcement.audience.people', { count: facts.recipients })}`,
        })
      : say('announcement.draft.audienceNobody'),
    facts.activityTitle ? say('announcement.draft.activity', { title: shortened(facts.activityTitle, 150) }) : '',
    ...(problems.length > 0 ? ['', ...problems.map((problem) => problemWords(say, problem))] : []),
  ]
  return {
    text: lines.filter((line, place) => line !== '' || place === 1 || lines[place + 1]?.startsWith('⚠')).join('\n'),
    buttons: a.state === 'scheduled' ? scheduledButtons(say, a) : draftButtons(say, a, problems.length === 0),
  }
}

/** A quotation within a quotation is not shown by messengers. */
function withoutQuotes(html: string): string {
  return html.replace(/<\/?blockquote>/g, '')
}

function answerLine(say: Say, { wantsAnswer, answerUntil }: Announcement): string {
  if (wantsAnswer === null) return say('announcement.draft.answerUnknown')
  if (!wantsAnswer) return say('announcement.draft.answerUnwanted')
  return answerUntil
    ? say('announcement.draft.answerWantedUntil', { until: say.moment(answerUntil) })
    : say('announcement.draft.answerWanted')
}

/** Why a draft cannot be sent, in words. */
export function problemWords(say: Say, problem: DraftProblem): string {
  if (problem.code === 'too-long') return say('announcement.problem.too-long', { count: problem.cut })
  return say(`announcement.problem.${problem.code}`)
}

function draftButtons(say: Say, a: Announcement, ready: boolean): Button[][] {
  const field = (label: Parameters<Say['plain']>[0], name: string): Button => ({
    label: say.plain(label),
    action: askField(a.id, name),
  })
  return rows(
    [
      field('announcement.draft.text', 'text'),
      field('announcement.draft.titleButton', 'title'),
      field('announcement.draft.filesButton', 'files'),
    ],
    [field('announcement.draft.whenButton', 'when'), field('announcement.draft.placeButton', 'place')],
    a.wantsAnswer === true
      ? []
      : [{ label: say.plain('announcement.draft.wantButton'), action: setWantsAnswer(a.id, 1) }],
    a.wantsAnswer === false
      ? []
      : [{ label: say.plain('announcement.draft.wantNotButton'), action: setWantsAnswer(a.id, 0) }],
    a.wantsAnswer === true
      ? [field('announcement.draft.untilButton', 'until'), field('announcement.draft.placesButton', 'places')]
      : [],
    [
      { label: say.plain('announcement.draft.audienceButton'), tone: 'main', action: openAudience(a.id) },
      { label: say.plain('announcement.draft.previewButton'), action: previewAnnouncement(a.id) },
    ],
    ready
      ? [
          { label: say.plain('announcement.draft.sendButton'), tone: 'good', action: sendAnnouncement(a.id, 0) },
          field('announcement.draft.sendAtButton', 'send-at'),
        ]
      : [],
    [
      { label: say.plain('announcement.draft.discardButton'), tone: 'bad', action: discardDraft(a.id) },
      { label: say.plain('common.back'), action: openAnnouncements() },
    ],
  )
}

function scheduledButtons(say: Say, a: Announcement): Button[][] {
  return [
    [
      { label: say.plain('announcement.draft.previewButton'), action: previewAnnouncement(a.id) },
      { label: say.plain('announcement.draft.unscheduleButton'), action: unschedule(a.id) },
    ],
    [
      { label: say.plain('announcement.draft.sendAtButton'), action: askField(a.id, 'send-at') },
      { label: say.plain('common.back'), action: openAnnouncements() },
    ],
  ]
}

/** What the card of a sent announcement shows. */
export type CardFacts = {
  announcement: Announcement
  progress: Progress
  tally: Tally
  came: number
  started: boolean
  zone: string
}

/** An announcement that was sent: how far it is, how people answered, what can be done. Kept up to date in place. */
export function sentCard(say: Say, facts: CardFacts): Screen {
  const { announcement: a, progress, tally, zone } = facts
  const state = a.state === 'draft' || a.state === 'scheduled' || a.state === 'discarded' ? 'sent' : a.state
  const lines = [
    say('announcement.card.title', { title: a.title }),
    ...openMeetings(a).map((meeting) => say('announcement.message.when', { when: meetingWords(say, meeting, zone) })),
    a.place ? say('announcement.message.place', { place: a.place }) : '',
    '',
    say(`announcement.card.state.${state}`),
    say(progress.unreached > 0 ? 'announcement.card.deliveredUnreached' : 'announcement.card.delivered', {
      sent: progress.sent,
      all: progress.all,
      unreached: progress.unreached,
    }),
    progress.capped > 0 ? say('announcement.card.capped', { count: progress.capped }) : '',
    ...(a.wantsAnswer ? ['', ...answerLines(say, a, tally)] : []),
    facts.came > 0 ? say('announcement.card.came', { count: facts.came }) : '',
  ]
  return {
    text: lines
      .filter((line, place) => line !== '' || lines[place + 1] !== '')
      .join('\n')
      .trim(),
    buttons: sentButtons(say, facts),
  }
}

function answerLines(say: Say, a: Announcement, tally: Tally): string[] {
  return [
    say('announcement.card.answers', tally),
    a.places === null ? '' : say('announcement.card.taken', { taken: tally.yes + tally.deputy, places: a.places }),
    tally.waiting > 0 ? say('announcement.card.waiting', { waiting: tally.waiting }) : '',
  ].filter((line) => line !== '')
}

function sentButtons(say: Say, { announcement: a, progress, tally, started }: CardFacts): Button[][] {
  const button = (key: Parameters<Say['plain']>[0], action: string): Button => ({ label: say.plain(key), action })
  const back = [button('common.back', openAnnouncements())]
  if (a.state === 'cancelled') return [[button('announcement.card.answersButton', openAnswers(a.id, 0))], back]
  return rows(
    a.state === 'sending'
      ? [button('announcement.card.pause', pauseSending(a.id)), button('announcement.card.stop', askStopSending(a.id))]
      : [],
    a.state === 'paused'
      ? [button('announcement.card.goOn', goOnSending(a.id)), button('announcement.card.stop', askStopSending(a.id))]
      : [],
    progress.capped > 0 && a.state !== 'paused'
      ? [{ label: say.plain('announcement.card.rest', { count: progress.capped }), action: sendToCapped(a.id) }]
      : [],
    [
      ...(a.wantsAnswer ? [button('announcement.card.answersButton', openAnswers(a.id, 0))] : []),
      ...(a.wantsAnswer && tally.silent > 0 && !started
        ? [button('announcement.card.nudgeButton', nudgeSilent(a.id))]
        : []),
    ],
    progress.unreached > 0 ? [button('announcement.card.callsButton', openCalls(a.id))] : [],
    started
      ? [
          button('announcement.card.attendanceButton', openAttendances(a.id)),
          button('announcement.card.resultsButton', openResults(a.id)),
        ]
      : [
          button('announcement.card.changeButton', openChanges(a.id)),
          button('announcement.card.cancelButton', askCancel(a.id)),
        ],
    back,
  )
}

/** The audience in words: roles and where, groups, without whom. Escaped. */
export function audienceWords(
  say: Say,
  audience: Audience,
  names: { groups: readonly { id: number; name: string }[] },
): string {
  const where = [
    audience.organizationIds.length > 0 &&
      say.plain('announcement.audience.schools', { count: audience.organizationIds.length }),
    ...audience.schoolKinds.map((kind) => say.plain(`announcement.kind.${kind}`)),
    audience.curatorIds.length > 0 &&
      say.plain('announcement.audience.curators', { count: audience.curatorIds.length }),
  ].filter((part) => part !== false)
  const roles = capital(audience.roles.map((role) => say.plain(`role.${role}`)).join(', '))
  const groups = names.groups.filter(({ id }) => audience.groupIds.includes(id)).map(({ name }) => name)
  const parts = [
    roles !== '' &&
      (where.length > 0
        ? say.plain('announcement.audience.byRole', { roles, where: where.join(', ') })
        : say.plain('announcement.audience.byRoleAlone', { roles })),
    groups.length > 0 && say.plain('announcement.audience.byGroup', { groups: groups.join(', ') }),
    audience.except.length > 0 && say.plain('announcement.audience.except', { count: audience.except.length }),
  ].filter((part) => part !== false)
  return escapeHtml(parts.join('; '))
}

/** Asks whether the same text is to go out again. */
export function sameScreen(say: Say, id: number, allowed: number, when: Instant): Screen {
  return {
    text: say('announcement.send.same', { when: say.moment(when) }),
    buttons: [
      [
        { label: say.plain('announcement.send.sameYes'), action: sendAnnouncement(id, allowed | ALLOWED.again) },
        { label: say.plain('common.back'), action: openAnnouncement(id) },
      ],
    ],
  }
}

/** Asks whether those whom the daily cap holds back are to get it. */
export function cappedScreen(say: Say, id: number, allowed: number, given: { count: number; cap: number }): Screen {
  return {
    text: say('announcement.send.capped', given),
    buttons: [
      [
        { label: say.plain('announcement.send.cappedAll'), action: sendAnnouncement(id, allowed | ALLOWED.overCap) },
        {
          label: say.plain('announcement.send.cappedWithout'),
          action: sendAnnouncement(id, allowed | ALLOWED.withoutCapped),
        },
      ],
      [{ label: say.plain('common.back'), action: openAnnouncement(id) }],
    ],
  }
}

/** Asks when, outside of working hours. */
export function quietScreen(say: Say, id: number, allowed: number, next: Instant): Screen {
  return {
    text: say('announcement.send.quiet'),
    buttons: [
      [
        {
          label: say.plain('announcement.field.sendThen', { when: say.moment(next) }),
          tone: 'good',
          action: sendWhenLoud(id, allowed),
        },
      ],
      [
        { label: say.plain('announcement.send.quietNow'), action: sendAnnouncement(id, allowed | ALLOWED.quiet) },
        { label: say.plain('common.back'), action: openAnnouncement(id) },
      ],
    ],
  }
}

/** Whether a card is that of a draft. */
export function isDraft(announcement: Announcement): boolean {
  return !wasSent(announcement)
}
