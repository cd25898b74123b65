import { type CouncilFigures, type CountedQuestion, councilFigures, figuresBy } from '../../council/figures.ts'
import { withoutPersonalData } from '../../council/personal-data.ts'
import type { Tx } from '../../db/database.ts'
import { allEntries } from '../../db/faq-desk.ts'
import { countedQuestions } from '../../db/questions.ts'
import { type Instant, localDate, Temporal } from '../../kernel/clock.ts'
import { openCouncil, openCouncilReport, sendCouncilTable } from '../buttons-council.ts'
import { workingWeek } from '../council-posts.ts'
import { topicWords } from '../screens/council.ts'
import { type Feature, on, type Turn } from '../turn.ts'
import { type Say, shortened, type WordKey } from '../words.ts'
import { allowed } from './coordinating.ts'

const REPORT_DAYS = 183
const SHOWN_GAPS = 8
/** An entry that is oftener not what was looked for than it helps, seen so often, is a gap as well. */
const LEAST_NOT_IT = 2

/** The report of the council: by topic and kind of school, how long an answer takes, what the FAQ lacks. */
export const councilReport: Feature = { taps: [on(openCouncilReport, showReport), on(sendCouncilTable, sendTable)] }

type Row = Awaited<ReturnType<typeof countedQuestions>>[number]
type ReportRow = Row & CountedQuestion

/** The questions since `since`, as the report counts them. */
async function reportRows(tx: Tx, municipalityId: number, since: Instant): Promise<ReportRow[]> {
  const rows = await countedQuestions(tx, municipalityId, since)
  return rows.map((row) => ({
    ...row,
    firstAnswerAt: row.firstAnswerAt === null ? null : Temporal.Instant.from(row.firstAnswerAt),
  })) as ReportRow[]
}

function sinceOf(now: Instant, days: number): Instant {
  return now.subtract({ hours: 24 * days })
}

async function showReport(turn: Turn): Promise<void> {
  if (!allowed(turn, 'manage-faq')) return
  const { say } = turn
  const back = [{ label: say.plain('common.back'), action: openCouncil() }]
  const all = await reportRows(turn.tx, turn.municipality.id, sinceOf(turn.now, REPORT_DAYS))
  if (all.length === 0) return turn.show({ text: say('council.report.empty'), buttons: [back] })
  const week = workingWeek(turn)
  const lines = (groups: { key: string; figures: CouncilFigures }[], nameOf: (key: string) => string): string =>
    groups
      .map(({ key, figures }) =>
        say('council.report.line', { ...figures, name: nameOf(key), hours: hoursWords(say, figures) }),
      )
      .join('\n')
  const totals = councilFigures(all, week)
  turn.show({
    text: say('council.report.title', {
      totals: say('council.report.totals', { ...totals, hours: hoursWords(say, totals) }),
      topics: lines(
        figuresBy(all, ({ topic }) => topic, week),
        (topic) => topicWords(say, topic),
      ),
      kinds: lines(
        figuresBy(all, ({ schoolKind }) => schoolKind ?? '', week),
        (kind) => kindWords(say, kind),
      ),
      gaps: await gapLines(turn, all),
    }),
    buttons: [[{ label: say.plain('council.report.table'), action: sendCouncilTable() }], back],
  })
}

function hoursWords(say: Say, { hours }: CouncilFigures): string {
  if (hours === null) return say('council.report.noHours')
  return say('council.report.hours', { hours: rounded(hours) })
}

/** Hours as people say them: one digit after the comma below ten. */
function rounded(hours: number): string {
  return (hours < 10 ? hours.toFixed(1).replace(/\.0$/, '') : String(Math.round(hours))).replace('.', ',')
}

const KINDS: Record<string, WordKey> = {
  '': 'council.report.kindWithheld',
  school: 'council.report.kind.school',
  department: 'council.report.kind.department',
  centre: 'council.report.kind.centre',
}

/** The kind of a school as the register says it, or what the organization is. */
function kindWords(say: Say, kind: string): string {
  const key = KINDS[kind]
  return key ? say.plain(key) : kind
}

/** What was asked and not found, and entries that are not it; nobody is named. */
async function gapLines(turn: Turn, all: readonly ReportRow[]): Promise<string> {
  const { say } = turn
  const asked = gapsOf(all)
    .slice(0, SHOWN_GAPS)
    .map((row) => say('council.report.gap', { words: shortened(withoutPersonalData(row.words), 140) }))
  const poor = (await allEntries(turn.tx, turn.municipality.id))
    .filter(({ notIt, helped }) => notIt >= LEAST_NOT_IT && notIt > helped)
    .slice(0, SHOWN_GAPS)
    .map((entry) =>
      say('council.report.notItLine', {
        question: shortened(entry.question, 120),
        notIt: entry.notIt,
        shown: entry.shown,
      }),
    )
  return asked.length + poor.length === 0 ? say('council.report.noGaps') : [...asked, ...poor].join('\n')
}

/** What the FAQ lacks: nothing was found, or nothing of it helped and the council was asked. */
function gapsOf<Question extends CountedQuestion>(all: readonly Question[]): Question[] {
  return all.filter((question) => !question.found || question.askedAt !== null)
}

/** The line of the weekly digest: what waits now, and the week in figures; empty where nothing was asked and nothing waits. */
export async function councilDigestLine(
  turn: Pick<Turn, 'tx' | 'say' | 'municipality' | 'calendar'>,
  now: Instant,
): Promise<string> {
  const { tx, say, municipality } = turn
  const week = workingWeek(turn)
  const half = await reportRows(tx, municipality.id, sinceOf(now, REPORT_DAYS))
  const lately = half.filter(({ createdAt }) => Temporal.Instant.compare(createdAt, sinceOf(now, 7)) >= 0)
  const { open } = councilFigures(half, week)
  if (open === 0 && lately.length === 0) return ''
  const { searched, answered } = councilFigures(lately, week)
  const missing = lately.filter(({ found }) => !found).length
  return (
    say('council.report.digest', { count: open }) +
    say('council.report.digestWeek', { sent: searched, answered, missing })
  )
}

async function sendTable(turn: Turn): Promise<void> {
  if (!allowed(turn, 'manage-faq')) return
  const { writeSpreadsheet } = await import('../../documents/write/spreadsheet.ts')
  const { say, municipality, tx, today } = turn
  const all = await reportRows(tx, municipality.id, sinceOf(turn.now, REPORT_DAYS))
  const week = workingWeek(turn)
  const day = (instant: Instant) => localDate(instant, municipality.timezone)
  const text = (key: WordKey, width: number) => ({ title: say.plain(key), width, kind: 'text' as const })
  const number = (key: WordKey) => ({ title: say.plain(key), width: 14, kind: 'number' as const })
  const date = { title: say.plain('council.report.columnDay'), width: 12, kind: 'date' as const }
  const hoursOf = (question: ReportRow) => {
    const { hours } = councilFigures([question], week)
    return hours === null ? null : Math.round(hours * 10) / 10
  }
  const sheets = [
    {
      name: say.plain('council.report.sheetQuestions'),
      columns: [
        number('council.report.columnNumber'),
        date,
        text('council.report.columnTopic', 28),
        text('council.report.columnSchool', 28),
        text('council.report.columnWords', 70),
        text('council.report.columnState', 20),
        number('council.report.columnHours'),
      ],
      rows: all
        .filter(({ askedAt }) => askedAt !== null)
        .map((row) => [
          row.number,
          day(row.createdAt),
          topicWords(say, row.topic),
          row.schoolName ?? say.plain('council.report.kindWithheld'),
          row.withheld ? withoutPersonalData(row.words) : row.words,
          say.plain(`council.report.state.${row.state}`),
          hoursOf(row),
        ]),
    },
    {
      name: say.plain('council.report.sheetTopics'),
      columns: [
        text('council.report.columnTopic', 32),
        number('council.report.columnSearched'),
        number('council.report.columnSettled'),
        number('council.report.columnSent'),
        number('council.report.columnAnswered'),
        number('council.report.columnOpen'),
        number('council.report.columnHours'),
      ],
      rows: figuresBy(all, ({ topic }) => topic, week).map(({ key, figures }) => [
        topicWords(say, key),
        figures.searched,
        figures.settled,
        figures.sent,
        figures.answered,
        figures.open,
        figures.hours === null ? null : Math.round(figures.hours * 10) / 10,
      ]),
    },
    {
      name: say.plain('council.report.sheetGaps'),
      columns: [date, text('council.report.columnTopic', 28), text('council.report.columnWords', 80)],
      rows: gapsOf(all).map((row) => [day(row.createdAt), topicWords(say, row.topic), withoutPersonalData(row.words)]),
    },
    {
      name: say.plain('council.report.sheetFaq'),
      columns: [
        text('council.report.columnWords', 70),
        text('council.report.columnTopic', 28),
        number('council.report.columnShown'),
        number('council.report.columnHelped'),
        number('council.report.columnNotIt'),
      ],
      rows: (await allEntries(tx, municipality.id)).map((entry) => [
        entry.question,
        topicWords(say, entry.topic),
        entry.shown,
        entry.helped,
        entry.notIt,
      ]),
    },
  ]
  const attachment = await turn.services.keepFile(tx, {
    municipalityId: municipality.id,
    bytes: await writeSpreadsheet(sheets),
    fileName: `council-${today}.xlsx`,
    mime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    kind: 'document',
  })
  turn.send({ text: say('council.report.tableReady', { day: say.day(today) }), attachments: [attachment] })
}
