import { schoolYearOf } from '../../calendar/spans.ts'
import { writeWordTable } from '../../documents/write/word.ts'
import type { PlainDate } from '../../kernel/clock.ts'

/** The roadmap of the example municipality, for the school year of `today` (from June on: the coming one): a Word file as a department would send it. */
export function exampleRoadmap(today: PlainDate): Sample {
  const { first, second } = yearsOf(today)
  return { name: `Дорожная карта ${first}-${second}.docx`, bytes: documentOf(first, second, rowsOf(first, second)) }
}

/** The same roadmap as the department changes it later: a deadline moved, an activity new, another gone. */
export function changedRoadmap(today: PlainDate): Sample {
  const { first, second } = yearsOf(today)
  const rows = rowsOf(first, second)
    .filter(([number]) => number !== '3.4')
    .flatMap((row) => {
      if (row[0] === '1.4') return [row.map((cell, column) => (column === 2 ? `до 20 ноября ${first} года` : cell))]
      if (row[0] !== '3.3') return [row]
      return [row, ['3.5', 'Провести день открытых уроков', `до 10 декабря ${first} года`, 'ОО', 'Фотографии']]
    })
  return {
    name: `Дорожная карта ${first}-${second}, новая редакция.docx`,
    bytes: documentOf(first, second, rows),
  }
}

type Sample = { name: string; bytes: Uint8Array }

function yearsOf(today: PlainDate): { first: number; second: number } {
  const first = today.month >= 6 && today.month <= 8 ? today.year : schoolYearOf(today).startYear
  return { first, second: first + 1 }
}

function documentOf(first: number, second: number, rows: string[][]): Uint8Array {
  return writeWordTable({
    title: `Дорожная карта поддержки школ с низкими образовательными результатами Заречного района на ${first}-${second} учебный год`,
    columns: [
      { title: '№ п/п', width: 900 },
      { title: 'Мероприятие', width: 5600 },
      { title: 'Срок', width: 2300 },
      { title: 'Ответственные', width: 2900 },
      { title: 'Ожидаемый результат', width: 3300 },
    ],
    rows,
  })
}

function rowsOf(first: number, second: number): string[][] {
  return [
    ['1. Организация работы'],
    [
      '1.1',
      'Назначить в школе ответственного за программу поддержки',
      `до 15 сентября ${first} года`,
      'Руководители ОО',
      'Приказ школы',
    ],
    [
      '1.2',
      'Утвердить состав районной рабочей группы и список кураторов',
      `Сентябрь ${first} года`,
      'Управление образования',
      'Приказ управления образования',
    ],
    [
      '1.3',
      'Провести собеседования с командами школ-участниц',
      `Октябрь ${first} года`,
      'Муниципальный координатор, кураторы',
      'Протоколы собеседований',
    ],
    [
      '1.4',
      'Заполнить карту рисков школы и согласовать её с куратором',
      `до 30 октября ${first} года`,
      'Школы – участники программы',
      'Карта рисков',
    ],
    ['2. Качество обучения'],
    [
      '2.1',
      'Провести входные работы по русскому языку и математике в 5 и 9 классах',
      `с 14 по 25 сентября ${first} года`,
      'ОО',
      'Справка по итогам работ',
    ],
    [
      '2.2',
      'Разобрать результаты диагностики на педагогическом совете школы',
      `Ноябрь ${first} года, март ${second} года`,
      'Администрация ОО',
      'Протокол педагогического совета',
    ],
    [
      '2.3',
      'Составить маршруты помощи ученикам с риском неуспеха',
      `до 1 декабря ${first} года`,
      'Администрация и педагоги ОО',
      'План индивидуальной работы',
    ],
    [
      '2.4',
      'Проводить дополнительные занятия для девятиклассников',
      'в течение учебного года',
      'ОО',
      'Расписание занятий',
    ],
    ['2.5', 'Отчитаться о посещаемости дополнительных занятий', '1 раз в квартал', 'ОО', 'Справка'],
    [
      '2.6',
      'Провести пробный экзамен по математике в 9 классах',
      `Февраль ${second} года`,
      'ОО',
      'Аналитическая справка',
    ],
    ['3. Помощь учителям'],
    [
      '3.1',
      'Семинар «Как читать результаты оценочных процедур»',
      `до декабря ${first} года`,
      'Методический центр',
      'Материалы семинара',
    ],
    [
      '3.2',
      'Взаимные уроки учителей школ-участниц и школ-наставников',
      `Январь – апрель ${second} года`,
      'Школы-наставники, школы – участники программы',
      'Фотографии и листы наблюдений',
    ],
    [
      '3.3',
      'Курсы повышения квалификации учителей математики и русского языка',
      `до 30 апреля ${second} года`,
      'ОО',
      'Копии удостоверений',
    ],
    ['3.4', 'Консультации методистов', 'по запросу', 'Методический центр', 'Журнал консультаций'],
    ['4. Итоги'],
    [
      '4.1',
      'Сдать отчёт о выполнении школьной программы',
      `до 25 мая ${second} года`,
      'Руководители ОО',
      'Отчёт школы',
    ],
    [
      '4.2',
      'Обсудить итоги года на совете руководителей',
      `Июнь ${second} года`,
      'Управление образования',
      'Протокол совета',
    ],
  ]
}
