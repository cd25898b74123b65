import type { Incoming } from './incoming.ts'
import type { Services } from './services.ts'

/** An occasion of our own to speak in a person's chat (a file was kept, a basket is closed): no update of the messenger. */
export function ownOccasion(address: string, services: Services): Incoming {
  return {
    kind: 'other',
    what: 'own',
    updateId: 0,
    messenger: 'telegram',
    account: address,
    displayName: '',
    languageCode: null,
    chat: address,
    chatKind: 'private',
    threadId: null,
    at: services.now(),
    messageId: 0,
  }
}

/** Whether `incoming` is no update of the messenger but an occasion of ours. */
export function isOwnOccasion(incoming: Incoming): boolean {
  return incoming.kind === 'other' && incoming.what === 'own'
}
