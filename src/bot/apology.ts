import { localDate, Temporal } from '../kernel/clock.ts'
import type { Incoming } from './incoming.ts'
import type { Apology } from './intake.ts'
import { wordsOf } from './words.ts'

/** One kind sentence where something of ours failed; the cause is in the log and never on a screen. */
export function apologyFor(incoming: Incoming, locale: string): Apology {
  const say = wordsOf(locale, localDate(Temporal.Now.instant(), 'UTC'), 'UTC')
  return {
    tapWords: say.plain('menu.failedTap'),
    delivery: {
      municipalityId: null,
      personId: null,
      messenger: incoming.messenger,
      chat: incoming.chat,
      lane: 'answer',
      reason: 'apology',
      content: { do: 'send', screen: { text: say('menu.failed') } },
      onceKey: `apology:${incoming.updateId}`,
    },
  }
}
