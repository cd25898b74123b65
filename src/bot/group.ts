import { type CouncilGroup, groupAt, leaveGroup } from '../db/council-people.ts'
import type { Tx } from '../db/database.ts'
import type { Ahead, Opening } from '../db/opening.ts'
import { peopleWithRoles } from '../db/people.ts'
import { followChat } from '../db/reachability.ts'
import { groupTaps } from './features/answering.ts'
import { askToBind, tellGroupLost } from './features/council-group.ts'
import { repliedToQuestion } from './features/talking.ts'
import type { AfterCommit, Incoming } from './incoming.ts'
import type { Services } from './services.ts'
import { municipalityOf, openUpdate, whatIsSpokenOf } from './spoken-of.ts'
import { takeTurn } from './take-turn.ts'
import type { Turn } from './turn.ts'

const taps = new Map(groupTaps.map((handler) => [handler.code, handler]))

/**
 * What the bot does in a group: in the council's own it takes «Беру» and replies to its questions; a coordinator makes a group the council's with
 * /council. Whatever else is said there is no business of ours, and a stranger gets no answer. Throws TooEarly where it `mayWait`.
 */
export async function inGroup(
  tx: Tx,
  services: Services,
  incoming: Incoming,
  mayWait: boolean,
  ahead: Ahead | null,
): Promise<AfterCommit> {
  const group = await groupAt(tx, incoming.messenger, incoming.chat)
  if (incoming.kind === 'moved') {
    await followChat(tx, incoming.messenger, incoming.chat, incoming.to)
    return {}
  }
  const opening = await openUpdate(tx, incoming, mayWait, ahead)
  const { person } = opening
  if (incoming.kind === 'reachable') return membershipChanged(tx, services, incoming, group)
  const silence: AfterCommit = incoming.kind === 'tap' ? { tapAnswer: { tapId: incoming.tapId } } : {}
  if (!person || person.memberships.length === 0) return silence
  if (incoming.kind === 'command') {
    if (incoming.command !== 'council') return {}
    const municipalityId = group?.municipalityId ?? municipalityOf(person, null)
    return inTurn(tx, services, incoming, opening, municipalityId, askToBind)
  }
  if (!group) return silence
  const after = await inTurn(tx, services, incoming, opening, group.municipalityId, speakInGroup)
  return { ...silence, ...after }
}

/** A turn of a person in a group: nothing where they do not belong to its municipality. */
async function inTurn(
  tx: Tx,
  services: Services,
  incoming: Incoming,
  opening: Opening,
  municipalityId: number,
  run: (turn: Turn) => Promise<void>,
): Promise<AfterCommit> {
  const { person, waiting, places } = opening
  if (!person?.memberships.some((membership) => membership.municipalityId === municipalityId)) return {}
  const spokenOf = await whatIsSpokenOf(tx, incoming, opening)
  const subject = spokenOf?.municipalityId === municipalityId ? spokenOf.subject : null
  return takeTurn(tx, services, { incoming, person, municipalityId, subject, waiting, places }, run)
}

async function speakInGroup(turn: Turn): Promise<void> {
  const { incoming } = turn
  if (incoming.kind === 'text' || incoming.kind === 'file') {
    await repliedToQuestion(turn)
    return
  }
  if (incoming.kind !== 'tap') return
  const handler = taps.get(incoming.data.split(':')[0] ?? '')
  if (!handler || !(await handler.run(turn, incoming.data))) turn.toast(turn.say.plain('menu.staleButton'), true)
}

/** The bot was put into a group, or taken out of the council's. */
async function membershipChanged(
  tx: Tx,
  services: Services,
  incoming: Incoming & { kind: 'reachable' },
  group: CouncilGroup | null,
): Promise<AfterCommit> {
  if (incoming.reachable || !group) return {}
  await leaveGroup(tx, group.id)
  const coordinators = await peopleWithRoles(tx, group.municipalityId, ['coordinator'])
  await tellGroupLost(
    tx,
    services,
    group,
    coordinators.map(({ personId }) => personId),
  )
  return {}
}
