import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanName, cleanOrganizationName, NAME_REMOVED, withoutName } from '../../src/people/names.ts'
import { politeName } from '../../src/people/people.ts'

describe('a name', () => {
  it.each`
    typed                         | kept                        | because
    ${'  Заречный   Пётр Ильич '} | ${'Заречный Пётр Ильич'}    | ${'spaces are folded'}
    ${'Салтыкова-Щедрина Анна'}   | ${'Салтыкова-Щедрина Анна'} | ${'a hyphen belongs to it'}
    ${"О'Нил Мария"}              | ${"О'Нил Мария"}            | ${'so does an apostrophe'}
    ${'Иванов И. И.'}             | ${'Иванов И. И.'}           | ${'initials are a name'}
    ${'Заречный\u202EПётр Ильич'} | ${'ЗаречныйПётр Ильич'}     | ${'marks of direction are dropped'}
    ${'Пётр'}                     | ${null}                     | ${'one word names nobody'}
    ${'Пётр <b>Ильич</b>'}        | ${null}                     | ${'markup is no name'}
    ${'Пётр t.me/spam1'}          | ${null}                     | ${'nor is a link'}
    ${'директор школы № 3'}       | ${null}                     | ${'nor a post with a number'}
    ${'я '.repeat(100)}           | ${null}                     | ${'nobody is called that'}
  `('«$typed» is kept as $kept: $because', ({ typed, kept }) => {
    expect(cleanName(typed)).toBe(kept)
  })

  it.each`
    full                           | addressed
    ${'Заречный Пётр Ильич'}       | ${'Пётр Ильич'}
    ${'Мамедова Лейла Рашид кызы'} | ${'Мамедова Лейла Рашид кызы'}
    ${'Заречный Пётр'}             | ${'Заречный Пётр'}
    ${'Ким Анна Сергеевна'}        | ${'Анна Сергеевна'}
  `('a letter addresses «$full» as «$addressed»', ({ full, addressed }) => {
    expect(politeName(full)).toBe(addressed)
  })

  it('an organization may have any signs that are seen, but must name something', () => {
    expect(cleanOrganizationName(' МБОУ «СОШ № 3» <филиал> ')).toBe('МБОУ «СОШ № 3» <филиал>')
    expect(cleanOrganizationName('???')).toBeNull()
    expect(cleanOrganizationName('я'.repeat(301))).toBeNull()
  })
})

describe('a forgotten name', () => {
  const name = 'Заречный Пётр Ильич'

  it.each`
    words                                    | left
    ${'Провёл Заречный Пётр Ильич'}          | ${`Провёл ${NAME_REMOVED}`}
    ${'Спросите у Заречного, он знает'}      | ${`Спросите у ${NAME_REMOVED}, он знает`}
    ${'передайте ЗАРЕЧНОМУ Петру Ильичу.'}   | ${`передайте ${NAME_REMOVED}.`}
    ${'Пётр Ильич, исправьте дату'}          | ${`${NAME_REMOVED}, исправьте дату`}
    ${'Приказ № 12 от 3 марта, 24 педагога'} | ${'Приказ № 12 от 3 марта, 24 педагога'}
  `('«$words» becomes «$left»', ({ words, left }) => {
    expect(withoutName(words, name)).toBe(left)
  })

  it('is nowhere left as it was written, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(withoutName(`${before} ${name} ${after}`, name)).not.toContain(name)
      }),
    )
  })

  it('of signs that mean something in patterns breaks nothing', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (words, odd) => typeof withoutName(words, odd) === 'string'))
  })
})
