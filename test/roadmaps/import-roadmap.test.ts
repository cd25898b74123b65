import { describe, expect, it } from 'vitest'
import { activitiesOf, decisionsThatHold } from '../../src/roadmaps/import-roadmap.ts'
import type { Register } from '../../src/roadmaps/ports.ts'
import type { ActivityDraft } from '../../src/roadmaps/reading/draft.ts'
import { anActivity, day, windows } from '../support/roadmaps.ts'

const register: Register = {
  schools: ['СОШ № 5', 'СОШ с. Ивановка'].map((name, at) => ({ id: at + 1, name, shortName: name })),
  evidenceRequired: false,
  paperName: (paper) => `бумага ${paper}`,
}

function aRow(given: Partial<ActivityDraft> = {}): ActivityDraft {
  return {
    number: '1.1',
    section: 'Организация',
    title: 'Семинар',
    deadlineText: 'Март 2026',
    schedule: windows('2026-03-01/2026-03-31'),
    responsibleText: 'ОО',
    executors: ['schools'],
    schools: [],
    expectedResult: 'Приказ',
    papers: ['order'],
    needsEvidence: false,
    needsApproval: false,
    parent: null,
    warnings: [],
    ...given,
  }
}

const imported = (rows: ActivityDraft[], given: Partial<Register> = {}) =>
  activitiesOf(
    { title: 'План', period: { from: day('2026-01-01'), to: day('2026-12-31') }, activities: rows },
    { ...register, ...given },
  )

describe('what is read becomes activities of the municipality', () => {
  it('in the order of the document, with papers in words', () => {
    const [first, second] = imported([aRow(), aRow({ number: '1.2' })])
    expect([first?.position, second?.position]).toEqual([0, 1])
    expect(first?.expectedPapers).toEqual(['бумага order'])
  })

  it('named schools are looked up; those that are not certain are kept as written', () => {
    const [row] = imported([aRow({ executors: ['named-schools'], schools: ['МБОУ СОШ №5', 'СОШ № 9', 'СОШ № 5'] })])
    expect(row).toMatchObject({ namedOrganizationIds: [1], unmatchedSchools: ['СОШ № 9'], warnings: [] })
  })

  it('schools that nobody names are asked about', () => {
    const [row] = imported([aRow({ executors: ['named-schools'] })])
    expect(row?.warnings).toEqual([{ code: 'schools-unnamed' }])
  })

  it('a list of parts is a whole; an unnumbered row below another is not its part', () => {
    const rows = imported([
      aRow({ number: '4.1' }),
      aRow({ number: '4.1/1', parent: '4.1' }),
      aRow({ number: '4.2' }),
      aRow({ number: '', parent: '4.2' }),
    ])
    expect(rows.map(({ isWhole }) => isWhole)).toEqual([true, false, false, false])
  })

  it('parts belong to the whole of their own section, where numbers start over', () => {
    const rows = imported([
      aRow({ section: 'А', number: '1' }),
      aRow({ section: 'Б', number: '1' }),
      aRow({ section: 'Б', number: '1/1', parent: '1' }),
    ])
    expect(rows.map(({ isWhole }) => isWhole)).toEqual([false, true, false])
  })

  it('a municipality that asks for evidence of everything gets it', () => {
    expect(imported([aRow()], { evidenceRequired: true })[0]?.needsEvidence).toBe(true)
  })
})

describe('decisions that hold for a newer version', () => {
  const decided = anActivity({
    confirmed: true,
    schedule: windows('2026-04-01/2026-04-30'),
    executors: ['municipal'],
    needsEvidence: false,
    leftOut: true,
  })
  it.each`
    changed                              | kept                                          | because
    ${{}}                                | ${['schedule', 'executors', 'needsEvidence']} | ${'the document says the same'}
    ${{ deadlineText: 'Май 2026 года' }} | ${['executors', 'needsEvidence']}             | ${'its deadline is a new one'}
    ${{ responsibleText: 'УО' }}         | ${['schedule', 'needsEvidence']}              | ${'others carry it out now'}
    ${{ expectedResult: 'Фотоотчёт' }}   | ${['schedule', 'executors']}                  | ${'something else is expected'}
  `('$kept: $because', ({ changed, kept }) => {
    const held = decisionsThatHold(decided, anActivity(changed))
    expect(['schedule', 'executors', 'needsEvidence'].filter((field) => field in held)).toEqual(kept)
    expect(held.leftOut).toBe(true)
  })

  it('a deadline that nobody confirmed is read anew', () => {
    expect(decisionsThatHold({ ...decided, confirmed: false }, anActivity())).not.toHaveProperty('schedule')
  })
})
