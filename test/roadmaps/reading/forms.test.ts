import { utils, write } from '@e965/xlsx'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDocument } from '../../../src/documents/read-document.ts'
import { deadlineReader } from '../../../src/roadmaps/reading/deadline-reader.ts'
import { readRoadmap } from '../../../src/roadmaps/reading/read-roadmap.ts'
import { makeDocx, paragraph, table } from '../../support/docx.ts'
import { makePdf, ruledPages } from '../../support/pdf.ts'

type Row = { title: string; deadline: string; who: string; result: string }
type Section = { name: string; rows: Row[] }

const TITLE = 'План мероприятий на 2024 год'
const HEADINGS = ['№ п/п', 'Мероприятие', 'Срок', 'Ответственные', 'Результат']

const row = fc.record({
  title: fc
    .array(
      fc.constantFrom(
        'проведение',
        'семинара',
        'для учителей,',
        'директоров',
        '«Школа роста»',
        '(ВПР, ОГЭ)',
        'по математике',
        'мастер-класс',
      ),
      { minLength: 1, maxLength: 14 },
    )
    .map((words) => `Анализ ${words.join(' ')} района`),
  deadline: fc.constantFrom(
    'Март 2024',
    'до 15 мая 2024 г.',
    '1 раз в квартал',
    'В течение года',
    'I полугодие 2024',
    'По запросу',
    '01.03–15.03.2024',
  ),
  who: fc.constantFrom('УО', 'ОО', 'Управление образования, директора школ', 'МБОУ СОШ №№ 2, 4', 'Методисты ИМЦ'),
  result: fc.constantFrom('Приказ', 'Справка по итогам', 'Протокол, список участников', 'Повышение качества'),
})
const plan = fc.array(
  fc.record({
    name: fc.constantFrom('Работа с кадрами', 'Анализ и контроль', 'Поддержка школ'),
    rows: fc.array(row, { minLength: 1, maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 4 },
)

/** The rows of a plan: headings of sections alone, the others with a number. */
function rowsOf(sections: Section[]): string[][] {
  return sections.flatMap(({ name, rows }, section) => [
    [`${section + 1}. ${name}`],
    ...rows.map(({ title, deadline, who, result }, at) => [`${section + 1}.${at + 1}.`, title, deadline, who, result]),
  ])
}

const forms: Record<string, (rows: string[][]) => Uint8Array> = {
  Word: (rows) =>
    makeDocx([
      paragraph(TITLE),
      table([HEADINGS, ...rows.map((cells) => (cells.length === 1 ? [{ text: cells[0] ?? '', span: 5 }] : cells))]),
    ]),
  Excel: (rows) =>
    write(
      { SheetNames: ['План'], Sheets: { План: utils.aoa_to_sheet([[TITLE], HEADINGS, ...rows]) } },
      { type: 'buffer', bookType: 'xlsx' },
    ),
  PDF: (rows) =>
    makePdf(
      ruledPages(
        [TITLE],
        [40, 90, 330, 450, 620].map((x, at) => ({ x, width: [50, 240, 120, 170, 180][at] ?? 0 })),
        [
          { cells: HEADINGS },
          ...rows.map((cells) => (cells.length === 1 ? { cells: [], across: cells[0] ?? '' } : { cells })),
        ],
      ),
    ),
  'text with tabs': (rows) =>
    Buffer.from([TITLE, HEADINGS.join('\t'), ...rows.map((cells) => cells.join('\t'))].join('\n')),
  'text with bars': (rows) =>
    Buffer.from([TITLE, ...[HEADINGS, ...rows].map((cells) => `| ${cells.join(' | ')} |`)].join('\n')),
  'one cell a line': (rows) =>
    Buffer.from(
      [TITLE, '', ...[HEADINGS, ...rows].map((cells) => `${cells.map((cell) => `\t${cell}`).join('\n')}\n`)].join('\n'),
    ),
  'columns of spaces': (rows) =>
    Buffer.from(
      [
        TITLE,
        '',
        ...[HEADINGS, ...rows].map((cells) =>
          cells.length === 1 ? cells[0] : cells.map((cell, at) => cell.padEnd([8, 180, 24, 46, 0][at] ?? 0)).join(''),
        ),
      ].join('\n'),
    ),
}

describe('a plan tells the same activities in whatever form it is sent', () => {
  it.each(Object.keys(forms))('%s', async (form) => {
    await fc.assert(
      fc.asyncProperty(plan, async (sections) => {
        const document = await readDocument(forms[form]?.(rowsOf(sections)) ?? new Uint8Array())
        const roadmap = document.ok ? readRoadmap(document.value, deadlineReader) : document
        if (!roadmap.ok) throw new Error(roadmap.refusal.code)
        const told = roadmap.value.activities.map(
          ({ number, section, title, deadlineText, responsibleText, expectedResult }) => ({
            number,
            section,
            title,
            deadlineText,
            responsibleText,
            expectedResult,
          }),
        )
        const written = sections.flatMap(({ name, rows }, section) =>
          rows.map(({ title, deadline, who, result }, at) => ({
            number: `${section + 1}.${at + 1}`,
            section: name,
            title,
            deadlineText: deadline,
            responsibleText: who,
            expectedResult: result,
          })),
        )
        expect(told).toEqual(written)
        expect(roadmap.value.title).toBe(TITLE)
      }),
      { numRuns: 60, endOnFailure: true },
    )
  })
})
