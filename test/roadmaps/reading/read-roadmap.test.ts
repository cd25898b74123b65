import { describe, expect, it } from 'vitest'
import { Temporal } from '../../../src/kernel/clock.ts'
import { type Cell, type DocumentContent, paragraphLine, type Table } from '../../../src/roadmaps/reading/content.ts'
import { deadlineReader } from '../../../src/roadmaps/reading/deadline-reader.ts'
import type { ActivityDraft, RoadmapDraft } from '../../../src/roadmaps/reading/draft.ts'
import { readRoadmap } from '../../../src/roadmaps/reading/read-roadmap.ts'

/** A cell by its text; `^` is merged with the one above, `→` with the one to its left, `/` begins a paragraph. */
function aTable(rows: string[][], merges: Table['merges'] = 'marked'): Table {
  const columns = Math.max(...rows.map((cells) => cells.length))
  return { kind: 'table', columns, merges, rows: rows.map(cellsOf) }
}

function cellsOf(texts: string[]): Cell[] {
  const cells: Cell[] = []
  texts.forEach((text, column) => {
    const before = cells.at(-1)
    if (text === '→' && before) before.columnSpan += 1
    else {
      const lines = text === '^' || text === '' ? [] : text.split(' / ').map((line) => paragraphLine(line))
      cells.push({ column, columnSpan: 1, mergedFromAbove: text === '^', lines })
    }
  })
  return cells
}

const HEADINGS = ['№ п/п', 'Мероприятие', 'Срок', 'Ответственные']

function read(blocks: (string | Table)[], title = 'План мероприятий на 2024 год'): RoadmapDraft {
  const content: DocumentContent = {
    format: 'docx',
    blocks: [title, ...blocks].map((block) =>
      typeof block === 'string' ? { kind: 'paragraph', line: paragraphLine(block) } : block,
    ),
  }
  const roadmap = readRoadmap(content, deadlineReader)
  if (!roadmap.ok) throw new Error(roadmap.refusal.code)
  return roadmap.value
}

const told = ({ number, section, title, deadlineText, responsibleText, parent }: ActivityDraft) =>
  [number, section, title, deadlineText, responsibleText, parent].join(' | ')

describe('columns are known by their headings', () => {
  it.each<[string, string[], string[]]>([
    ['the usual order', ['№', 'Мероприятия', 'Сроки', 'Исполнители'], ['1', 'Семинар', 'май', 'ОО']],
    [
      'another order, without numbers',
      ['Дата проведения', 'Ответственный', 'Наименование мероприятия'],
      ['май', 'ОО', 'Семинар'],
    ],
    [
      'a deadline that speaks of the activity',
      ['Срок проведения мероприятия', 'Содержание деятельности', 'Ответственный исполнитель'],
      ['май', 'Семинар', 'ОО'],
    ],
    ['plain words', ['Что делаем', 'Когда', 'Кто'], ['Семинар', 'май', 'ОО']],
    [
      'columns that nobody reads',
      [
        '№',
        'Мероприятие',
        'Категория участников',
        'Место',
        'Период',
        'Ответственный (ФИО, должность)',
        'Отметка о выполнении',
      ],
      ['1', 'Семинар', 'учителя', 'ДК', 'май', 'ОО', ''],
    ],
    [
      'a result that speaks of the activity',
      ['Название', 'Планируемый результат мероприятия', 'Сроки реализации', 'Отв.'],
      ['Семинар', 'Справка', 'май', 'ОО'],
    ],
    [
      'no headings at all',
      ['1', 'Семинар для молодых учителей', 'май 2024', 'ОО'],
      ['2', 'Совещание руководителей школ', 'июнь 2024', 'УО'],
    ],
  ])('%s', (_, headings, row) => {
    const last = read([aTable([headings, row])]).activities.at(-1)
    expect(last?.title).toMatch(/Семинар|Совещание/)
    expect(last?.deadlineText).toMatch(/^(май|июнь 2024)$/)
    expect(last?.responsibleText).toMatch(/^(ОО|УО)$/)
  })

  it('headings of two lines, a beginning and an end', () => {
    const table = aTable([
      ['№', 'Мероприятие', 'Сроки', '→', 'Ответственные'],
      ['^', '^', 'начало', 'окончание', '^'],
      ['1', 'Семинар', '01.03.2024', '15.03.2024', 'ОО'],
      ['2', 'Отчёт', '', '20.03.2024', 'ОО'],
    ])
    expect(read([table]).activities.map(({ deadlineText }) => deadlineText)).toEqual([
      'с 01.03.2024 по 15.03.2024',
      '20.03.2024',
    ])
  })

  it.each([
    [
      'an approval',
      [
        ['СОГЛАСОВАНО', 'УТВЕРЖДАЮ'],
        ['Петров', 'Сидоров 15 марта 2024'],
      ],
    ],
    [
      'figures',
      [
        ['№', 'Показатель', 'Ед. изм.', '2023 год', '2024 год'],
        ['1', 'Доля выпускников', '%', '5', '3'],
      ],
    ],
    [
      'abbreviations',
      [
        ['ОО', 'образовательная организация'],
        ['УО', 'управление образования'],
      ],
    ],
    [
      'contacts',
      [
        ['ФИО', 'Должность', 'Телефон'],
        ['Иванова', 'методист', '2-22-22'],
      ],
    ],
    [
      'risks',
      [
        ['Риск', 'Меры по снижению', 'Ответственный'],
        ['Отток кадров', 'Целевой набор', 'УО'],
      ],
    ],
  ])('%s is passed over', (_, rows) => {
    const plan = aTable([HEADINGS, ['1', 'Семинар', 'май', 'ОО']])
    expect(read([aTable(rows), plan, aTable(rows)]).activities.map(told)).toEqual(['1 |  | Семинар | май | ОО | '])
  })

  it('repeated headings and counted columns are no activities', () => {
    const rows = [
      HEADINGS,
      ['1', '2', '3', '4'],
      ['1', 'Семинар', 'май', 'ОО'],
      HEADINGS,
      ['2', 'Совещание', 'июнь', 'УО'],
    ]
    expect(read([aTable(rows)]).activities.map(({ title }) => title)).toEqual(['Семинар', 'Совещание'])
  })
})

describe('headings of sections', () => {
  const row = (number: string, title = 'Семинар') => [number, title, 'май', 'ОО']
  it.each<[string, string[][], string[]]>([
    [
      'across the table',
      [['Раздел 1. Кадры', '→', '→', '→'], row('1'), ['II. Родители', '→', '→', '→'], row('2')],
      ['Кадры', 'Родители'],
    ],
    [
      'a number and words across the rest',
      [['1', 'Кадры', '→', '→'], row('1.1'), ['2.', 'Родители', '→', '→'], row('2.1')],
      ['Кадры', 'Родители'],
    ],
    [
      'in the first cell alone',
      [['1. Кадры', '', '', ''], row('1.1'), ['2. Родители', '', '', ''], row('2.1')],
      ['Кадры', 'Родители'],
    ],
    [
      'in the title alone, with a number that the next ones are inside',
      [['1', 'Кадры', '', ''], row('1.1'), ['2', 'Родители', '', ''], row('2.1')],
      ['Кадры', 'Родители'],
    ],
    [
      'with Roman numerals',
      [['I', 'Кадры', '', ''], row('1'), ['II', 'Родители', '', ''], row('1')],
      ['Кадры', 'Родители'],
    ],
    [
      'in the title alone, without a number',
      [['', 'Кадры', '', ''], row('1'), ['', 'Родители', '', ''], row('2')],
      ['Кадры', 'Родители'],
    ],
    [
      'the same words in every cell',
      [Array(4).fill('Кадры'), row('1'), Array(4).fill('Родители'), row('2')],
      ['Кадры', 'Родители'],
    ],
    [
      'numbers that start over',
      [['1.', 'Кадры', '', ''], row('1.'), row('2.'), ['2.', 'Родители', '', ''], row('1.')],
      ['Кадры', 'Кадры', 'Родители'],
    ],
  ])('%s', (_, rows, sections) => {
    for (const merges of ['marked', 'unmarked'] as const) {
      expect(read([aTable([HEADINGS, ...rows], merges)]).activities.map(({ section }) => section)).toEqual(sections)
    }
  })

  it('as paragraphs between tables', () => {
    const table = (number: string) => aTable([HEADINGS, row(number)])
    const { activities, title } = read(
      ['Кадры', table('1'), '', 'Родители', table('2')],
      'План мероприятий на 2024 год',
    )
    expect([title, ...activities.map(({ section }) => section)]).toEqual([
      'План мероприятий на 2024 год',
      'Кадры',
      'Родители',
    ])
  })

  it('as a column that groups rows', () => {
    const rows = [
      ['Направление', 'Мероприятие', 'Срок', 'Ответственные'],
      ['Кадры', 'Семинар', 'май', 'ОО'],
      ['^', 'Курсы', 'июнь', 'ОО'],
      ['Родители', 'Собрание', 'май', 'ОО'],
    ]
    expect(read([aTable(rows)]).activities.map(told)).toEqual([
      ' | Кадры | Семинар | май | ОО | ',
      ' | Кадры | Курсы | июнь | ОО | ',
      ' | Родители | Собрание | май | ОО | ',
    ])
  })

  it('a numbered row that has neither deadline nor executor is still an activity', () => {
    const { activities } = read([aTable([HEADINGS, row('104'), ['105', 'Взаимодействие', '', ''], row('106')])])
    expect(activities.map(({ number }) => number)).toEqual(['104', '105', '106'])
    expect(activities[1]).toMatchObject({
      schedule: { kind: 'unspecified' },
      warnings: [{ code: 'deadline-missing' }, { code: 'executor-missing' }],
    })
  })
})

describe('rows without a number', () => {
  it.each<[string, string[][], string[]]>([
    [
      'a title that goes on is a piece of the row above',
      [
        ['1', 'Семинар для', 'май', 'ОО'],
        ['', 'учителей физики', '', ''],
      ],
      ['1 |  | Семинар для учителей физики | май | ОО | '],
    ],
    [
      'so is a result or an executor alone',
      [
        ['1', 'Семинар', 'май', 'Методисты и'],
        ['', '', '', 'директора школ'],
      ],
      ['1 |  | Семинар | май | Методисты и директора школ | '],
    ],
    [
      'so is a row whose every cell goes on',
      [
        ['1', 'Обследования на', 'Ежегодно', 'Управление'],
        ['', 'всех уровнях', '2, 4 квартал', 'образования'],
      ],
      ['1 |  | Обследования на всех уровнях | Ежегодно 2, 4 квартал | Управление образования | '],
    ],
    [
      'so is a row whose executors go on',
      [
        ['1', 'Семинар школ', 'май', 'Отдел образования,'],
        ['', 'Озёрского района', '', 'директора школ'],
      ],
      ['1 |  | Семинар школ Озёрского района | май | Отдел образования, директора школ | '],
    ],
    [
      'a list that goes on',
      [
        ['1', 'Совет по вопросам: - программа;', 'в течение года', 'УО,'],
        ['', '- управление качеством', '', 'директора школ'],
      ],
      ['1 |  | Совет по вопросам: - программа; - управление качеством | в течение года | УО, директора школ | '],
    ],
    [
      'a title and a deadline of its own are an activity inside the one above',
      [
        ['3.1', 'Анализ результатов, в том числе', 'ежегодно', 'УО'],
        ['', 'ОГЭ', 'июнь', 'ОО'],
      ],
      ['3.1 |  | Анализ результатов, в том числе | ежегодно | УО | ', ' |  | ОГЭ | июнь | ОО | 3.1'],
    ],
    [
      'a small letter does not make it a piece',
      [
        ['3.1', 'Анализ результатов', 'ежегодно', 'УО'],
        ['', 'по математике', 'июнь', 'ОО'],
      ],
      ['3.1 |  | Анализ результатов | ежегодно | УО | ', ' |  | по математике | июнь | ОО | 3.1'],
    ],
  ])('%s', (_, rows, expected) => {
    expect(read([aTable([HEADINGS, ...rows], 'unmarked')]).activities.map(told)).toEqual(expected)
  })
})

it('a plan written in small letters keeps its rows apart', () => {
  const rows = [
    ['Мероприятие', 'Срок', 'Ответственные'],
    ['проведение семинара', 'март', 'директора школ'],
    ['посещение уроков', 'апрель', 'методисты'],
    ['анализ работ', 'май', 'учителя'],
    ['сверка планов', '', 'методисты'],
  ]
  for (const merges of ['marked', 'unmarked'] as const) {
    const { activities } = read([aTable(rows, merges)])
    expect(activities.map(({ title }) => title)).toEqual([
      'проведение семинара',
      'посещение уроков',
      'анализ работ',
      'сверка планов',
    ])
  }
})

describe('a title alone, in a plan whose headings lie across the table', () => {
  const rows = (title: string) => [
    HEADINGS,
    ['Раздел', '→', '→', '→'],
    ['1', title, 'май', 'ОО'],
    ['', 'Озёрского района', '', ''],
  ]
  it.each<[string, Table['merges'], string, string[]]>([
    ['was cut off from the row above', 'unmarked', 'Семинар школ', ['Семинар школ Озёрского района']],
    ['is a row of its own below a whole sentence', 'unmarked', 'Семинар школ.', ['Семинар школ.', 'Озёрского района']],
    ['is a row of its own in Word, which cuts no rows', 'marked', 'Семинар школ', ['Семинар школ', 'Озёрского района']],
  ])('%s', (_, merges, title, titles) => {
    expect(read([aTable(rows(title), merges)]).activities.map((activity) => activity.title)).toEqual(titles)
  })
})

describe('what is inherited', () => {
  it.each<[string, Table['merges'], string[][], string[]]>([
    [
      'merged cells say what the cell above says',
      'marked',
      [
        ['1', 'А', 'май', 'ОО'],
        ['2', 'Б', '^', '^'],
        ['3', 'В', '^', 'УО'],
      ],
      ['май ОО', 'май ОО', 'май УО'],
    ],
    [
      'an empty cell that is not merged says nothing',
      'marked',
      [
        ['1', 'А', 'май', 'ОО'],
        ['2', 'Б', 'июнь', ''],
      ],
      ['май ОО', 'июнь '],
    ],
    [
      'in plain text the missing one of the two is inherited',
      'unmarked',
      [
        ['1', 'А', 'май', 'ОО'],
        ['2', 'Б', 'июнь', ''],
        ['3', 'В', '', 'УО'],
      ],
      ['май ОО', 'июнь ОО', 'июнь УО'],
    ],
    [
      'in plain text a row with neither inherits nothing',
      'unmarked',
      [
        ['1', 'А', 'май', 'ОО'],
        ['2', 'Б', '', ''],
      ],
      ['май ОО', ' '],
    ],
    [
      'nothing is inherited over a heading',
      'unmarked',
      [
        ['1', 'А', 'май', 'ОО'],
        ['Раздел', '→', '→', '→'],
        ['2', 'Б', 'июнь', ''],
      ],
      ['май ОО', 'июнь '],
    ],
    [
      'a ditto mark is as above',
      'marked',
      [
        ['1', 'А', 'май', 'ОО'],
        ['2', 'Б', '-//-', 'то же'],
      ],
      ['май ОО', 'май ОО'],
    ],
  ])('%s', (_, merges, rows, expected) => {
    const { activities } = read([aTable([HEADINGS, ...rows], merges)])
    expect(activities.map(({ deadlineText, responsibleText }) => `${deadlineText} ${responsibleText}`)).toEqual(
      expected,
    )
  })
})

describe('a list of parts with a date for each', () => {
  it.each<[string, string, string, string[]]>([
    [
      'marks and a comma list',
      '- семинар в школе А; - семинар в школе Б.',
      'Февраль, апрель 2024',
      ['семинар в школе А 2024-02-29', 'семинар в школе Б 2024-04-30'],
    ],
    [
      'paragraphs and paragraphs',
      'Цикл встреч: / первая; / вторая; / третья',
      'март 2024 / май 2024 / сентябрь-октябрь 2024',
      ['первая 2024-03-31', 'вторая 2024-05-31', 'третья 2024-10-31'],
    ],
    [
      'one line of dates',
      'Клуб: – дебют; – эндшпиль',
      'Март 2024 Ноябрь 2024',
      ['дебют 2024-03-31', 'эндшпиль 2024-11-30'],
    ],
    [
      'numbered brackets',
      'Практикумы: 1) чтение; 2) счёт',
      '15.03.2024, 20.05.2024',
      ['чтение 2024-03-15', 'счёт 2024-05-20'],
    ],
    [
      'dates in another order',
      '- осень; - весна',
      'Ноябрь, апрель 2024 года',
      ['осень 2024-11-30', 'весна 2024-04-30'],
    ],
    [
      'dates after a closing quotation mark',
      'Школа: - «Первый шаг» - «Второй шаг»',
      'март, май 2024',
      ['«Первый шаг» 2024-03-31', '«Второй шаг» 2024-05-31'],
    ],
    ['more parts than dates are no such list', '- а; - б; - в', 'март, май 2024', []],
    [
      'parts inside one sentence are no list',
      'Проведение промежуточного и итогового мониторинга',
      'март, май 2024',
      [],
    ],
    ['a hyphen inside a word is no mark', 'Семинар-практикум и мастер-класс', 'март, май 2024', []],
    ['a repetition is no list of dates', '- а; - б; - в; - г', '1 раз в квартал', []],
  ])('%s', (_, title, deadline, expected) => {
    const [whole, ...parts] = read([aTable([HEADINGS, ['4.2', title, deadline, 'МБОУ СОШ № 4']])]).activities
    expect(parts.map((part) => `${part.title} ${part.schedule.windows[0]?.due}`)).toEqual(expected)
    expect(parts.map(({ number }) => number)).toEqual(expected.map((_, at) => `4.2/${at + 1}`))
    expect(parts.every(({ parent, executors }) => parent === '4.2' && executors.join() === 'named-schools')).toBe(true)
    expect(whole).toMatchObject({ number: '4.2', parent: null, title: title.replaceAll(' / ', ' ') })
    if (expected.length > 0) expect(whole?.schedule.windows).toHaveLength(expected.length)
  })
})

describe('numbers', () => {
  it.each([
    ['1.', '1'],
    ['34.1.2.', '34.1.2'],
    ['2.10', '2.10'],
    ['№ 3', '3'],
    ['4)', '4)'],
    ['а)', 'а)'],
  ])('«%s» is %s', (printed, number) => {
    expect(read([aTable([HEADINGS, [printed, 'Семинар', 'май', 'ОО']])]).activities[0]?.number).toBe(number)
  })

  it('stand in the title where there is no column for them', () => {
    const rows = [
      ['Мероприятие', 'Срок', 'Ответственные'],
      ['1.1. Семинар', 'май', 'ОО'],
      ['2) Курсы', 'май', 'ОО'],
      ['3 урока мужества', 'май', 'ОО'],
    ]
    expect(read([aTable(rows)]).activities.map(({ number, title }) => `${number}|${title}`)).toEqual([
      '1.1|Семинар',
      '2)|Курсы',
      '|3 урока мужества',
    ])
  })
})

describe('title and period', () => {
  it.each<[string, string[], string]>([
    [
      'lines that go on',
      ['УТВЕРЖДАЮ', 'Начальник отдела', 'ПЛАН', 'мероприятий по поддержке', 'школ района', 'на 2024 год'],
      'ПЛАН мероприятий по поддержке школ района на 2024 год',
    ],
    [
      'an appendix above it',
      ['Приложение 1', 'к приказу от 12.01.2024 № 5', 'Дорожная карта «Школа успеха»', '', 'на 2024 год'],
      'Дорожная карта «Школа успеха» на 2024 год',
    ],
    [
      'words of explanation below it',
      ['План работы с ШНОР на 2024 год', 'Пояснительная записка', 'План разработан на основании приказа.'],
      'План работы с ШНОР на 2024 год',
    ],
    [
      'a name of its own',
      ['Муниципальный проект', '«Помощь рядом» на 2024 год'],
      'Муниципальный проект «Помощь рядом» на 2024 год',
    ],
  ])('%s', (_, paragraphs, title) => {
    const [first = '', ...others] = paragraphs
    expect(read([...others, aTable([HEADINGS, ['1', 'Семинар', 'май', 'ОО']])], first).title).toBe(title)
  })

  it('the period that is given wins over the title, the title over the deadlines', () => {
    const period = { from: Temporal.PlainDate.from('2030-09-01'), to: Temporal.PlainDate.from('2031-08-31') }
    const blocks = [
      { kind: 'paragraph' as const, line: paragraphLine('План на 2024 год') },
      aTable([HEADINGS, ['1', 'Семинар', 'май 2025', 'ОО']]),
    ]
    const given = readRoadmap({ format: 'docx', blocks }, deadlineReader, { period })
    expect(given.ok && given.value.period).toEqual(period)
    expect(read([aTable([HEADINGS, ['1', 'Семинар', 'май 2025', 'ОО']])]).period.to.toString()).toBe('2024-12-31')
    expect(read([aTable([HEADINGS, ['1', 'Семинар', 'май 2025', 'ОО']])], 'План').period.to.toString()).toBe(
      '2025-05-31',
    )
  })

  it('a plan that names no year is refused, and a document without a plan', () => {
    const refusal = (blocks: Table[]) => readRoadmap({ format: 'docx', blocks }, deadlineReader)
    expect(refusal([aTable([HEADINGS, ['1', 'Семинар', 'май', 'ОО']])])).toEqual({
      ok: false,
      refusal: { code: 'no-period' },
    })
    expect(refusal([aTable([['а', 'б']])])).toEqual({ ok: false, refusal: { code: 'no-roadmap' } })
  })
})

it('what a methodologist would ask is asked', () => {
  const rows = [
    HEADINGS,
    ['1', 'Семинар', 'когда-нибудь', 'Петров П. П.'],
    ['2', '', 'май', 'ОО'],
    ['3', 'Т'.repeat(6_000), 'до мая 2024', 'ОО'],
  ]
  const { activities } = read([aTable(rows)])
  expect(activities.map(({ warnings }) => warnings.map(({ code }) => code))).toEqual([
    ['deadline-not-understood', 'executor-unknown'],
    ['title-missing'],
    ['text-long', 'deadline-ambiguous'],
  ])
})
