import { z } from 'zod'
import type { Role } from '../../access/rights.ts'
import type { Tx } from '../../db/database.ts'
import {
  acceptInvite,
  countWrongTokens,
  findInvite,
  invitesForPhone,
  municipalityById,
  noteWrongToken,
} from '../../db/people.ts'
import type { Screen } from '../../delivery/screen.ts'
import { localDate } from '../../kernel/clock.ts'
import { foldedPhone, hashOfToken, looksLikeToken, usable, WRONG_TOKENS } from '../../people/invite.ts'
import { type Invite, type KnownPerson, politeName } from '../../people/people.ts'
import { agreeToInvite, declineInvite } from '../buttons.ts'
import { keepDialog, readDialog } from '../dialogs.ts'
import type { AfterCommit, Incoming } from '../incoming.ts'
import { menuKeyboard } from '../screens/menu.ts'
import type { Services } from '../services.ts'
import { type Say, type WordKey, wordsOf } from '../words.ts'

/** The wording of the consent that a person gives; raised when the text changes, kept with the consent. */
export const CONSENT_VERSION = '2026-11'

const Invited = z.object({ kind: z.literal('invited'), inviteId: z.number().int(), phone: z.string().nullable() })
const Stranger = z.object({ kind: z.literal('stranger'), at: z.string() })

type Door = { tx: Tx; services: Services; incoming: Incoming; person: KnownPerson | null; say: Say }

/**
 * The door: a personal link or the person's own phone number shows who invites them to what; having agreed, they are in.
 * A stranger gets one polite line and learns nothing. Runs with the program's own rights: the invite says which municipality it is.
 */
export async function gettingIn(
  tx: Tx,
  services: Services,
  incoming: Incoming,
  person: KnownPerson | null,
): Promise<AfterCommit> {
  const door = {
    tx,
    services,
    incoming,
    person,
    say: wordsOf(
      incoming.languageCode === 'en' ? 'en' : 'ru',
      localDate(services.now(), 'Europe/Moscow'),
      'Europe/Moscow',
    ),
  }
  if (incoming.kind === 'tap') return tapped(door, incoming)
  if (incoming.kind === 'start' && incoming.token !== null) return withToken(door, incoming.token)
  if (incoming.kind === 'contact') return withPhone(door, incoming)
  return politely(door)
}

async function withToken(door: Door, token: string): Promise<AfterCommit> {
  const { tx, services, incoming } = door
  const from = addressOf(incoming)
  const wrong = await countWrongTokens(tx, from, services.now().subtract({ minutes: WRONG_TOKENS.minutes }))
  if (wrong.ofAccount >= WRONG_TOKENS.perAccount || wrong.overall >= WRONG_TOKENS.overall)
    return answer(door, 'gettingIn.tooManyTokens')
  const invite = looksLikeToken(token) ? await findInvite(tx, { tokenHash: hashOfToken(token) }) : null
  if (invite) return offer(door, invite, null)
  await noteWrongToken(tx, from, services.now())
  return answer(door, 'gettingIn.wrongToken')
}

async function withPhone(door: Door, incoming: Incoming & { kind: 'contact' }): Promise<AfterCommit> {
  if (!incoming.own) return answer(door, 'gettingIn.notOwnPhone')
  const phone = foldedPhone(incoming.phone)
  const [inviteId] = phone ? await invitesForPhone(door.tx, phone, door.services.now()) : []
  const invite = inviteId === undefined ? null : await findInvite(door.tx, { id: inviteId })
  return invite ? offer(door, invite, phone) : answer(door, 'gettingIn.notOnList')
}

const REFUSALS = {
  used: 'gettingIn.used',
  revoked: 'gettingIn.wrongToken',
  expired: 'gettingIn.expired',
} as const satisfies Record<string, WordKey>

/** Shows who invites to what, and what the person agrees to. The chat remembers the invite: a button's data is never trusted. */
async function offer(door: Door, invite: Invite, phone: string | null): Promise<AfterCommit> {
  const checked = usable(invite, door.services.now())
  if (!checked.ok)
    return answer(
      door,
      checked.refusal.code === 'used' && invite.usedById === door.person?.personId
        ? 'gettingIn.already'
        : REFUSALS[checked.refusal.code],
    )
  const { say } = door
  await keepDialog(
    door.tx,
    door.incoming,
    { municipalityId: invite.municipalityId, now: door.services.now() },
    { kind: 'invited', inviteId: invite.id, phone },
  )
  const screen: Screen = {
    text: say('gettingIn.invited', {
      name: politeName(invite.personName),
      inviter: invite.inviterName
        ? say('gettingIn.inviterNamed', { name: invite.inviterName })
        : say('gettingIn.inviterUnnamed'),
      role: say.plain(`role.${invite.role}`),
      organizations: invite.organizationNames.join(', '),
      municipality: invite.municipalityName,
      consent: say('gettingIn.consent', { municipality: invite.municipalityName }),
    }),
    buttons: [
      [{ label: say.plain('gettingIn.agree'), tone: 'good', action: agreeToInvite() }],
      [{ label: say.plain('gettingIn.decline'), action: declineInvite() }],
    ],
  }
  return send(door, screen)
}

async function tapped(door: Door, incoming: Incoming & { kind: 'tap' }): Promise<AfterCommit> {
  const invited = Invited.safeParse(await readDialog(door.tx, incoming))
  if (!invited.success) return { tapAnswer: { tapId: incoming.tapId } }
  const invite = await findInvite(door.tx, { id: invited.data.inviteId })
  if (!invite) return { tapAnswer: { tapId: incoming.tapId } }
  const checked = usable(invite, door.services.now())
  if (!checked.ok)
    return { tapAnswer: { tapId: incoming.tapId, words: door.say.plain(REFUSALS[checked.refusal.code]), alert: true } }
  const result = agreeToInvite.read(incoming.data)
    ? await enter(door, incoming, invite, invited.data.phone)
    : await decline(door, incoming, invite)
  return { ...result, tapAnswer: { tapId: incoming.tapId } }
}

const FIRST_STEPS = {
  coordinator: 'gettingIn.firstStepCoordinator',
  curator: 'gettingIn.firstStepCurator',
  head: 'gettingIn.firstStepHead',
  deputy: 'gettingIn.firstStepHead',
  council: 'gettingIn.firstStepCouncil',
} as const satisfies Record<Role, WordKey>

async function enter(
  door: Door,
  incoming: Incoming & { kind: 'tap' },
  invite: Invite,
  phone: string | null,
): Promise<AfterCommit> {
  const { tx, services } = door
  const personId = await acceptInvite(tx, invite, {
    ...addressOf(incoming),
    consentVersion: CONSENT_VERSION,
    phone,
    now: services.now(),
  })
  await keepDialog(tx, incoming, { municipalityId: null, now: services.now() }, null)
  const municipality = await municipalityById(tx, invite.municipalityId)
  const say = wordsOf(municipality.locale, localDate(services.now(), municipality.timezone), municipality.timezone)
  const text = say('gettingIn.entered', {
    name: politeName(invite.personName),
    firstStep: say(FIRST_STEPS[invite.role]),
  })
  const memberships = [
    ...(door.person?.memberships ?? []),
    ...invite.organizationIds.map((organizationId) => ({ organizationId, role: invite.role })),
  ]
  const to = {
    municipalityId: municipality.id,
    personId,
    messenger: incoming.messenger,
    chat: incoming.chat,
    lane: 'answer',
    reason: 'entered',
  } as const
  await services.enqueue(tx, [
    {
      ...to,
      content: {
        do: 'edit',
        target: { messageId: incoming.messageId },
        screen: { text: say('gettingIn.invitedDone', { municipality: municipality.name }) },
      },
    },
    {
      ...to,
      content: {
        do: 'send',
        screen: { text, keyboard: menuKeyboard(say, { personId, municipalityId: municipality.id, memberships }) },
      },
    },
  ])
  return {}
}

async function decline(door: Door, incoming: Incoming & { kind: 'tap' }, invite: Invite): Promise<AfterCommit> {
  if (!declineInvite.read(incoming.data)) return {}
  await keepDialog(door.tx, incoming, { municipalityId: null, now: door.services.now() }, null)
  const until = door.say.day(localDate(invite.expiresAt, 'Europe/Moscow'))
  await door.services.enqueue(door.tx, [
    {
      municipalityId: null,
      personId: null,
      messenger: incoming.messenger,
      chat: incoming.chat,
      lane: 'answer',
      reason: 'door',
      content: {
        do: 'edit',
        target: { messageId: incoming.messageId },
        screen: { text: door.say('gettingIn.declined', { until }) },
      },
    },
  ])
  return {}
}

/** One polite line an hour: a stranger who writes on hears nothing more. */
async function politely(door: Door): Promise<AfterCommit> {
  const { tx, incoming, services, person } = door
  if (person) return answer(door, 'gettingIn.noMembership')
  const met = Stranger.safeParse(await readDialog(tx, incoming))
  const recently = met.success && services.now().since(met.data.at).total('minutes') < 60
  if (recently && incoming.kind !== 'start') return {}
  await keepDialog(
    tx,
    incoming,
    { municipalityId: null, now: services.now() },
    { kind: 'stranger', at: services.now().toString() },
  )
  return send(door, {
    text: door.say('gettingIn.stranger'),
    keyboard: { rows: [[{ label: door.say.plain('gettingIn.sharePhone'), asks: 'phone' }]] },
  })
}

function addressOf(incoming: Incoming) {
  return { messenger: incoming.messenger, address: incoming.account }
}

function answer(door: Door, key: WordKey): Promise<AfterCommit> {
  return send(door, { text: door.say(key) })
}

async function send(door: Door, screen: Screen): Promise<AfterCommit> {
  const { incoming } = door
  await door.services.enqueue(door.tx, [
    {
      municipalityId: null,
      personId: door.person?.personId ?? null,
      messenger: incoming.messenger,
      chat: incoming.chat,
      lane: 'answer',
      reason: 'door',
      content: { do: 'send', screen },
    },
  ])
  return {}
}
