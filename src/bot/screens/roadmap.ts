import type { Button, Screen } from '../../delivery/screen.ts'
import type { ChangedField, Comparison } from '../../roadmaps/compare.ts'
import type { Activity, Roadmap } from '../../roadmaps/roadmap.ts'
import {
  archiveNow,
  askArchive,
  askDelete,
  askPeriod,
  deleteNow,
  linkVersion,
  openActivities,
  openDifference,
  openNames,
  openPreview,
  openProgramme,
  openQuestions,
  openRoadmap,
  openRoadmaps,
  readAgain,
  sendOriginal,
  unlinkVersion,
} from '../buttons-roadmap.ts'
import { type Say, shortened, type WordKey } from '../words.ts'

/** Roadmaps on a page of the list. */
export const LIST_SIZE = 8

/** How a roadmap stands, in one word of ours. */
export type Standing = 'draft' | 'waiting' | 'refused' | 'published' | 'changed' | 'archived'

/** How `roadmap` stands: what the list and the card show. */
export function standingOf(roadmap: Roadmap): Standing {
  if (roadmap.state === 'archived') return 'archived'
  if (roadmap.state === 'published') return roadmap.publishedVersion === roadmap.version ? 'published' : 'changed'
  if (roadmap.reading === 'refused') return 'refused'
  return roadmap.reading === 'read' ? 'draft' : 'waiting'
}

/** The roadmap's title, or its file's name while it has none. At most `length` characters. */
export function titleOf(say: Say, roadmap: Pick<Roadmap, 'title' | 'sourceName'>, length = 120): string {
  return shortened(roadmap.title || roadmap.sourceName || say.plain('roadmap.list.untitled'), length)
}

function standingWords(say: Say, roadmap: Roadmap, zone: string): string {
  const day = roadmap.publishedAt ? say.day(roadmap.publishedAt.toZonedDateTimeISO(zone).toPlainDate()) : ''
  return say(`roadmap.state.${standingOf(roadmap)}`, { day })
}

/** «Дорожные карты»: a page of the list, or what to do where there is none. */
export function roadmapListScreen(say: Say, given: { roadmaps: Roadmap[]; page: number; zone: string }): Screen {
  if (given.roadmaps.length === 0) return { text: say('roadmap.list.empty') }
  const pages = Math.ceil(given.roadmaps.length / LIST_SIZE)
  const page = Math.min(given.page, pages - 1)
  const shown = given.roadmaps.slice(page * LIST_SIZE, (page + 1) * LIST_SIZE)
  const lines = shown.map((roadmap, index) =>
    say('roadmap.list.line', {
      position: page * LIST_SIZE + index + 1,
      mark: say.plain(`roadmap.mark.${standingOf(roadmap)}`),
      title: titleOf(say, roadmap),
      state: standingWords(say, roadmap, given.zone),
    }),
  )
  return {
    text: [say('roadmap.list.title'), ...lines, say('roadmap.list.add')].join('\n\n'),
    buttons: [
      ...inRows(
        shown.map((roadmap, index) => ({
          label: String(page * LIST_SIZE + index + 1),
          action: openRoadmap(roadmap.id),
        })),
        4,
      ),
      pagingRow(say, page, pages, openRoadmaps),
    ].filter((row) => row.length > 0),
  }
}

/** Buttons in rows of `width`. */
export function inRows(buttons: Button[], width: number): Button[][] {
  return Array.from({ length: Math.ceil(buttons.length / width) }, (_, row) =>
    buttons.slice(row * width, (row + 1) * width),
  )
}

/** «Раньше» and «Дальше», where there is something. */
export function pagingRow(say: Say, page: number, pages: number, to: (page: number) => string): Button[] {
  const before = page > 0 ? [{ label: say.plain('common.previous'), action: to(page - 1) }] : []
  const after = page < pages - 1 ? [{ label: say.plain('common.next'), action: to(page + 1) }] : []
  return [...before, ...after]
}

const SHOWN_NUMBERS = 12

/** The numbers of activities, at most a line of them; one without a number by its title. */
export function numbersOf(activities: readonly Activity[]): string {
  const shown = activities
    .slice(0, SHOWN_NUMBERS)
    .map(({ number, title }) => number || `«${shortened(title, 30)}»`)
    .join(', ')
  return activities.length > SHOWN_NUMBERS ? `${shown} … (${activities.length})` : shown
}

/** What a roadmap's card shows besides the roadmap itself. */
export type CardFacts = {
  roadmap: Roadmap
  zone: string
  sections: number
  activities: number
  settled: number
  doubtful: number
  undated: number
  leftOut: number
  /** Lists whose parts are counted in their place. */
  wholes: number
  unmatched: number
  programme: { chosen: number; all: number }
  hasDepartment: boolean
  needsDepartment: boolean
  tasks: { all: number; done: number; overdue: number } | null
  replaces: Roadmap | null
  /** A published roadmap of which this draft is probably a newer version. */
  maybeReplaces: Roadmap | null
}

/** A roadmap's card: what was read, what is still to be said, and what to do next. */
export function roadmapCard(say: Say, facts: CardFacts): Screen {
  const { roadmap } = facts
  return {
    text: [headOf(say, facts), countsOf(say, facts), versionOf(say, facts), nextOf(say, facts)]
      .filter((part) => part !== '')
      .join('\n\n'),
    buttons: roadmap.state === 'archived' ? archivedButtons(say, roadmap) : cardButtons(say, facts),
  }
}

function headOf(say: Say, { roadmap, zone }: CardFacts): string {
  return [
    say('roadmap.card.title', {
      mark: say.plain(`roadmap.mark.${standingOf(roadmap)}`),
      title: titleOf(say, roadmap, 400),
      state: standingWords(say, roadmap, zone),
    }),
    roadmap.period
      ? say('roadmap.card.period', { span: say.span(roadmap.period.from, roadmap.period.to) })
      : say('roadmap.card.periodUnknown'),
    roadmap.sourceName ? say('roadmap.card.file', { name: shortened(roadmap.sourceName, 80) }) : '',
  ]
    .filter((line) => line !== '')
    .join('\n')
}

function countsOf(say: Say, facts: CardFacts): string {
  const { programme } = facts
  return [
    say('roadmap.card.counts', { sections: facts.sections, activities: facts.activities }),
    say('roadmap.card.settled', { count: facts.settled }),
    facts.doubtful > 0 && say('roadmap.card.doubtful', { count: facts.doubtful }),
    facts.undated > 0 && say('roadmap.card.undated', { count: facts.undated }),
    facts.wholes > 0 && say('roadmap.card.wholes', { count: facts.wholes }),
    facts.leftOut > 0 && say('roadmap.card.leftOut', { count: facts.leftOut }),
    programme.all > 0 ? say('roadmap.card.programme', programme) : say('roadmap.card.noSchools'),
    facts.unmatched > 0 && say('roadmap.card.unmatched', { count: facts.unmatched }),
    facts.needsDepartment && !facts.hasDepartment && say('roadmap.card.noDepartment'),
    facts.tasks && say('roadmap.card.tasks', facts.tasks),
  ]
    .filter((line) => typeof line === 'string')
    .join('\n')
}

function versionOf(say: Say, { replaces, maybeReplaces }: CardFacts): string {
  if (replaces) return say('roadmap.card.replaces', { title: titleOf(say, replaces) })
  return maybeReplaces ? say('roadmap.card.maybeReplaces', { title: titleOf(say, maybeReplaces) }) : ''
}

function nextOf(say: Say, { roadmap, doubtful, programme }: CardFacts): string {
  if (roadmap.state === 'archived') return ''
  if (doubtful > 0) return say('roadmap.card.nextQuestions')
  if (programme.all > 0 && programme.chosen === 0) return say('roadmap.card.nextSchools')
  if (roadmap.state === 'draft') return say('roadmap.card.nextPublish')
  return standingOf(roadmap) === 'changed' ? say('roadmap.card.nextChanged') : ''
}

function cardButtons(say: Say, facts: CardFacts): Button[][] {
  const { roadmap, doubtful, unmatched, maybeReplaces, replaces } = facts
  const button = (key: WordKey, action: string, count?: number): Button => ({
    label: say.plain(key, count === undefined ? {} : { count }),
    action,
  })
  const isDraft = roadmap.state === 'draft'
  const publish: Button = isDraft
    ? { ...button('roadmap.button.preview', openPreview(roadmap.id)), tone: 'main' }
    : button('roadmap.button.previewChanges', openPreview(roadmap.id))
  return [
    doubtful > 0 ? [button('roadmap.button.questions', openQuestions(roadmap.id), doubtful)] : [],
    unmatched > 0 ? [button('roadmap.button.names', openNames(roadmap.id, 0), unmatched)] : [],
    [
      button('roadmap.button.programme', openProgramme(roadmap.id, 0)),
      button('roadmap.button.activities', openActivities(roadmap.id, 0)),
    ],
    maybeReplaces ? [button('roadmap.button.linkVersion', linkVersion(roadmap.id, maybeReplaces.id))] : [],
    replaces && isDraft
      ? [
          button('roadmap.button.difference', openDifference(roadmap.id)),
          button('roadmap.button.unlink', unlinkVersion(roadmap.id)),
        ]
      : [],
    isDraft || standingOf(roadmap) === 'changed' ? [publish] : [],
    [
      ...(roadmap.sourceSha256 ? [button('roadmap.button.original', sendOriginal(roadmap.id))] : []),
      isDraft
        ? button('roadmap.button.delete', askDelete(roadmap.id))
        : button('roadmap.button.archive', askArchive(roadmap.id)),
    ],
    [button('roadmap.button.list', openRoadmaps(0))],
  ].filter((row) => row.length > 0)
}

function archivedButtons(say: Say, roadmap: Roadmap): Button[][] {
  return [
    [{ label: say.plain('roadmap.button.activities'), action: openActivities(roadmap.id, 0) }],
    roadmap.sourceSha256 ? [{ label: say.plain('roadmap.button.original'), action: sendOriginal(roadmap.id) }] : [],
    [{ label: say.plain('roadmap.button.list'), action: openRoadmaps(0) }],
  ].filter((row) => row.length > 0)
}

/** A document that could not be read: why, that it is kept, and what can be done. */
export function refusedScreen(say: Say, roadmap: Roadmap, why: string): Screen {
  const noPeriod = roadmap.refusal?.code === 'no-period'
  const kept = roadmap.sourceSha256 ? [say('roadmap.refused.kept')] : []
  return {
    text: [say('roadmap.refused.title', { name: titleOf(say, roadmap), why }), ...kept].join('\n\n'),
    buttons: [
      noPeriod
        ? [{ label: say.plain('roadmap.refused.setPeriod'), tone: 'main', action: askPeriod(roadmap.id) }]
        : [{ label: say.plain('roadmap.refused.tryAgain'), action: readAgain(roadmap.id) }],
      [
        ...(roadmap.sourceSha256
          ? [{ label: say.plain('roadmap.button.original'), action: sendOriginal(roadmap.id) }]
          : []),
        { label: say.plain('roadmap.button.delete'), action: askDelete(roadmap.id) },
      ],
      [{ label: say.plain('roadmap.button.list'), action: openRoadmaps(0) }],
    ],
  }
}

/** «Это новая редакция карты …?» */
export function versionQuestion(say: Say, roadmap: Roadmap, older: Roadmap): Screen {
  return {
    text: say('roadmap.version.ask', { title: titleOf(say, older, 200) }),
    buttons: [
      [{ label: say.plain('roadmap.button.isVersion'), tone: 'main', action: linkVersion(roadmap.id, older.id) }],
      [{ label: say.plain('roadmap.button.isOther'), action: openRoadmap(roadmap.id) }],
    ],
  }
}

/** Rows of each kind that the difference shows; the rest is counted. */
const DIFFERENCE_ROWS = 10

const FIELDS = {
  number: 'roadmap.version.field.number',
  section: 'roadmap.version.field.section',
  title: 'roadmap.version.field.title',
  deadline: 'roadmap.version.field.deadline',
  executors: 'roadmap.version.field.executors',
  result: 'roadmap.version.field.result',
} as const satisfies Record<ChangedField, WordKey>

/** What a newer version changes. */
export function differenceScreen(say: Say, roadmap: Roadmap, difference: Comparison<Activity, Activity>): Screen {
  const { changed, gone, same } = difference
  const line = (activity: Activity): string =>
    say('roadmap.version.line', { number: activity.number, title: shortened(activity.title, 90) })
  const parts = [
    say('roadmap.version.title', { title: titleOf(say, roadmap, 200) }),
    listOf(say, 'roadmap.version.changed', changed, (one) => changedLine(say, one)),
    listOf(say, 'roadmap.version.new', difference.new, line),
    listOf(say, 'roadmap.version.gone', gone, line),
    changed.length + gone.length + difference.new.length === 0
      ? say('roadmap.version.nothing')
      : say('roadmap.version.same', { count: same.length }),
  ]
  return {
    text: parts.filter((part) => part !== '').join('\n\n'),
    buttons: [[{ label: say.plain('roadmap.button.toCard'), action: openRoadmap(roadmap.id) }]],
  }
}

function listOf<Row>(say: Say, heading: WordKey, rows: Row[], line: (row: Row) => string): string {
  if (rows.length === 0) return ''
  const shown = rows.slice(0, DIFFERENCE_ROWS).map(line)
  const more = rows.length > shown.length ? [say('roadmap.version.more', { count: rows.length - shown.length })] : []
  return [say(heading, { count: rows.length }), ...shown, ...more].join('\n')
}

function changedLine(say: Say, { before, after, fields }: Comparison<Activity, Activity>['changed'][number]): string {
  const words = fields.map((field) =>
    field === 'deadline' && before.deadlineText !== after.deadlineText
      ? say('roadmap.version.deadlineChange', {
          before: shortened(before.deadlineText, 40),
          after: shortened(after.deadlineText, 40),
        })
      : say(FIELDS[field]),
  )
  return say('roadmap.version.changedLine', {
    number: after.number,
    title: shortened(after.title, 70),
    fields: words.join(', '),
  })
}

/** Asks before what cannot be taken back. */
export function archiveQuestion(say: Say, roadmap: Roadmap, openTasks: number): Screen {
  return {
    text: say('roadmap.archive.ask', { title: titleOf(say, roadmap), count: openTasks }),
    buttons: [
      [{ label: say.plain('roadmap.archive.confirm'), tone: 'bad', action: archiveNow(roadmap.id) }],
      [{ label: say.plain('roadmap.button.toCard'), action: openRoadmap(roadmap.id) }],
    ],
  }
}

export function deleteQuestion(say: Say, roadmap: Roadmap): Screen {
  return {
    text: say('roadmap.delete.ask', { title: titleOf(say, roadmap) }),
    buttons: [
      [{ label: say.plain('roadmap.delete.confirm'), tone: 'bad', action: deleteNow(roadmap.id) }],
      [{ label: say.plain('roadmap.button.toCard'), action: openRoadmap(roadmap.id) }],
    ],
  }
}
