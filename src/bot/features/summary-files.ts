import { municipalityFigures, schoolFigures } from '../../db/digests.ts'
import { tasksForTable } from '../../db/task-lists.ts'
import type { Attachment } from '../../delivery/screen.ts'
import { byNeed, type MunicipalityFigures, type SchoolFigures } from '../../digests/figures.ts'
import type { SchoolProgress } from '../../documents/write/chart.ts'
import type { Turn } from '../turn.ts'

/** Schools that fit on one picture. */
const CHART_SCHOOLS = 30

/** The schools' progress as a picture, kept as a file of the municipality. */
export async function chartOf(turn: Turn, schools: SchoolFigures[]): Promise<Attachment> {
  const { progressChart } = await import('../../documents/write/chart.ts')
  const { say } = turn
  const rows = byNeed(schools).slice(0, CHART_SCHOOLS)
  const bars = rows.map((row) => ({
    name: row.name,
    done: row.done,
    waiting: row.waiting,
    overdue: row.overdue,
    open: Math.max(0, row.all - row.done - row.waiting - row.overdue),
  }))
  const words = {
    legend: {
      done: say.plain('digest.chartDone'),
      waiting: say.plain('digest.chartWaiting'),
      overdue: say.plain('digest.chartOverdue'),
      open: say.plain('digest.chartOpen'),
    },
    tally: (row: SchoolProgress) =>
      say.plain('digest.chartTally', { done: row.done, all: row.done + row.waiting + row.overdue + row.open }),
  }
  const picture = await progressChart(
    bars,
    { title: say.plain('digest.chartHeading'), note: say.weekday(turn.today) },
    words,
  )
  return turn.services.keepFile(turn.tx, {
    municipalityId: turn.municipality.id,
    bytes: picture,
    fileName: 'sovet.png',
    mime: 'image/png',
    kind: 'photo',
  })
}

/** The figures and all tasks as a spreadsheet. */
export async function tableOf(turn: Turn, organizationIds: number[] | null): Promise<Attachment> {
  const { writeSpreadsheet } = await import('../../documents/write/spreadsheet.ts')
  const { say, municipality, tx, today } = turn
  const { schools: unordered, sections } = await figuresOf(turn, organizationIds)
  const schools = byNeed(unordered)
  const tasks = await tasksForTable(tx, municipality.id, organizationIds)
  const numbers = (['tableOverdue', 'tableWeek', 'tableWaiting', 'tableBlocked', 'tableDone', 'tableAll'] as const).map(
    (key) => ({
      title: say.plain(`digest.${key}`),
      width: 14,
      kind: 'number' as const,
    }),
  )
  const figures = (row: SchoolFigures | MunicipalityFigures['sections'][number]) => [
    row.overdue,
    row.week,
    row.waiting,
    row.blocked,
    row.done,
    row.all,
  ]
  const sheets = [
    {
      name: say.plain('digest.tableSheetSchools'),
      columns: [{ title: say.plain('digest.tableSchool'), width: 40, kind: 'text' as const }, ...numbers],
      rows: schools.map((row) => [row.name, ...figures(row)]),
    },
    {
      name: say.plain('digest.tableSheetSections'),
      columns: [{ title: say.plain('digest.tableSection'), width: 60, kind: 'text' as const }, ...numbers],
      rows: sections.map((row) => [row.section, ...figures(row)]),
    },
    {
      name: say.plain('digest.tableSheetTasks'),
      columns: [
        { title: say.plain('digest.tableSchool'), width: 30, kind: 'text' as const },
        { title: say.plain('digest.tableNumber'), width: 10, kind: 'text' as const },
        { title: say.plain('digest.tableTitle'), width: 70, kind: 'text' as const },
        { title: say.plain('digest.tableDue'), width: 14, kind: 'date' as const },
        { title: say.plain('digest.tableState'), width: 20, kind: 'text' as const },
      ],
      rows: tasks.map((task) => [
        task.organizationName,
        task.number,
        task.title,
        task.dueOn,
        say.plain(`task.state.${task.state}`),
      ]),
    },
  ]
  const bytes = await writeSpreadsheet(sheets.filter((sheet) => sheet.rows.length > 0))
  return turn.services.keepFile(tx, {
    municipalityId: municipality.id,
    bytes,
    fileName: `sovet-${today}.xlsx`,
    mime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    kind: 'document',
  })
}

/** Of the municipality as a whole, or of some of its schools alone, without the sections. */
async function figuresOf(
  { tx, municipality, today }: Turn,
  organizationIds: number[] | null,
): Promise<MunicipalityFigures> {
  if (organizationIds)
    return { schools: await schoolFigures(tx, municipality.id, organizationIds, today), sections: [] }
  const figures = await municipalityFigures(tx, [{ municipalityId: municipality.id, today }])
  return figures.get(municipality.id) ?? { schools: [], sections: [] }
}
