import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LONGEST_LIST, readPersonList, roleInWords } from '../../src/people/person-list.ts'
import { findOrganizations, schoolNamesOf } from '../../src/people/school-names.ts'

const REGISTER = [
  { id: 1, name: 'МБОУ «Средняя общеобразовательная школа № 1»', shortName: 'СОШ № 1' },
  { id: 2, name: 'МБОУ СОШ № 12', shortName: 'СОШ № 12' },
  { id: 3, name: 'МБОУ СОШ с. Берёзовка', shortName: 'Берёзовка' },
  { id: 4, name: 'МБОУ СОШ пос. Берёзовка-2', shortName: 'Берёзовка-2' },
]

describe('a school is found', () => {
  it.each`
    words                  | found
    ${'СОШ № 1'}           | ${[1]}
    ${'сош №1'}            | ${[1]}
    ${'школа 1'}           | ${[1]}
    ${'1'}                 | ${[1]}
    ${'МБОУ СОШ N 12'}     | ${[2]}
    ${'с. Березовка'}      | ${[3]}
    ${'Берёзовка'}         | ${[3]}
    ${'СОШ № 1; СОШ № 12'} | ${[1, 2]}
    ${'школа 1, школа 12'} | ${[1, 2]}
    ${'СОШ № 1; школа 1'}  | ${[1]}
  `('by «$words»', ({ words, found }) => {
    expect(findOrganizations(words, REGISTER)).toEqual({ ok: true, value: found })
  })

  it.each`
    words                  | code
    ${'СОШ № 77'}          | ${'unknown-school'}
    ${''}                  | ${'unknown-school'}
    ${'МБОУ СОШ'}          | ${'ambiguous-school'}
    ${'СОШ № 1; СОШ № 77'} | ${'unknown-school'}
  `('never by a guess: «$words» is $code', ({ words, code }) => {
    expect(findOrganizations(words, REGISTER)).toMatchObject({ ok: false, refusal: { code } })
  })
})

describe('a role in words', () => {
  it.each`
    words                             | role
    ${'директор'}                     | ${'head'}
    ${'И.о. директора'}               | ${'head'}
    ${'заместитель директора по УВР'} | ${'deputy'}
    ${'зам. директора'}               | ${'deputy'}
    ${'методист'}                     | ${'curator'}
    ${'муниципальный координатор'}    | ${'coordinator'}
    ${'член совета'}                  | ${'council'}
    ${'повар'}                        | ${null}
    ${''}                             | ${null}
  `('«$words»: $role', ({ words, role }) => {
    expect(roleInWords(words)).toBe(role)
  })
})

describe('a list', () => {
  it('may have its columns in any order, and a title above them', () => {
    const rows = [
      ['Список участников'],
      ['Телефон', 'Должность', 'Школа', 'Ф.И.О.'],
      ['8 900 111 22 33', 'директор', '1', 'Орлова Мария Петровна'],
    ]
    expect(readPersonList(rows, REGISTER, 99)).toEqual({
      people: [{ line: 3, name: 'Орлова Мария Петровна', role: 'head', organizationIds: [1], phone: '79001112233' }],
      problems: [],
      rowsLeftOut: 0,
    })
  })

  it('needs no titles in the order of the template; coordinators belong to the department', () => {
    expect(readPersonList([['Ветрова Ольга Павловна', 'координатор']], REGISTER, 99).people).toEqual([
      { line: 1, name: 'Ветрова Ольга Павловна', role: 'coordinator', organizationIds: [99], phone: null },
    ])
  })

  it('takes every row as a person or names it as a problem: none is dropped', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('Орлова Мария Петровна', 'директор', '1', '+79001112233', ''))
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 30 }), (rows) => {
        const list = readPersonList([['ФИО', 'Роль', 'Школы', 'Телефон'], ...rows], REGISTER, 99)
        const filled = rows.filter((cells) => cells.some((one) => one.trim() !== ''))
        const lines = [...list.people, ...list.problems].map((one) => one.line)
        expect(new Set(lines).size).toBe(lines.length)
        expect(lines.length).toBe(filled.length)
      }),
    )
  })

  it('is cut where it is too long to be true, and says so', () => {
    const rows = Array.from({ length: LONGEST_LIST + 7 }, () => ['x'])
    expect(readPersonList(rows, REGISTER, 99).rowsLeftOut).toBe(7)
  })
})

describe('pasted names of schools', () => {
  it('lose bullets, numbers and closing signs; each is there once', () => {
    expect(schoolNamesOf('1. СОШ № 1;\n• СОШ № 2,\n\n- сош №1\n!!!')).toEqual({
      names: ['СОШ № 1', 'СОШ № 2'],
      wrong: ['!!!'],
    })
  })
})
