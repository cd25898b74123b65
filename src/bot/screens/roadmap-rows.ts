import { describeSchedule, shortLabel } from '../../deadlines/describe.ts'
import type { Period, Schedule } from '../../deadlines/schedule.ts'
import type { Button, Screen } from '../../delivery/screen.ts'
import type { Executor } from '../../roadmaps/reading/executors.ts'
import { type Activity, type Doubt, doubtsOf, isDateDoubtful, type Roadmap } from '../../roadmaps/roadmap.ts'
import { announceActivity } from '../buttons-announcements.ts'
import {
  addSchool,
  answerLater,
  answerSame,
  askDate,
  askTitle,
  chooseExecutor,
  chooseGuess,
  chooseNoDate,
  chooseSchool,
  chooseTyped,
  findActivity,
  markAllSchools,
  markExecutor,
  markNamed,
  markSchool,
  openActivities,
  openActivity,
  openExecutors,
  openNamed,
  openNames,
  openProgramme,
  openQuestion,
  openRoadmap,
  setFlag,
  settleNamed,
  skipActivity,
  skipName,
} from '../buttons-roadmap.ts'
import { type Say, shortened, type WordKey } from '../words.ts'
import { capital } from './pages.ts'
import { inRows, numbersOf, pagingRow, titleOf } from './roadmap.ts'

export const EXECUTORS = ['schools', 'named-schools', 'municipal'] as const satisfies readonly Executor[]

const EXECUTOR_WORDS = {
  schools: 'roadmap.activity.executor.schools',
  'named-schools': 'roadmap.activity.executor.named-schools',
  municipal: 'roadmap.activity.executor.municipal',
} as const satisfies Record<Executor, WordKey>

/** Where a screen of check marks or of a date was opened from, and leads back to. */
export type Origin = 'question' | 'card'

/** The first words of a line about an activity: its number and title. */
function nameOf(activity: Activity, length: number) {
  return { number: activity.number, title: shortened(activity.title, length) }
}

// -- questions

export type QuestionFacts = {
  activity: Activity
  period: Period
  position: number
  count: number
  guesses: Schedule[]
  /** The question before this one. */
  previousId: number | null
}

/** One doubtful activity: what the document says, and the best guesses to choose from. One that is settled already shows its answer and can be answered anew. */
export function questionScreen(say: Say, facts: QuestionFacts): Screen {
  const { activity } = facts
  const doubt = doubtsOf(activity)[0] ?? null
  const asked = doubt ?? (wasAskedOfDate(activity) ? 'deadline' : 'executor')
  const parts = [
    [
      say('roadmap.question.place', { position: facts.position, count: facts.count }),
      say('roadmap.question.activity', nameOf(activity, 600)),
      activity.section ? say('roadmap.question.section', { section: shortened(activity.section, 150) }) : '',
    ],
    [documentDate(say, activity), documentExecutor(say, activity)],
    [doubt ? ask(say, doubt, facts) : say('roadmap.question.now', { answer: answerOf(say, activity, facts.period) })],
    asked === 'deadline' ? guessLines(say, facts) : [],
  ]
  return {
    text: parts
      .map((lines) => lines.filter((line) => line !== '').join('\n'))
      .filter((part) => part !== '')
      .join('\n\n'),
    buttons: [...answerButtons(say, asked, facts), ...questionNavigation(say, facts)],
  }
}

function wasAskedOfDate(activity: Activity): boolean {
  return activity.warnings.some(({ code }) => code.startsWith('deadline-'))
}

function documentDate(say: Say, { deadlineText }: Activity): string {
  return deadlineText
    ? say('roadmap.question.deadline', { text: shortened(deadlineText, 200) })
    : say('roadmap.question.noDeadline')
}

function documentExecutor(say: Say, { responsibleText }: Activity): string {
  return responsibleText
    ? say('roadmap.question.responsible', { text: shortened(responsibleText, 200) })
    : say('roadmap.question.noResponsible')
}

function ask(say: Say, doubt: Doubt, { guesses }: QuestionFacts): string {
  if (doubt === 'executor') return say('roadmap.question.askExecutor')
  if (doubt === 'schools') return say('roadmap.question.askSchools')
  return say(guesses.length > 0 ? 'roadmap.question.askGuess' : 'roadmap.question.askDeadline')
}

/** What is settled of an activity, in words. */
export function answerOf(say: Say, activity: Activity, period: Period): string {
  if (activity.leftOut) return say('roadmap.question.leftOutNow')
  if (activity.schedule.windows.length === 0) return say('roadmap.question.undatedNow')
  return `${shortLabel(activity.schedule, period)}, ${executorsWords(say, activity)}`
}

function executorsWords(say: Say, { executors }: Activity): string {
  if (executors.length === 0) return say.plain('roadmap.activity.nobody')
  return executors.map((executor) => say.plain(EXECUTOR_WORDS[executor])).join(', ')
}

/** What the readings with several windows mean in full: a button only counts them. */
function guessLines(say: Say, { guesses, period }: QuestionFacts): string[] {
  return guesses
    .filter(({ windows }) => windows.length > 1)
    .map((guess) =>
      say('roadmap.question.guess', {
        label: shortLabel(guess, period),
        dates: shortened(describeSchedule(guess, period), 250),
      }),
    )
}

function answerButtons(say: Say, asked: Doubt, { activity, guesses, period }: QuestionFacts): Button[][] {
  const { id, version } = activity
  if (asked === 'executor')
    return EXECUTORS.map((executor) => [
      { label: capital(say.plain(EXECUTOR_WORDS[executor])), action: chooseExecutor(id, version, executor) },
    ])
  if (asked === 'schools')
    return [
      [
        {
          label: say.plain('roadmap.activity.chooseNamed', { count: activity.namedOrganizationIds.length }),
          action: openNamed(id, 0, 'question'),
        },
      ],
      [
        {
          label: capital(say.plain('roadmap.activity.executor.schools')),
          action: chooseExecutor(id, version, 'schools'),
        },
      ],
    ]
  return [
    ...guesses.map((guess, index) => [
      { label: shortLabel(guess, period), tone: 'main' as const, action: chooseGuess(id, version, index) },
    ]),
    [
      { label: say.plain('roadmap.question.otherDate'), action: askDate(id, version, 'question') },
      { label: say.plain('roadmap.question.noDate'), action: chooseNoDate(id, version) },
    ],
  ]
}

function questionNavigation(say: Say, { activity, previousId }: QuestionFacts): Button[][] {
  return [
    [
      { label: say.plain('roadmap.question.skip'), action: skipActivity(activity.id, activity.version) },
      { label: say.plain('roadmap.question.later'), action: answerLater(activity.id) },
    ],
    [
      ...(previousId === null
        ? []
        : [{ label: say.plain('common.back'), action: openQuestion(activity.roadmapId, previousId) }]),
      { label: say.plain('roadmap.button.toCard'), action: openRoadmap(activity.roadmapId) },
    ],
  ]
}

const SAME_WORDS = {
  deadline: 'roadmap.question.sameDeadline',
  executor: 'roadmap.question.sameExecutor',
  schools: 'roadmap.question.sameExecutor',
} as const satisfies Record<Doubt, WordKey>

/** Offers to answer all questions about the same words of the document at once. */
export function sameScreen(
  say: Say,
  given: { answered: Activity; doubt: Doubt; others: Activity[]; period: Period },
): Screen {
  const { answered, doubt, others } = given
  const text = doubt === 'deadline' ? answered.deadlineText : answered.responsibleText
  return {
    text: [
      say('roadmap.question.typedDone', { answer: answerOf(say, answered, given.period) }),
      say(SAME_WORDS[doubt], { count: others.length, text: shortened(text, 200), numbers: numbersOf(others) }),
    ].join('\n\n'),
    buttons: [
      [
        {
          label: say.plain('roadmap.question.sameYes', { count: others.length }),
          tone: 'main',
          action: answerSame(answered.id, doubt),
        },
      ],
      [{ label: say.plain('roadmap.question.sameNo'), action: answerLater(answered.id) }],
    ],
  }
}

/** Asks for a date in words. */
export function dateQuestion(say: Say, activity: Activity, origin: Origin): Screen {
  return {
    text: say('roadmap.question.askWords', nameOf(activity, 300)),
    buttons: [[{ label: say.plain('common.back'), action: backTo(activity, origin) }]],
  }
}

/** Where «« Назад» leads from a screen about an activity. */
export function backTo(activity: Activity, origin: Origin): string {
  return origin === 'question' ? openQuestion(activity.roadmapId, activity.id) : openActivity(activity.id)
}

/** The readings of words that the coordinator typed, where there is more than one. */
export function typedGuesses(
  say: Say,
  given: { activity: Activity; words: string; guesses: Schedule[]; period: Period; origin: Origin },
): Screen {
  const { activity } = given
  return {
    text: say('roadmap.question.typedGuess', { words: shortened(given.words, 100) }),
    buttons: [
      ...given.guesses.map((guess, index) => [
        { label: shortLabel(guess, given.period), action: chooseTyped(activity.id, activity.version, index) },
      ]),
      [{ label: say.plain('common.back'), action: backTo(activity, given.origin) }],
    ],
  }
}

// -- schools

export type SchoolChoice = { id: number; shortName: string }

/** Schools on a page of check marks. */
export const SCHOOLS_PAGE = 10

/** The programme's schools by check marks. */
export function programmeScreen(
  say: Say,
  given: { roadmap: Roadmap; schools: SchoolChoice[]; chosen: ReadonlySet<number>; page: number },
): Screen {
  const { roadmap, schools, chosen } = given
  const back = { label: say.plain('roadmap.button.toCard'), action: openRoadmap(roadmap.id) }
  if (schools.length === 0) return { text: say('roadmap.schools.empty'), buttons: [[back]] }
  const { page, pages, shown } = pageOf(schools, given.page)
  return {
    text: say('roadmap.schools.title', {
      title: titleOf(say, roadmap),
      chosen: schools.filter(({ id }) => chosen.has(id)).length,
      all: schools.length,
    }),
    buttons: [
      ...shown.map((school) => [
        checkMark(say, school, chosen, (wanted) => markSchool(roadmap.id, school.id, wanted, page)),
      ]),
      pagingRow(say, page, pages, (to) => openProgramme(roadmap.id, to)),
      [
        { label: say.plain('roadmap.button.all'), action: markAllSchools(roadmap.id, 1, page) },
        { label: say.plain('roadmap.button.none'), action: markAllSchools(roadmap.id, 0, page) },
      ],
      [{ ...back, label: say.plain('roadmap.button.done'), tone: 'good' as const }],
    ].filter((row) => row.length > 0),
  }
}

/** The schools that a particular activity is for, by check marks. */
export function namedSchoolsScreen(
  say: Say,
  given: { activity: Activity; schools: SchoolChoice[]; page: number; origin: Origin },
): Screen {
  const { activity, schools, origin } = given
  const chosen = new Set(activity.namedOrganizationIds)
  const back = {
    label: say.plain('roadmap.button.done'),
    tone: 'good' as const,
    action: origin === 'question' ? settleNamed(activity.id) : openActivity(activity.id),
  }
  if (schools.length === 0) return { text: say('roadmap.schools.empty'), buttons: [[back]] }
  const { page, pages, shown } = pageOf(schools, given.page)
  return {
    text: say('roadmap.schools.named', {
      ...nameOf(activity, 300),
      text: shortened(activity.responsibleText, 200),
      chosen: schools.filter(({ id }) => chosen.has(id)).length,
    }),
    buttons: [
      ...shown.map((school) => [
        checkMark(say, school, chosen, (wanted) => markNamed(activity.id, school.id, wanted, page, origin)),
      ]),
      pagingRow(say, page, pages, (to) => openNamed(activity.id, to, origin)),
      [back],
    ].filter((row) => row.length > 0),
  }
}

function checkMark(
  say: Say,
  school: SchoolChoice,
  chosen: ReadonlySet<number>,
  mark: (wanted: number) => string,
): Button {
  const name = shortened(school.shortName, 50)
  return chosen.has(school.id)
    ? { label: say.plain('roadmap.schools.checked', { name }), action: mark(0) }
    : { label: say.plain('roadmap.schools.unchecked', { name }), action: mark(1) }
}

function pageOf<Row>(rows: Row[], wanted: number): { page: number; pages: number; shown: Row[] } {
  const pages = Math.max(1, Math.ceil(rows.length / SCHOOLS_PAGE))
  const page = Math.min(wanted, pages - 1)
  return { page, pages, shown: rows.slice(page * SCHOOLS_PAGE, (page + 1) * SCHOOLS_PAGE) }
}

/** A school that the document names and the register does not know: its likely meanings, or a new school. */
export function nameScreen(
  say: Say,
  given: {
    roadmap: Roadmap
    name: string
    nameKey: string
    position: number
    count: number
    numbers: string
    candidates: SchoolChoice[]
  },
): Screen {
  const { roadmap, nameKey, position, count } = given
  return {
    text: [
      say('roadmap.name.place', { position, count }),
      say('roadmap.name.ask', { name: shortened(given.name, 200) }),
      say('roadmap.name.usedIn', { numbers: given.numbers }),
    ].join('\n\n'),
    buttons: [
      ...given.candidates.map((school) => [
        { label: shortened(school.shortName, 60), action: chooseSchool(roadmap.id, nameKey, school.id) },
      ]),
      [{ label: say.plain('roadmap.name.add'), action: addSchool(roadmap.id, nameKey) }],
      [
        { label: say.plain('roadmap.name.skip'), action: skipName(roadmap.id, nameKey) },
        ...(position < count
          ? [{ label: say.plain('roadmap.question.later'), action: openNames(roadmap.id, position) }]
          : []),
      ],
      [
        ...(position > 1 ? [{ label: say.plain('common.back'), action: openNames(roadmap.id, position - 2) }] : []),
        { label: say.plain('roadmap.button.toCard'), action: openRoadmap(roadmap.id) },
      ],
    ],
  }
}

// -- activities

/** Activities on a page of the list. */
export const ACTIVITIES_PAGE = 8

/** The activities of a roadmap, a page of them; `words`: those that were found by them. */
export function activitiesScreen(
  say: Say,
  given: { roadmap: Roadmap; activities: Activity[]; page: number; words?: string },
): Screen {
  const { roadmap, activities } = given
  const pages = Math.max(1, Math.ceil(activities.length / ACTIVITIES_PAGE))
  const page = Math.min(given.page, pages - 1)
  const shown = activities.slice(page * ACTIVITIES_PAGE, (page + 1) * ACTIVITIES_PAGE)
  const heading =
    given.words === undefined
      ? say('roadmap.activities.title', { title: titleOf(say, roadmap) })
      : say('roadmap.activities.found', { count: activities.length, words: shortened(given.words, 60) })
  const pageLine = pages > 1 ? [say('roadmap.activities.page', { page: page + 1, pages })] : []
  return {
    text: [heading, ...shown.map((activity) => activityLine(say, activity, roadmap)), ...pageLine].join('\n\n'),
    buttons: [
      ...inRows(
        shown.map((activity) => ({
          label: activity.number || shortened(activity.title, 12),
          action: openActivity(activity.id),
        })),
        4,
      ),
      given.words === undefined ? pagingRow(say, page, pages, (to) => openActivities(roadmap.id, to)) : [],
      [
        { label: say.plain('roadmap.activities.find'), action: findActivity(roadmap.id) },
        { label: say.plain('roadmap.button.toCard'), action: openRoadmap(roadmap.id) },
      ],
    ].filter((row) => row.length > 0),
  }
}

function activityLine(say: Say, activity: Activity, { period }: Roadmap): string {
  const mark = activity.leftOut
    ? 'roadmap.activities.leftOut'
    : activity.isWhole
      ? 'roadmap.activities.whole'
      : doubtsOf(activity).length > 0
        ? 'roadmap.activities.doubtful'
        : 'roadmap.activities.settled'
  return say('roadmap.activities.line', {
    mark: say.plain(mark),
    ...nameOf(activity, 90),
    when: whenWords(say, activity, period),
  })
}

function whenWords(say: Say, { schedule, isWhole }: Activity, period: Period | null): string {
  if (isWhole) return say.plain('roadmap.activities.inParts')
  if (schedule.windows.length === 0) return say.plain('roadmap.activities.undated')
  return shortLabel(schedule, period ?? undefined)
}

/** An activity with what can be changed of it. `editable` is false in the archive. */
export function activityScreen(
  say: Say,
  given: { activity: Activity; period: Period; editable: boolean; back: string },
): Screen {
  const { activity, period } = given
  const lines = [
    say('roadmap.activity.title', nameOf(activity, 900)),
    activity.section && say('roadmap.activity.section', { section: shortened(activity.section, 150) }),
    '',
    activity.deadlineText && say('roadmap.activity.deadlineText', { text: shortened(activity.deadlineText, 200) }),
    deadlineLine(say, activity, period),
    windowsLine(say, activity),
    activity.responsibleText && say('roadmap.activity.responsible', { text: shortened(activity.responsibleText, 250) }),
    say('roadmap.activity.executors', { executors: executorsWords(say, activity) }),
    activity.expectedResult && say('roadmap.activity.result', { result: shortened(activity.expectedResult, 300) }),
    activity.expectedPapers.length > 0 &&
      say('roadmap.activity.papers', { papers: activity.expectedPapers.join(', ') }),
    say('roadmap.activity.evidence', { answer: yesOrNo(say, activity.needsEvidence) }),
    say('roadmap.activity.approval', { answer: yesOrNo(say, activity.needsApproval) }),
    activity.leftOut && say('roadmap.activity.isLeftOut'),
    activity.isWhole && say('roadmap.activity.isWhole'),
  ]
  return {
    text: lines
      .filter((line) => typeof line === 'string')
      .join('\n')
      .replaceAll(/\n{3,}/g, '\n\n'),
    buttons: [
      ...(given.editable ? editButtons(say, activity) : []),
      [{ label: say.plain('announcement.new.fromActivity'), action: announceActivity(activity.id) }],
      [
        { label: say.plain('roadmap.button.toActivities'), action: given.back },
        { label: say.plain('roadmap.button.toCard'), action: openRoadmap(activity.roadmapId) },
      ],
    ],
  }
}

function deadlineLine(say: Say, activity: Activity, period: Period): string {
  const when = shortened(describeSchedule(activity.schedule, period), 200)
  const doubt = isDateDoubtful(activity) ? ` ${say.plain('roadmap.activities.doubtful')}` : ''
  return say('roadmap.activity.deadline', { when: `${when}${doubt}` })
}

const SHOWN_WINDOWS = 4

function windowsLine(say: Say, { schedule: { windows } }: Activity): string | false {
  const last = windows.at(-1)
  if (!last || windows.length === 1) return false
  const dates = windows
    .slice(0, SHOWN_WINDOWS)
    .map(({ from, due }) => say.span(from, due))
    .join('; ')
  return say('roadmap.activity.windows', {
    count: windows.length,
    dates:
      windows.length > SHOWN_WINDOWS
        ? say('roadmap.activity.moreWindows', { dates, last: say.span(last.from, last.due) })
        : dates,
  })
}

function yesOrNo(say: Say, yes: boolean): string {
  return say.plain(yes ? 'roadmap.activity.yes' : 'roadmap.activity.no')
}

function editButtons(say: Say, activity: Activity): Button[][] {
  const { id, version } = activity
  const flag = (name: string, on: boolean, set: WordKey, unset: WordKey): Button => ({
    label: say.plain(on ? unset : set),
    action: setFlag(id, name, on ? 0 : 1),
  })
  return [
    [
      { label: say.plain('roadmap.activity.editDeadline'), action: askDate(id, version, 'card') },
      { label: say.plain('roadmap.activity.editTitle'), action: askTitle(id) },
    ],
    [{ label: say.plain('roadmap.activity.editExecutors'), action: openExecutors(id) }],
    [
      flag('evidence', activity.needsEvidence, 'roadmap.activity.needEvidence', 'roadmap.activity.noEvidence'),
      flag('approval', activity.needsApproval, 'roadmap.activity.needApproval', 'roadmap.activity.noApproval'),
    ],
    [flag('left-out', activity.leftOut, 'roadmap.activity.leaveOut', 'roadmap.activity.takeIn')],
  ]
}

/** Who reports on an activity, by check marks. */
export function executorsScreen(say: Say, activity: Activity): Screen {
  const marks = EXECUTORS.map((executor) => {
    const on = activity.executors.includes(executor)
    const name = capital(say.plain(EXECUTOR_WORDS[executor]))
    return [
      {
        label: say.plain(on ? 'roadmap.schools.checked' : 'roadmap.schools.unchecked', { name }),
        action: markExecutor(activity.id, executor, on ? 0 : 1),
      },
    ]
  })
  const named = activity.executors.includes('named-schools')
    ? [
        [
          {
            label: say.plain('roadmap.activity.chooseNamed', { count: activity.namedOrganizationIds.length }),
            action: openNamed(activity.id, 0, 'card'),
          },
        ],
      ]
    : []
  return {
    text: say('roadmap.activity.executorsAsk', {
      ...nameOf(activity, 300),
      text: shortened(activity.responsibleText || '—', 300),
    }),
    buttons: [
      ...marks,
      ...named,
      [{ label: say.plain('roadmap.button.done'), tone: 'good', action: openActivity(activity.id) }],
    ],
  }
}
