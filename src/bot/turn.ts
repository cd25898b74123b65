import type { z } from 'zod'
import type { Actor } from '../access/rights.ts'
import type { WorkingCalendar } from '../calendar/working-calendar.ts'
import type { Tx } from '../db/database.ts'
import { type Recipient, recipientsByIds } from '../db/people.ts'
import type { DeliverySubject, Lane, NewDelivery } from '../delivery/delivery.ts'
import type { Screen } from '../delivery/screen.ts'
import type { Instant, PlainDate } from '../kernel/clock.ts'
import type { Membership, Municipality } from '../people/people.ts'
import type { Cause } from '../tasks/ports.ts'
import type { AfterCommit, Incoming } from './incoming.ts'
import type { Services } from './services.ts'
import type { Say, WordKey } from './words.ts'

/** What the bot waits for in a chat. */
export type DialogState = { kind: string } & Record<string, unknown>

/**
 * One update of one person, in one municipality and one transaction that sees that municipality alone.
 * Nothing leaves before the transaction is committed: screens become deliveries in it.
 */
export type Turn = {
  tx: Tx
  incoming: Incoming
  actor: Actor
  person: { personId: number; fullName: string; memberships: Membership[]; municipalityCount: number }
  municipality: Municipality
  calendar: WorkingCalendar
  now: Instant
  /** The calendar day in the municipality's zone. */
  today: PlainDate
  say: Say
  services: Services
  cause: Cause
  /** What the message spoke of that was tapped or replied to; null where it is none of ours or no reply. */
  subject: DeliverySubject | null
  /** What the bot waited for when the update came. */
  dialog: DialogState | null
  /** Shows a screen in this chat: in place of the tapped message, else as a new one. */
  show(screen: Screen, subject?: DeliverySubject): void
  /** Puts a screen in place of an earlier message of this chat; the last one of several for the same message counts. */
  edit(messageId: number, screen: Screen, subject?: DeliverySubject): void
  /** Sends a new message to this chat. */
  send(screen: Screen, options?: { subject?: DeliverySubject; reason?: string }): void
  /** Sends a message to other people, each once, wherever they can be reached. */
  tell(people: readonly (number | Recipient)[], screen: Screen, options: TellOptions): Promise<void>
  /** Answers the tap with a short line; `alert` makes it a box to be closed. At most 200 characters. */
  toast(words: string, alert?: boolean): void
  /** Shows that something is under way («печатает…»), where the answer takes a moment. */
  busy(): void
  /** From now on the next words or files of this chat go to that dialog. */
  await(dialog: DialogState): void
  /** Nothing is waited for any more. */
  forget(): void
}

export type TellOptions = { reason: string; subject?: DeliverySubject; lane?: Lane; onceKey?: string }

/** What a turn leaves behind, to be kept in its transaction. */
export type TurnOutcome = {
  deliveries: NewDelivery[]
  dialog: DialogState | null | undefined
  after: AfterCommit
}

/** Makes the turn of `incoming` and the outcome that it fills. */
export function openTurn(
  given: Omit<Turn, 'show' | 'edit' | 'send' | 'tell' | 'toast' | 'busy' | 'await' | 'forget' | 'cause'>,
): {
  turn: Turn
  outcome: TurnOutcome
} {
  const outcome: TurnOutcome = { deliveries: [], dialog: undefined, after: {} }
  const { incoming, municipality, person } = given
  const here = {
    municipalityId: municipality.id,
    personId: person.personId,
    messenger: incoming.messenger,
    chat: incoming.chat,
  }
  const edit: Turn['edit'] = (messageId, screen, subject = {}) => {
    const content = { do: 'edit', target: { messageId }, screen, sendAnewIfGone: true } as const
    outcome.deliveries = outcome.deliveries.filter((earlier) => !edits(earlier, messageId))
    outcome.deliveries.push({ ...here, lane: 'answer', reason: 'answer', content, subject })
  }
  const turn: Turn = {
    ...given,
    edit,
    cause: { personId: person.personId, updateId: incoming.updateId || null, at: given.now },
    show: (screen, subject = {}) => {
      if (incoming.kind === 'tap') return edit(incoming.messageId, screen, subject)
      const content = { do: 'send', screen } as const
      outcome.deliveries.push({ ...here, lane: 'answer', reason: 'answer', content, subject })
    },
    send: (screen, { subject = {}, reason = 'answer' } = {}) => {
      outcome.deliveries.push({ ...here, lane: 'answer', reason, content: { do: 'send', screen }, subject })
    },
    tell: async (people, screen, options) => {
      outcome.deliveries.push(...(await messagesTo(given.tx, municipality.id, people, screen, options)))
    },
    toast: (words, alert = false) => {
      if (incoming.kind === 'tap')
        outcome.after.tapAnswer = { tapId: incoming.tapId, words: words.slice(0, 200), alert }
    },
    busy: () => {
      outcome.after.busy = true
    },
    await: (dialog) => {
      outcome.dialog = dialog
    },
    forget: () => {
      outcome.dialog = null
    },
  }
  return { turn, outcome }
}

function edits({ content }: NewDelivery, messageId: number): boolean {
  return content.do === 'edit' && 'messageId' in content.target && content.target.messageId === messageId
}

/** The deliveries that bring `screen` to each of `people` once, through the messenger in which they can be reached. Those named by their ids are looked up. */
export async function messagesTo(
  tx: Tx,
  municipalityId: number,
  people: readonly (number | Recipient)[],
  screen: Screen,
  options: TellOptions,
): Promise<NewDelivery[]> {
  const ids = new Set(people.filter((one) => typeof one === 'number'))
  const known = people.filter((one) => typeof one !== 'number')
  const recipients = new Map([...known, ...(await recipientsByIds(tx, [...ids]))].map((one) => [one.personId, one]))
  return [...recipients.values()].flatMap((recipient) => messageTo(recipient, municipalityId, screen, options) ?? [])
}

/** The delivery that brings `screen` to `recipient`; null where no messenger reaches them. */
export function messageTo(
  recipient: Recipient,
  municipalityId: number,
  screen: Screen,
  options: TellOptions,
): NewDelivery | null {
  const account = recipient.accounts.find((candidate) => candidate.reachable)
  if (!account) return null
  return {
    municipalityId,
    personId: recipient.personId,
    messenger: account.messenger,
    chat: account.address,
    lane: options.lane ?? 'answer',
    reason: options.reason,
    content: { do: 'send', screen },
    subject: options.subject ?? {},
    ...(options.onceKey ? { onceKey: `${options.onceKey}:${recipient.personId}` } : {}),
  }
}

/** What a feature does when its button is pressed. */
export type TapHandler = { code: string; run(turn: Turn, data: string): Promise<boolean> }

/** Binds an action to its handler; false from `run` means that the data was not of the action's form. */
export function on<Given extends unknown[]>(
  action: { code: string; read(data: string): Given | undefined },
  handle: (turn: Turn, ...values: Given) => Promise<void> | void,
): TapHandler {
  return {
    code: action.code,
    run: async (turn, data) => {
      const values = action.read(data)
      if (!values) return false
      await handle(turn, ...values)
      return true
    },
  }
}

/** What a feature does with the words or the file that it waited for; false leaves them to the other features. */
export type DialogHandler = {
  kind: string
  run(turn: Turn, state: DialogState): Promise<boolean>
}

/** Binds a kind of dialog to its handler; `schema` reads the kept state, one that it does not know any more is forgotten. */
export function waitingFor<Schema extends z.ZodType<DialogState>>(
  kind: string,
  schema: Schema,
  handle: (turn: Turn, state: z.infer<Schema>) => Promise<boolean>,
): DialogHandler {
  return {
    kind,
    run: async (turn, state) => {
      const parsed = schema.safeParse(state)
      return parsed.success ? handle(turn, parsed.data) : false
    },
  }
}

/** A line of the main menu: shown to those for whom `shown` holds, pressed as a key or written as words. */
export type MenuLine = {
  key: WordKey
  command?: string
  shown(actor: Actor): boolean
  /** Who may call it by its command, where that is more than those who have it in the menu. */
  allowed?(actor: Actor): boolean
  run(turn: Turn): Promise<void> | void
}

/** A part of the bot: its menu lines, buttons, dialogs, and what it does with words and files that nobody else waited for (true: taken). */
export type Feature = {
  menu?: MenuLine[]
  taps?: TapHandler[]
  dialogs?: DialogHandler[]
  text?(turn: Turn): Promise<boolean>
  file?(turn: Turn): Promise<boolean>
}
