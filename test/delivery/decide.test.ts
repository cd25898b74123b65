import { describe, expect, it } from 'vitest'
import { type ClaimedDelivery, decideAfterSend, pauseAfter } from '../../src/delivery/decide.ts'
import type { SendOutcome } from '../../src/delivery/delivery.ts'

const aClaim = (given: Partial<ClaimedDelivery>): ClaimedDelivery => ({
  id: 1,
  municipalityId: 7,
  personId: 5,
  messenger: 'telegram',
  chat: '5',
  lane: 'reminder',
  reason: 'reminder',
  content: { do: 'send', screen: { text: 'Срок сегодня' } },
  subject: {},
  attempts: 1,
  uncertain: false,
  targetMessageId: null,
  waitMs: 0,
  ...given,
})

const after = (outcome: SendOutcome, given: Partial<ClaimedDelivery> = {}) => decideAfterSend(aClaim(given), outcome, 1)

describe('what an outcome means for a delivery', () => {
  it.each<[string, SendOutcome, Partial<ClaimedDelivery>, object]>([
    ['sent is sent', { kind: 'sent', messageId: 9 }, {}, { state: 'sent', messageId: 9 }],
    [
      '«later» waits as told and costs no try',
      { kind: 'later', retryAfterSeconds: 7, scope: 'chat' },
      { attempts: 5 },
      { state: 'queued', notBeforeSeconds: 7, counts: false },
    ],
    [
      'a moved chat costs no try',
      { kind: 'moved', chat: '-9' },
      {},
      { state: 'queued', counts: false, notBeforeSeconds: null },
    ],
    [
      'a revoked token costs no try',
      { kind: 'refused-by-all', cause: '401' },
      { attempts: 5 },
      { state: 'queued', counts: false },
    ],
    [
      'who blocked us is out of reach',
      { kind: 'unreachable', why: 'blocked' },
      {},
      { state: 'dead', failure: 'blocked' },
    ],
    [
      'an unknown fate is repeated',
      { kind: 'uncertain', cause: 'silence' },
      {},
      { state: 'queued', uncertain: true, notBeforeSeconds: 2 },
    ],
    [
      '… once',
      { kind: 'uncertain', cause: 'silence' },
      { uncertain: true },
      { state: 'dead', failure: 'fate unknown twice: silence' },
    ],
    [
      'a failure is tried again',
      { kind: 'failed', cause: '500', retry: true },
      {},
      { state: 'queued', counts: true, notBeforeSeconds: 1 },
    ],
    [
      '… after longer pauses',
      { kind: 'failed', cause: '500', retry: true },
      { attempts: 4 },
      { state: 'queued', notBeforeSeconds: 8 },
    ],
    ['… five times', { kind: 'failed', cause: '500', retry: true }, { attempts: 5 }, { state: 'dead', failure: '500' }],
    [
      'a hopeless one is not',
      { kind: 'failed', cause: '400 bad', retry: false },
      {},
      { state: 'dead', failure: '400 bad' },
    ],
  ])('%s', (_, outcome, given, expected) => {
    expect(after(outcome, given)).toMatchObject(expected)
  })

  it('scatters the pauses by up to a half and never waits longer than a minute', () => {
    expect([pauseAfter(3, 0), pauseAfter(3, 1), pauseAfter(20, 1)]).toEqual([2, 4, 60])
  })
})
