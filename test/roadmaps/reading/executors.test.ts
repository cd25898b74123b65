import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { executorExamples, executorsOf, namedSchools } from '../../../src/roadmaps/reading/executors.ts'

describe('who reports is told by the words of the cell', () => {
  it.each`
    cell                                                       | executors                    | because
    ${'ОО'}                                                    | ${'schools'}                 | ${'every school of the programme'}
    ${'Руководители ОО'}                                       | ${'schools'}                 | ${'they head every school'}
    ${'Руководитель ОУ'}                                       | ${'schools'}                 | ${'the singular means each of them'}
    ${'Администрация и педагоги ОО'}                           | ${'schools'}                 | ${'of a school, not of a town'}
    ${'рабочая группа ОО'}                                     | ${'schools'}                 | ${'the group is the school’s own'}
    ${'Директора, заместители директоров школ'}                | ${'schools'}                 | ${'the first belong to the body of the second'}
    ${'Школы, показывающие устойчиво низкие результаты'}       | ${'schools'}                 | ${'they are the programme'}
    ${'Психологическая служба школы'}                          | ${'schools'}                 | ${'not the district’s'}
    ${'МОУ СОШ с. Поима'}                                      | ${'named-schools'}           | ${'a name'}
    ${'МБОУ ЦО №№ 17, 24'}                                     | ${'named-schools'}           | ${'numbers'}
    ${'руководители школ-наставников'}                         | ${'named-schools'}           | ${'mentors are few'}
    ${'ОО – сетевые партнёры'}                                 | ${'named-schools'}           | ${'partners are few'}
    ${'Ведущие школы района'}                                  | ${'named-schools'}           | ${'strong schools are few'}
    ${'руководители ОО, имеющих стабильно высокие результаты'} | ${'named-schools'}           | ${'strong schools, described'}
    ${'Управление образования'}                                | ${'municipal'}               | ${'the department'}
    ${'УПРАВЛЕНИЕ ОБРАЗОВАНИЯ'}                                | ${'municipal'}               | ${'capitals change nothing'}
    ${'Муниципальная рабочая группа по сопровождению ОО'}      | ${'municipal'}               | ${'the schools are what it works on'}
    ${'Куратор школы-участницы проекта'}                       | ${'municipal'}               | ${'a curator is the department’s'}
    ${'Руководители РМО'}                                      | ${'municipal'}               | ${'heads of subject associations'}
    ${'Специалисты психологической службы района'}             | ${'municipal'}               | ${'a service of the district'}
    ${'УО МКУ «ИМЦ» ОО'}                                       | ${'schools municipal'}       | ${'lines of the cell were run together'}
    ${'Управление образования Руководители ОУ'}                | ${'schools municipal'}       | ${'a capital begins the next one'}
    ${'УО совместно с ОО'}                                     | ${'schools municipal'}       | ${'both do it'}
    ${'Методический центр, МБОУ «Лицей № 2»'}                  | ${'named-schools municipal'} | ${'a centre and a school'}
    ${'Муниципальные общеобразовательные организации'}         | ${'schools'}                 | ${'schools, whoever owns them'}
    ${'Иванова И.И.'}                                          | ${''}                        | ${'a bare name tells no role'}
    ${'ГАУ ДПО «Институт развития образования»'}               | ${''}                        | ${'nobody of the programme'}
    ${''}                                                      | ${''}                        | ${'nothing is said'}
  `('«$cell» is [$executors]: $because', ({ cell, executors }) => {
    expect(executorsOf(cell).executors.join(' ')).toBe(executors)
  })

  it('each rule has an example that it reads as it says', () => {
    const told = { schools: 'schools', 'named-schools': 'named-schools', municipal: 'municipal' } as Record<
      string,
      string
    >
    for (const { sense, example } of executorExamples) {
      const expected = told[sense]
      if (expected)
        expect([example, executorsOf(example).executors]).toEqual([example, expect.arrayContaining([expected])])
    }
  })

  it('a cell of executors is read the same with a comma, a semicolon or a new line between them', () => {
    const one = fc.constantFrom(
      'УО',
      'ОО',
      'Директора школ',
      'МКУ «ИМЦ»',
      'Муниципальный координатор',
      'МБОУ СОШ № 4',
      'Школы-наставники',
      'Методисты',
    )
    fc.assert(
      fc.property(fc.uniqueArray(one, { minLength: 1, maxLength: 5 }), (cells) => {
        const [commas, semicolons, lines] = [', ', '; ', '\n'].map((sign) => executorsOf(cells.join(sign)).executors)
        const each = new Set(cells.flatMap((cell) => executorsOf(cell).executors))
        expect(new Set(commas)).toEqual(each)
        expect(semicolons).toEqual(commas)
        expect(lines).toEqual(commas)
      }),
    )
  })

  it('any text is read without an exception and in no time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (cell) => {
        expect(Array.isArray(executorsOf(cell).executors)).toBe(true)
      }),
    )
    expect(executorsOf('школ, '.repeat(2_000)).executors).toEqual(['schools'])
    expect(executorsOf('ОО показывающие '.repeat(800)).executors).toEqual(['schools'])
  })
})

describe('schools that a cell names', () => {
  it.each([
    ['МБОУ ЦО №№ 17, 24 и 29', ['МБОУ ЦО № 17', 'МБОУ ЦО № 24', 'МБОУ ЦО № 29']],
    ['Директор МОУ СОШ с. Поима и директор МОУ СОШ с. Студенки', ['МОУ СОШ с. Поима', 'МОУ СОШ с. Студенки']],
    ['УО, школы № 5, 7', ['школы № 5', 'школы № 7']],
    ['МАОУ «Гимназия № 1», МБОУ «Лицей № 2»', ['МАОУ «Гимназия № 1»', 'МБОУ «Лицей № 2»']],
    ['Алексеевская ОШ № 4', ['Алексеевская ОШ № 4']],
    ['Школы-наставники', []],
    ['ОО', []],
  ])('«%s»', (cell, names) => {
    expect(namedSchools(cell)).toEqual(names)
  })
})
