import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { action, day, id, word } from '../../src/bot/actions.ts'
import * as buttons from '../../src/bot/buttons.ts'

const sample = action('test-sample', id, word, day)

describe("a button's data", () => {
  it('law: what was written is read back', () => {
    const days = fc
      .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10))
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.stringMatching(/^[a-z0-9_-]{1,24}$/), days, (key, name, text) => {
        const [, , readDay] = sample.read(`test-sample:${key.toString(36)}:${name}:${text}`) ?? []
        expect(readDay?.toString()).toBe(text)
        expect(sample.read(sample(key, name, readDay as never))?.slice(0, 2)).toEqual([key, name])
      }),
    )
  })

  it.each([
    '',
    'test-sample',
    'test-sample:1:a',
    'test-sample:-1:a:2026-01-01',
    'test-sample:1:a:2026-02-31',
    'test-sample:1:А:2026-01-01',
    'test-sample:zzzzzzzzzzzz:a:2026-01-01',
    'test-sample:1:a:2026-01-01:x',
  ])('forged data is not read: %s', (data) => {
    expect(sample.read(data)).toBeUndefined()
  })

  it('law: no bytes make reading throw', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 64 }),
        (data) => void Object.values(buttons).map((button) => button.read(data)),
      ),
    )
  })

  it('every action has a code of its own', () => {
    const codes = Object.values(buttons).map((button) => button.code)
    expect(new Set(codes).size).toBe(codes.length)
  })
})
