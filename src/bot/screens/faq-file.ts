import type { FailedRow, RowFault } from '../../council/faq-rows.ts'
import type { Kept } from '../../db/faq-import.ts'
import type { Attachment, Screen } from '../../delivery/screen.ts'
import type { TableFault } from '../../documents/faq-file.ts'
import { askFaqFile, exportFaq, exportFaqCsv, importFaqFile, openFaq } from '../buttons-council.ts'
import { type Say, shortened, type WordKey } from '../words.ts'

const SHOWN_PERSONAL = 10

/** What is said of rows that failed: some of them, how many there are, and all as a table where that is more. */
export type FailureReport = { failed: readonly FailedRow[]; failedCount: number; attachments: Attachment[] }

/** Asks for a file: its columns, and the present FAQ as a sample. */
export function faqFileAskScreen(say: Say): Screen {
  return {
    text: say('council.file.ask'),
    buttons: [
      [
        { label: say.plain('council.base.export'), action: exportFaq() },
        { label: say.plain('council.base.exportCsv'), action: exportFaqCsv() },
      ],
      [{ label: say.plain('common.cancel'), action: openFaq() }],
    ],
  }
}

/** What a file would change, before anything is changed. `personal`: the questions of rows with what looks like personal data. */
export function faqFileForeseenScreen(
  say: Say,
  foreseen: Kept,
  given: FailureReport & { personal: readonly string[] },
): Screen {
  const changes = foreseen.added + foreseen.changed
  const warning =
    given.personal.length > 0
      ? say('council.file.personal', {
          count: given.personal.length,
          questions: questionLines(say, given.personal.slice(0, SHOWN_PERSONAL)),
        })
      : ''
  return {
    text: [
      say(changes > 0 ? 'council.file.foreseen' : 'council.file.nothing'),
      countLines(say, foreseen),
      warning,
      failureLines(say, given),
      changes > 0 ? say('council.file.stays') : '',
    ]
      .filter(Boolean)
      .join('\n\n'),
    attachments: given.attachments,
    buttons: [
      changes > 0
        ? [{ label: say.plain('council.file.load', { count: changes }), tone: 'good', action: importFaqFile() }]
        : [{ label: say.plain('council.file.another'), action: askFaqFile() }],
      [{ label: say.plain('common.cancel'), action: openFaq() }],
    ],
  }
}

/** What was changed. */
export function faqFileKeptScreen(say: Say, kept: Kept, given: FailureReport): Screen {
  return {
    text: [say('council.file.kept'), countLines(say, kept), failureLines(say, given)].filter(Boolean).join('\n\n'),
    attachments: given.attachments,
    buttons: [[{ label: say.plain('council.faq'), action: openFaq() }]],
  }
}

function countLines(say: Say, { added, changed, same, questions }: Kept): string {
  return [
    say('council.file.added', { count: added }) + questionLines(say, questions.added),
    say('council.file.changed', { count: changed }) + questionLines(say, questions.changed),
    say('council.file.same', { count: same }),
  ].join('\n')
}

function questionLines(say: Say, questions: readonly string[]): string {
  return questions.map((question) => say('council.file.question', { question: shortened(question, 100) })).join('')
}

function failureLines(say: Say, { failed, failedCount }: FailureReport): string {
  if (failedCount === 0) return ''
  const lines = failed.map(({ line, column, why }) =>
    say(column === null ? 'council.file.failedRow' : 'council.file.failedCell', {
      line,
      column: column ?? '',
      why: rowFaultWords(say, why),
    }),
  )
  const more = failedCount > failed.length ? [say('council.file.failedMore')] : []
  return [say('council.file.failed', { count: failedCount }), ...lines, ...more].join('\n')
}

const ROW_FAULTS = {
  'no-columns': 'council.file.why.noColumns',
  'too-many-rows': 'council.file.why.tooManyRows',
  'no-question': 'council.file.why.noQuestion',
  'no-answer': 'council.file.why.noAnswer',
  'same-id': 'council.file.why.sameId',
  'too-long': 'council.file.why.tooLong',
  'bad-date': 'council.file.why.badDate',
} as const satisfies Record<RowFault['code'], WordKey>

/** Why a row was not taken, as plain words. */
export function rowFaultWords(say: Say, { code, ...gaps }: RowFault): string {
  return say.plain(ROW_FAULTS[code], gaps)
}

const TABLE_FAULTS = {
  'too-large': 'council.file.fault.tooLarge',
  'no-table': 'council.file.fault.noTable',
  unreadable: 'council.file.fault.unreadable',
  damaged: 'council.file.fault.damaged',
  'too-many-parts': 'council.file.fault.tooManyParts',
  'too-large-inside': 'council.file.fault.tooLargeInside',
} as const satisfies Record<TableFault, WordKey>

/** Why a file is no table that can be read, as plain words. */
export function tableFaultWords(say: Say, fault: TableFault): string {
  return say.plain(TABLE_FAULTS[fault])
}
