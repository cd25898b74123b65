import { expect, it } from 'vitest'
import { ok, refuse } from '../../src/kernel/result.ts'

it('a result is either a value or a refusal', () => {
  expect(ok(3)).toEqual({ ok: true, value: 3 })
  expect(refuse({ code: 'settled', state: 'accepted' })).toEqual({
    ok: false,
    refusal: { code: 'settled', state: 'accepted' },
  })
})
