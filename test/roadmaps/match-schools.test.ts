import { describe, expect, it } from 'vitest'
import { matchSchool } from '../../src/roadmaps/match-schools.ts'

const register = [
  'МБОУ СОШ № 5',
  'МБОУ «Гимназия № 5»',
  'МБОУ СОШ № 24 г. Озёрска',
  'МБОУ ООШ № 7',
  'МОУ СОШ с. Ивановка',
  'МОУ ООШ с. Малая Ивановка',
  'МБОУ «Лицей «Созвездие»',
  'МКОУ Берёзовская СОШ',
  'МБОУ ЦО № 17',
].map((name, at) => ({ id: at + 1, name, shortName: name }))

const idOf = (name: string) => register.find((school) => school.name.includes(name))?.id

describe('a school that a document names is certainly', () => {
  it.each`
    name                           | school               | because
    ${'МБОУ СОШ № 24'}             | ${'№ 24'}            | ${'its number'}
    ${'СОШ №24'}                   | ${'№ 24'}            | ${'a number without a space'}
    ${'МБОУ «Средняя школа № 24»'} | ${'№ 24'}            | ${'the words that СОШ stands for'}
    ${'школа № 024'}               | ${'№ 24'}            | ${'zeros in front of a number'}
    ${'МБОУ «Гимназия № 5»'}       | ${'Гимназия № 5'}    | ${'the kind where two have the number'}
    ${'СОШ № 5'}                   | ${'СОШ № 5'}         | ${'the kind where two have the number'}
    ${'Центр образования № 17'}    | ${'ЦО № 17'}         | ${'a centre of education in full words'}
    ${'МОУ СОШ с. Ивановки'}       | ${'СОШ с. Ивановка'} | ${'a village in another case, and the kind'}
    ${'Березовская школа'}         | ${'Берёзовская'}     | ${'ё and е are one'}
    ${'СОШ п. Берёзовый'}          | ${'Берёзовская'}     | ${'the village of an adjective'}
    ${'лицей «Созвездие»'}         | ${'Созвездие'}       | ${'its own name'}
  `('$name → $school by $because', ({ name, school }) => {
    expect(matchSchool(name, register)).toEqual({ certain: idOf(school) })
  })
})

describe('a school that a document names is asked about', () => {
  it.each`
    name                    | candidates                               | because
    ${'школа № 5'}          | ${['СОШ № 5', 'Гимназия № 5']}           | ${'two have that number'}
    ${'лицей № 7'}          | ${['ООШ № 7']}                           | ${'the number agrees, the kind does not'}
    ${'МБОУ СОШ № 99'}      | ${[]}                                    | ${'no school has that number'}
    ${'школы-наставники'}   | ${[]}                                    | ${'no school is named'}
    ${'МБОУ СОШ'}           | ${[]}                                    | ${'that is every school'}
    ${'Ивановская ООШ № 3'} | ${['СОШ с. Ивановка', 'Малая Ивановка']} | ${'the village has a school, but none with a number'}
  `('$name: $because', ({ name, candidates }) => {
    const match = matchSchool(name, register)
    expect('candidates' in match && match.candidates.toSorted()).toEqual(candidates.map(idOf).toSorted())
  })

  it('finds nothing in an empty register', () => {
    expect(matchSchool('МБОУ СОШ № 1', [])).toEqual({ candidates: [] })
  })
})
