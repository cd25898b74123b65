import type { Tx } from '../db/database.ts'
import { forgetUpdate } from '../db/inbox.ts'
import type { Ahead, Opening } from '../db/opening.ts'
import { markReachable, markUnreachable } from '../db/reachability.ts'
import { type KnownPerson, politeName } from '../people/people.ts'
import { agreeToInvite, declineInvite } from './buttons.ts'
import { gettingIn } from './features/getting-in.ts'
import { features, menuLines } from './features/index.ts'
import { repliedToQuestion } from './features/talking.ts'
import { inGroup } from './group.ts'
import type { AfterCommit, Incoming } from './incoming.ts'
import { mainMenu } from './screens/menu.ts'
import type { Services } from './services.ts'
import { municipalityOf, openUpdate, whatIsSpokenOf } from './spoken-of.ts'
import { takeTurn } from './take-turn.ts'
import type { Turn } from './turn.ts'
import { tellOfUnreachable } from './unreachable.ts'

const tapHandlers = new Map(features.flatMap((feature) => feature.taps ?? []).map((handler) => [handler.code, handler]))
const dialogHandlers = new Map(
  features.flatMap((feature) => feature.dialogs ?? []).map((handler) => [handler.kind, handler]),
)

/**
 * What the bot does with an update: everything within `tx`, which starts with the program's own rights and is narrowed to the person's
 * municipality before any feature runs; `ahead`: its opening, where that was asked for already. Gives what is to be done after the commit. Throws on a bug or a failure of the
 * database, and TooEarly where it `mayWait`.
 */
export function createProcessor(
  services: Services,
): (tx: Tx, incoming: Incoming, mayWait?: boolean, ahead?: Ahead | null) => Promise<AfterCommit> {
  return async (tx, incoming, mayWait = false, ahead = null) => {
    if (incoming.chatKind === 'group') {
      await forgetUpdate(tx, incoming) // a group has members who consented to nothing
      return inGroup(tx, services, incoming, mayWait, ahead)
    }
    const opening = await openUpdate(tx, incoming, mayWait, ahead)
    const { person } = opening
    if (incoming.kind === 'reachable') return noteReachable(tx, services, incoming)
    if (person?.reachable === false) await markReachable(tx, incoming.messenger, incoming.account) // who writes can be written to
    if (!person) await forgetUpdate(tx, incoming)
    if (!person || person.memberships.length === 0 || opensInvite(incoming))
      return gettingIn(tx, services, incoming, person)
    return inMunicipality(tx, services, incoming, person, opening)
  }
}

function opensInvite(incoming: Incoming): boolean {
  return (
    (incoming.kind === 'start' && incoming.token !== null) ||
    (incoming.kind === 'contact' && incoming.own) ||
    (incoming.kind === 'tap' &&
      (agreeToInvite.read(incoming.data) !== undefined || declineInvite.read(incoming.data) !== undefined))
  )
}

async function noteReachable(
  tx: Tx,
  services: Services,
  incoming: Incoming & { kind: 'reachable' },
): Promise<AfterCommit> {
  if (incoming.reachable) await markReachable(tx, incoming.messenger, incoming.account)
  else {
    const cutOff = await markUnreachable(tx, incoming.messenger, incoming.account, 'blocked')
    if (cutOff) await tellOfUnreachable(tx, services, cutOff.personId)
  }
  return {}
}

async function inMunicipality(
  tx: Tx,
  services: Services,
  incoming: Incoming,
  person: KnownPerson,
  opening: Opening,
): Promise<AfterCommit> {
  const spokenOf = await whatIsSpokenOf(tx, incoming, opening)
  const municipalityId = municipalityOf(person, spokenOf?.municipalityId ?? null)
  const subject = spokenOf?.municipalityId === municipalityId ? spokenOf.subject : null
  const turnOf = { incoming, person, municipalityId, subject, waiting: opening.waiting, places: opening.places }
  const after = await takeTurn(tx, services, turnOf, dispatch)
  return incoming.kind === 'tap' ? { ...after, tapAnswer: after.tapAnswer ?? { tapId: incoming.tapId } } : after
}

async function dispatch(turn: Turn): Promise<void> {
  const { incoming } = turn
  if (incoming.kind === 'tap') return tapped(turn, incoming.data)
  if (incoming.kind === 'start') return welcomeBack(turn)
  if (incoming.kind === 'command') return commanded(turn, incoming.command)
  if (incoming.kind === 'text' && !incoming.edited && (await pressedMenu(turn, incoming.text))) return
  if (await repliedToQuestion(turn)) return
  if (!isEdited(incoming) && (await continuedDialog(turn))) return
  for (const feature of features) {
    if (incoming.kind === 'text' && (await feature.text?.(turn))) return
    if (incoming.kind === 'file' && (await feature.file?.(turn))) return
  }
  turn.send(mainMenu(turn, turn.say('menu.notUnderstood')))
}

/** An edited message corrects what it said when it came; it answers nothing that was asked since. */
function isEdited(incoming: Incoming): boolean {
  return (incoming.kind === 'text' || incoming.kind === 'file') && incoming.edited
}

async function tapped(turn: Turn, data: string): Promise<void> {
  const handler = tapHandlers.get(data.split(':')[0] ?? '')
  if (handler && (await handler.run(turn, data))) return
  turn.toast(turn.say.plain('menu.staleButton'), true)
}

function welcomeBack(turn: Turn): void {
  turn.forget()
  turn.send(mainMenu(turn, turn.say('menu.welcomeBack', { name: politeName(turn.person.fullName) })))
}

async function commanded(turn: Turn, command: string): Promise<void> {
  const line = menuLines.find(
    (candidate) => candidate.command === command && (candidate.allowed ?? candidate.shown)(turn.actor),
  )
  if (!line) return welcomeBack(turn)
  turn.forget()
  await line.run(turn)
}

async function pressedMenu(turn: Turn, text: string): Promise<boolean> {
  const typed = text.trim().toLowerCase()
  const answersNothing = turn.dialog === null && turn.subject === null
  const isTyped = (label: string) => label === typed || (answersNothing && lettersOf(label) === lettersOf(typed))
  const line = menuLines.find(
    (candidate) => isTyped(turn.say.plain(candidate.key).toLowerCase()) && candidate.shown(turn.actor),
  )
  if (!line) return false
  turn.forget()
  await line.run(turn)
  return true
}

/** A menu's line is also typed by hand, without its picture; but where words are waited for, they are an answer. */
function lettersOf(text: string): string {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')
}

async function continuedDialog(turn: Turn): Promise<boolean> {
  if (!turn.dialog) return false
  const handler = dialogHandlers.get(turn.dialog.kind)
  if (handler) return handler.run(turn, turn.dialog)
  turn.forget()
  return false
}
