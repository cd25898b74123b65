import type { Tx } from '../db/database.ts'
import { type Ahead, type Opening, openingOf, type Spot } from '../db/opening.ts'
import { changedByMessage } from '../db/task-lists.ts'
import type { KnownPerson } from '../people/people.ts'
import { type Incoming, TooEarly } from './incoming.ts'

/** What has to be known of an update first. Throws TooEarly where it may be about a message that is in hand, and `mayWait` for it. */
export async function openUpdate(tx: Tx, incoming: Incoming, mayWait: boolean, ahead: Ahead | null): Promise<Opening> {
  const spot = spotOf(incoming)
  const opening = ahead && isSame(ahead.spot, spot) ? ahead.opening : await openingOf(tx, spot)
  if (mayWait && opening.inHand) throw new TooEarly('about a message that is in hand')
  return opening
}

function isSame(one: Spot, other: Spot): boolean {
  return (['messenger', 'account', 'chat', 'messageId'] as const).every((part) => one[part] === other[part])
}

/** Where an update came from, with the message that it is about: the one that was tapped or replied to. */
function spotOf(incoming: Incoming): Spot {
  const { messenger, account, chat } = incoming
  if (incoming.kind === 'tap') return { messenger, account, chat, messageId: incoming.messageId }
  const repliedTo = incoming.kind === 'text' || incoming.kind === 'file' ? incoming.replyTo : null
  return { messenger, account, chat, messageId: repliedTo }
}

/** What an update is about, and in which municipality: that of the message tapped or replied to, which `opening` knows. */
export async function whatIsSpokenOf(tx: Tx, incoming: Incoming, opening: Opening): Promise<Opening['spokenOf']> {
  return (await causedByEdited(tx, incoming)) ?? opening.spokenOf
}

/** An edited message is about the tasks that it changed when it came. */
async function causedByEdited(tx: Tx, incoming: Incoming) {
  if (incoming.kind !== 'text' || !incoming.edited) return null
  const changed = await changedByMessage(tx, incoming)
  if (!changed) return null
  const { municipalityId, taskIds, said } = changed
  return { municipalityId, subject: { tasks: taskIds, caused: true, said } }
}

/** The municipality that an update belongs to: that of the message, else the one that the person chose, else their first. */
export function municipalityOf(person: KnownPerson, ofMessage: number | null): number {
  const own = person.memberships.map((membership) => membership.municipalityId)
  const wanted = [ofMessage, person.activeMunicipalityId].find(
    (candidate) => candidate !== null && own.includes(candidate),
  )
  const municipalityId = wanted ?? own[0]
  if (municipalityId === undefined) throw new Error(`person ${person.personId} has no membership`)
  return municipalityId
}
