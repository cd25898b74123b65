import { describe, expect, it } from 'vitest'
import { decodeText } from '../../src/documents/encoding.ts'
import { readDocument } from '../../src/documents/read-document.ts'
import { cellText, type Table } from '../../src/roadmaps/reading/content.ts'

async function rowsIn(text: string): Promise<string[][]> {
  const document = await readDocument(Buffer.from(text, 'utf8'))
  if (!document.ok) throw new Error(document.refusal.code)
  const table = document.value.blocks.find((block): block is Table => block.kind === 'table')
  return (table?.rows ?? []).map((cells) => cells.map(({ lines }) => cellText(lines)))
}

const HEADINGS = ['№', 'Мероприятие', 'Срок', 'Ответственные']
const FIRST = ['1', 'Семинар', 'март 2025', 'ОО']
const SECOND = ['2', 'Совещание директоров', 'апрель 2025', 'УО']
const ROWS = [HEADINGS, FIRST, SECOND]
const joined = (sign: string) => ROWS.map((cells) => cells.join(sign)).join('\n')

/** A table drawn with signs, a rule between rows. */
function boxed(corner: string, across: string, down: string): string {
  const widths = [4, 24, 14, 16]
  const rule = `${corner}${widths.map((width) => across.repeat(width)).join(corner)}${corner}`
  const rows = ROWS.map(
    (cells) => `${down}${cells.map((cell, at) => ` ${cell}`.padEnd(widths[at] ?? 0)).join(down)}${down}`,
  )
  return [rule, ...rows.flatMap((row) => [row, rule])].join('\n')
}

describe('a table is found however the text keeps its cells apart', () => {
  it.each([
    ['tabs', joined('\t')],
    ['tabs, with empty lines between rows', ROWS.map((cells) => cells.join('\t')).join('\n\n')],
    ['semicolons', joined(';')],
    ['bars', ROWS.map((cells) => `| ${cells.join(' | ')} |`).join('\n|---|---|---|---|\n')],
    [
      'runs of spaces',
      ROWS.map(([a = '', b = '', c = '', d = '']) => `${a.padEnd(6)}${b.padEnd(26)}${c.padEnd(16)}${d}`).join('\n'),
    ],
    [
      'one cell a line, each after a tab, rows parted by a gap',
      ROWS.map((cells) => cells.map((cell) => `\t${cell}`).join('\n')).join('\n\n'),
    ],
    [
      'one cell a line, each after a tab, without gaps',
      ROWS.map((cells) => cells.map((cell) => `\t${cell}`).join('\n')).join('\n'),
    ],
    ['one cell a line and nothing else', ROWS.flat().join('\n')],
    [
      'one cell a line, each before a bar',
      ROWS.flat()
        .map((cell) => `${cell} |`)
        .join('\n'),
    ],
    ['boxes of dashes', boxed('+', '-', '|')],
    ['boxes of drawn lines', boxed('┼', '─', '│')],
    [
      'an HTML table',
      `<table>${ROWS.map((cells) => `<tr>${cells.map((cell) => `<td><p>${cell}</p></td>`).join('\n')}</tr>`).join('\n')}</table>`,
    ],
    ['Windows ends of lines', joined('\t').replaceAll('\n', '\r\n')],
    ['marks of cells of an old Word', joined('\u0007')],
  ])('%s', async (_, text) => {
    expect(await rowsIn(text)).toEqual(ROWS)
  })

  it.each([
    [
      'a cell of two lines in a row of tabs',
      '1\tСеминар\nдля учителей\tмарт 2025\tОО',
      ['1', 'Семинар для учителей', 'март 2025', 'ОО'],
    ],
    [
      'a cell of two lines in quotation marks',
      '1\t"Семинар ""Шаг""\nдля учителей"\tмарт 2025\tОО',
      ['1', 'Семинар "Шаг" для учителей', 'март 2025', 'ОО'],
    ],
    [
      'tags',
      '1\t<b>Семинар</b><br>для учителей\tмарт 2025\t<i>ОО</i>',
      ['1', 'Семинар для учителей', 'март 2025', 'ОО'],
    ],
  ])('%s', async (_, line, cells) => {
    expect(await rowsIn(`${HEADINGS.join('\t')}\n${line}\n${SECOND.join('\t')}`)).toEqual([HEADINGS, cells, SECOND])
  })

  it('a row whose cells are wrapped into several lines of a column', async () => {
    const text = [
      '№    Мероприятие            Срок          Ответственные',
      '1    Семинар для молодых    март          Методический',
      '     учителей               2025          центр',
      '2    Совещание              апрель 2025   ОО',
    ].join('\n')
    expect(await rowsIn(text)).toEqual([
      HEADINGS,
      ['1', 'Семинар для молодых учителей', 'март 2025', 'Методический центр'],
      ['2', 'Совещание', 'апрель 2025', 'ОО'],
    ])
  })

  it('a drawn table with headings parted below, a heading across and a cell merged down', async () => {
    const text = [
      '┌────┬────────────┬─────────────────────┬─────┐',
      '│ N  │ Пошаговые  │  Сроки выполнения   │ Кто │',
      '│п/п │мероприятия ├──────────┬──────────┤     │',
      '│    │            │I квартал │II квартал│     │',
      '├────┼────────────┼──────────┼──────────┼─────┤',
      '│          1. Первый раздел             │     │',
      '├────┬────────────┬──────────┬──────────┤     │',
      '│1.1 │Издать      │    +     │          │ УО  │',
      '│    │приказ      │          │          │     │',
      '└────┴────────────┴──────────┴──────────┴─────┘',
    ].join('\n')
    expect(await rowsIn(text)).toEqual([
      ['N п/п', 'Пошаговые мероприятия', 'Сроки выполнения', 'Кто'],
      ['', '', 'I квартал', 'II квартал', ''],
      ['1. Первый раздел', 'УО'],
      ['1.1', 'Издать приказ', '+', '', ''],
    ])
  })

  it.each([
    ['tabs', (cells: string[]) => cells.join('\t'), '\n'],
    ['one cell a line', (cells: string[]) => cells.map((cell) => `\t${cell}`).join('\n'), '\n\n'],
  ])('a second table after a line of text is a table of its own: %s', async (_, line, between) => {
    const figures = [
      ['№', 'Показатель', '2024'],
      ['1', 'Доля выпускников', '5'],
      ['2', 'Доля учителей', '40'],
    ]
    const text = [...ROWS.map(line), 'Целевые показатели', ...figures.map(line)].join(between)
    const document = await readDocument(Buffer.from(text))
    const tables = document.ok ? document.value.blocks.filter((block) => block.kind === 'table') : []
    expect(tables.map(({ rows, columns }) => [rows.length, columns])).toEqual([
      [3, 4],
      [3, 3],
    ])
  })

  it('a message whose numbered lines are parted by dashes', async () => {
    const text = 'План на 2025 год\n1. Семинар – март – ОО\n2. Диагностические работы — сентябрь — УО'
    expect(await rowsIn(text)).toEqual([
      ['1. Семинар', 'март', 'ОО'],
      ['2. Диагностические работы', 'сентябрь', 'УО'],
    ])
  })

  it('text without a table has none', async () => {
    expect(await rowsIn('Уважаемые коллеги!\nСеминар состоится в марте.\nЖдём всех.')).toEqual([])
  })
})

describe('plain files of all the usual encodings are read', () => {
  const text = 'План мероприятий на 2025 год: совещание директоров школ, семинар учителей математики'
  const cyrillic = (codes: (letter: string) => number) =>
    Uint8Array.from(text, (letter) => (letter.charCodeAt(0) < 128 ? letter.charCodeAt(0) : codes(letter)))
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 with a mark', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(text.length % 2 ? text : `${text} `, 'utf16le')],
    ['UTF-16 of the other order', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['windows-1251', cyrillic((letter) => letter.charCodeAt(0) - 0x410 + 0xc0)],
  ])('%s', (_, bytes) => {
    expect(decodeText(bytes)?.replace('\uFEFF', '').trim()).toBe(text)
  })
})
