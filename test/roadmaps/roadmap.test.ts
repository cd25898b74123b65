import { describe, expect, it } from 'vitest'
import { findActivities } from '../../src/roadmaps/find-activities.ts'
import { hasColumns, looksLikeTable } from '../../src/roadmaps/pasted-table.ts'
import { doubtsOf, sameQuestions, unmatchedNames } from '../../src/roadmaps/roadmap.ts'
import { typedReadings } from '../../src/roadmaps/typed-date.ts'
import { anActivity, day, windows } from '../support/roadmaps.ts'

const ambiguous = { ...windows('2026-03-01/2026-03-31'), ambiguous: true }

describe('what is doubtful about an activity', () => {
  it.each`
    given                                                                   | doubts                      | because
    ${{}}                                                                   | ${[]}                       | ${'all is understood'}
    ${{ schedule: ambiguous }}                                              | ${['deadline']}             | ${'the date is a guess'}
    ${{ schedule: ambiguous, confirmed: true }}                             | ${[]}                       | ${'the coordinator confirmed it'}
    ${{ schedule: { kind: 'unscheduled', windows: [], ambiguous: false } }} | ${[]}                       | ${'it has no date by its nature'}
    ${{ executors: [] }}                                                    | ${['executor']}             | ${'nobody would report'}
    ${{ schedule: ambiguous, executors: [] }}                               | ${['deadline', 'executor']} | ${'both, the date first'}
    ${{ executors: ['named-schools'] }}                                     | ${['schools']}              | ${'no school is known'}
    ${{ executors: ['named-schools'], unmatchedSchools: ['СОШ № 9'] }}      | ${[]}                       | ${'its name is asked about elsewhere'}
    ${{ executors: ['named-schools'], namedOrganizationIds: [3] }}          | ${[]}                       | ${'the school is known'}
    ${{ executors: ['named-schools', 'municipal'] }}                        | ${[]}                       | ${'the coordinator passed over its names, others carry it out'}
    ${{ schedule: ambiguous, leftOut: true }}                               | ${[]}                       | ${'it makes no tasks'}
    ${{ schedule: ambiguous, isWhole: true }}                               | ${[]}                       | ${'its parts are asked about'}
  `('$doubts: $because', ({ given, doubts }) => {
    expect(doubtsOf(anActivity(given))).toEqual(doubts)
  })

  it('schools that the document does not name are asked about beside others', () => {
    const given = {
      executors: ['named-schools', 'municipal'] as const,
      warnings: [{ code: 'schools-unnamed' as const }],
    }
    expect(doubtsOf(anActivity({ ...given, executors: [...given.executors] }))).toEqual(['schools'])
  })

  it('the same words are the same question; words that are missing are not', () => {
    const rows = [
      anActivity({ id: 1, schedule: ambiguous, deadlineText: 'до мая' }),
      anActivity({ id: 2, schedule: ambiguous, deadlineText: 'до мая' }),
      anActivity({ id: 3, schedule: ambiguous, deadlineText: 'до июня' }),
      anActivity({ id: 4, schedule: ambiguous, deadlineText: 'до мая', confirmed: true }),
      anActivity({ id: 5, schedule: ambiguous, deadlineText: '' }),
      anActivity({ id: 6, schedule: ambiguous, deadlineText: '' }),
    ]
    expect(sameQuestions(rows, rows[0]!, 'deadline').map(({ id }) => id)).toEqual([2])
    expect(sameQuestions(rows, rows[4]!, 'deadline')).toEqual([])
  })

  it('a name is asked about once, and not where no tasks are wanted', () => {
    const rows = [['А', 'Б'], ['Б'], ['В']].map((unmatchedSchools, at) =>
      anActivity({ unmatchedSchools, leftOut: at === 2 }),
    )
    expect(unmatchedNames(rows)).toEqual(['А', 'Б'])
  })
})

describe('finding an activity', () => {
  const rows = [
    anActivity({ id: 1, number: '1.1', title: 'Издать приказ о школьной команде' }),
    anActivity({ id: 2, number: '1.10', title: 'Провести школьный аудит', responsibleText: 'Методисты' }),
    anActivity({ id: 3, number: '2.1', title: 'Собрать команды школ', section: 'Наставничество' }),
    anActivity({ id: 4, number: '2.1', title: 'Итоги наставничества' }),
  ]
  it.each`
    words                | found     | because
    ${'1.1'}             | ${[1]}    | ${'that number and not 1.10'}
    ${'п. 1.10.'}        | ${[2]}    | ${'people write it so'}
    ${'2.1'}             | ${[3, 4]} | ${'two have that number'}
    ${'1'}               | ${[1, 2]} | ${'all that are numbered below it'}
    ${'команда'}         | ${[1, 3]} | ${'other endings'}
    ${'приказ команде'}  | ${[1]}    | ${'all of the words'}
    ${'наставничеством'} | ${[3, 4]} | ${'the section counts too'}
    ${'методист'}        | ${[2]}    | ${'so does the executor'}
    ${'ёлка'}            | ${[]}     | ${'nothing has it'}
    ${'!?'}              | ${[]}     | ${'no word is said'}
  `('«$words» finds $found: $because', ({ words, found }) => {
    expect(findActivities(rows, words).map(({ id }) => id)).toEqual(found)
  })
})

describe('pasted words', () => {
  it.each`
    text                                                      | table    | because
    ${'1\tА\tмарт\n2\tБ\tмай\n3\tВ\tиюнь'}                    | ${true}  | ${'cells are parted by tabs'}
    ${'1 | А | март\n2 | Б | май\n3 | В | июнь'}              | ${true}  | ${'cells are parted by bars'}
    ${'№ Мероприятие Срок\n1 А март\n2 Б май'}                | ${true}  | ${'the headings tell, although the columns are lost'}
    ${'сделали вчера\nбыли 24 педагога'}                      | ${false} | ${'it is a reply'}
    ${'Коллеги!\nНа мероприятие приходите в срок.\nСпасибо.'} | ${false} | ${'sentences are no headings'}
    ${'1\tА\n2\tБ'}                                           | ${false} | ${'too short for a table'}
    ${''}                                                     | ${false} | ${'nothing is there'}
  `('$table: $because', ({ text, table }) => {
    expect(looksLikeTable(text)).toBe(table)
  })

  it('without tabs or bars nobody can tell the columns', () => {
    expect(hasColumns('№ Мероприятие Срок\n1 А март\n2 Б май')).toBe(false)
  })
})

describe('a date in the coordinator’s words', () => {
  const twoYears = { from: day('2025-01-01'), to: day('2026-12-31') }
  const oneYear = { from: day('2026-01-01'), to: day('2026-12-31') }
  const dues = (words: string, period = oneYear, schedule = windows('2026-03-01/2026-03-31')) =>
    typedReadings(words, { schedule }, period).map((reading) => reading.windows.map(({ due }) => due.toString()))

  it('that is clear is taken as it is', () => {
    expect(dues('до 20 апреля')).toEqual([['2026-04-20']])
    expect(dues('март, сентябрь')).toEqual([['2026-03-31', '2026-09-30']])
  })

  it('without a year means the year in which the activity was due', () => {
    expect(dues('до 20 апреля', twoYears)).toEqual([['2026-04-20']])
    expect(dues('до 20 апреля', twoYears, windows('2025-03-01/2025-03-31'))).toEqual([['2025-04-20']])
  })

  it('that leaves several readings is asked about', () => {
    expect(dues('до мая')).toEqual([['2026-04-30'], ['2026-05-31']])
    expect(
      dues('до 20 апреля', twoYears, { kind: 'unscheduled', windows: [], ambiguous: false }).length,
    ).toBeGreaterThan(1)
  })

  it('that is none has no reading', () => {
    expect(dues('когда рак свистнет')).toEqual([])
  })
})
