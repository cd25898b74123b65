import { z } from 'zod'
import type { Role } from '../../access/rights.ts'
import type { Tx } from '../../db/database.ts'
import { personAt } from '../../db/opening.ts'
import {
  acceptInvite,
  countWrongTokens,
  findInvite,
  invitesForPhone,
  municipalityById,
  noteWrongToken,
  useUpInvite,
} from '../../db/people.ts'
import { forgetPerson, forgetStranger } from '../../db/personal-data.ts'
import type { Screen } from '../../delivery/screen.ts'
import { localDate } from '../../kernel/clock.ts'
import { CONSENT_VERSION, FORGET_WORDS } from '../../people/consent.ts'
import { foldedPhone, hashOfToken, looksLikeToken, mayTryToken, usable, WRONG_TOKENS } from '../../people/invite.ts'
import { nameKey } from '../../people/names.ts'
import { type Invite, type KnownPerson, politeName } from '../../people/people.ts'
import { agreeToInvite, declineInvite } from '../buttons.ts'
import { forgetMe } from '../buttons-people.ts'
import { keepDialog, readDialog } from '../dialogs.ts'
import type { AfterCommit, Incoming } from '../incoming.ts'
import { forgetScreen } from '../screens/about-me.ts'
import { menuKeyboard } from '../screens/menu.ts'
import type { Services } from '../services.ts'
import { messagesTo } from '../turn.ts'
import { type Say, type WordKey, wordsOf } from '../words.ts'

const Invited = z.object({ kind: z.literal('invited'), inviteId: z.number().int(), byPhone: z.boolean() })
const Stranger = z.object({ kind: z.literal('stranger'), at: z.string() })
const Braked = z.object({ kind: z.literal('braked'), at: z.string() })

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
  if (person && incoming.kind === 'text' && FORGET_WORDS.test(incoming.text.trim()))
    return send(door, forgetScreen(door.say))
  return politely(door)
}

async function withToken(door: Door, token: string): Promise<AfterCommit> {
  const { tx, services, incoming } = door
  const from = addressOf(incoming)
  const wrong = await countWrongTokens(tx, from, services.now().subtract({ minutes: WRONG_TOKENS.minutes }))
  if (!mayTryToken(wrong)) return braked(door)
  const invite = looksLikeToken(token) ? await findInvite(tx, { tokenHash: hashOfToken(token) }) : null
  if (invite) return offer(door, invite, false)
  await noteWrongToken(tx, from, services.now())
  return answer(door, 'gettingIn.wrongToken')
}

/** Told once while the brake holds: whoever tries thousands of tokens must not fill the queue of answers as well. */
async function braked(door: Door): Promise<AfterCommit> {
  const { tx, incoming, services } = door
  const told = Braked.safeParse((await readDialog(tx, incoming))?.state)
  if (told.success && services.now().since(told.data.at).total('minutes') < WRONG_TOKENS.minutes) return {}
  const state = { kind: 'braked', at: services.now().toString() }
  await keepDialog(tx, incoming, { municipalityId: null, now: services.now() }, state)
  return answer(door, 'gettingIn.tooManyTokens')
}

async function withPhone(door: Door, incoming: Incoming & { kind: 'contact' }): Promise<AfterCommit> {
  if (!incoming.own) return answer(door, 'gettingIn.notOwnPhone')
  const phone = foldedPhone(incoming.phone)
  return (phone && (await offerNext(door, phone))) || answer(door, 'gettingIn.notOnList')
}

/** Offers the newest open invite for a phone number; null where there is none left. */
async function offerNext(door: Door, phone: string): Promise<AfterCommit | null> {
  const [inviteId, ...others] = await invitesForPhone(door.tx, phone, door.services.now())
  const invite = inviteId === undefined ? null : await findInvite(door.tx, { id: inviteId })
  return invite && offer(door, invite, true, others.length)
}

const REFUSALS = {
  used: 'gettingIn.used',
  revoked: 'gettingIn.wrongToken',
  expired: 'gettingIn.expired',
} as const satisfies Record<string, WordKey>

/** Shows who invites to what, and what the person agrees to. The chat remembers the invite: a button's data is never trusted. `more`: invites that wait behind it. */
async function offer(door: Door, invite: Invite, byPhone: boolean, more = 0): Promise<AfterCommit> {
  const { person, say, services } = door
  const checked = usable(invite, services.now())
  if (!checked.ok) {
    const own = checked.refusal.code === 'used' && person !== null && invite.usedById === person.personId
    return answer(door, own ? 'gettingIn.already' : REFUSALS[checked.refusal.code])
  }
  if (!byPhone && person && invite.invitedById === person.personId)
    return send(door, { text: say('gettingIn.ownInvite', { name: invite.personName }) })
  if (person && holdsAll(person, invite)) return alreadyInside(door, invite, person)
  await keepDialog(
    door.tx,
    door.incoming,
    { municipalityId: invite.municipalityId, now: services.now() },
    { kind: 'invited', inviteId: invite.id, byPhone },
  )
  return send(door, offerScreen(door, invite, more))
}

function offerScreen({ say, person }: Door, invite: Invite, more: number): Screen {
  const another = person !== null && nameKey(person.fullName) !== nameKey(invite.personName)
  const invited = say('gettingIn.invited', {
    name: politeName(invite.personName),
    inviter: invite.inviterName
      ? say('gettingIn.inviterNamed', { name: invite.inviterName })
      : say('gettingIn.inviterUnnamed'),
    role: say.plain(`role.${invite.role}`),
    organizations: invite.organizationNames.join(', '),
    municipality: invite.municipalityName,
    consent: say('gettingIn.consent', { municipality: invite.municipalityName }),
  })
  return {
    text: [
      ...(another ? [say('gettingIn.forAnother', { name: invite.personName, own: person.fullName })] : []),
      invited,
      ...(more > 0 ? [say('gettingIn.moreInvites', { count: more })] : []),
    ].join('\n\n'),
    buttons: [
      [
        {
          label: say.plain(another ? 'gettingIn.itIsMe' : 'gettingIn.agree'),
          ...(another ? {} : { tone: 'good' as const }),
          action: agreeToInvite(),
        },
      ],
      [{ label: say.plain('gettingIn.decline'), action: declineInvite() }],
    ],
  }
}

/** Whether the person is already everything that the invite would make them, under the same name. */
function holdsAll(person: KnownPerson, invite: Invite): boolean {
  return (
    nameKey(person.fullName) === nameKey(invite.personName) &&
    invite.organizationIds.every((organizationId) =>
      person.memberships.some(
        (membership) => membership.organizationId === organizationId && membership.role === invite.role,
      ),
    )
  )
}

/** The invite is used up: it would add nothing, and the coordinator's list does not wait for it any more. */
async function alreadyInside(door: Door, invite: Invite, person: KnownPerson): Promise<AfterCommit> {
  await useUpInvite(door.tx, invite.id, person.personId, door.services.now())
  return answer(door, 'gettingIn.already')
}

async function tapped(door: Door, incoming: Incoming & { kind: 'tap' }): Promise<AfterCommit> {
  if (door.person && forgetMe.read(incoming.data)) return forgetAtTheDoor(door, door.person, incoming)
  const stale = { tapAnswer: { tapId: incoming.tapId, words: door.say.plain('gettingIn.staleOffer'), alert: true } }
  const invited = Invited.safeParse((await readDialog(door.tx, incoming))?.state)
  const invite = invited.success ? await findInvite(door.tx, { id: invited.data.inviteId }) : null
  if (!invited.success || !invite) return stale
  const agrees = agreeToInvite.read(incoming.data) !== undefined
  if (!agrees && declineInvite.read(incoming.data) === undefined) return stale
  const checked = usable(invite, door.services.now())
  if (!checked.ok)
    return { tapAnswer: { tapId: incoming.tapId, words: door.say.plain(REFUSALS[checked.refusal.code]), alert: true } }
  if (agrees) await enter(door, incoming, invite, invited.data.byPhone)
  else await decline(door, incoming, invite)
  return { tapAnswer: { tapId: incoming.tapId } }
}

/** Somebody who belongs nowhere any more may be forgotten all the same. */
async function forgetAtTheDoor(
  door: Door,
  person: KnownPerson,
  incoming: Incoming & { kind: 'tap' },
): Promise<AfterCommit> {
  const { tx, services, say } = door
  if (person.memberships.length === 0) {
    await forgetPerson(tx, { personId: person.personId, askedBy: 'person', now: services.now() })
    await send({ ...door, person: null }, { text: say('me.forget.done'), keyboard: 'none' })
  }
  return { tapAnswer: { tapId: incoming.tapId } }
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
  byPhone: boolean,
): Promise<void> {
  const { tx, services } = door
  const personId = await acceptInvite(tx, invite, {
    ...addressOf(incoming),
    consentVersion: CONSENT_VERSION,
    phone: byPhone ? invite.phone : null,
    now: services.now(),
  })
  await keepDialog(tx, incoming, { municipalityId: null, now: services.now() }, null)
  const municipality = await municipalityById(tx, invite.municipalityId)
  const say = wordsOf(municipality.locale, localDate(services.now(), municipality.timezone), municipality.timezone)
  const here = (door.person?.memberships ?? []).filter((own) => own.municipalityId === municipality.id)
  const memberships = [
    ...here,
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
  const name = politeName(door.person?.fullName ?? invite.personName)
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
        screen: {
          text: say('gettingIn.entered', { name, firstStep: say(FIRST_STEPS[invite.role]) }),
          keyboard: menuKeyboard(say, { personId, municipalityId: municipality.id, memberships }),
        },
      },
    },
  ])
  await tellInviter(door, say, invite)
  if (byPhone && invite.phone)
    await offerNext({ ...door, person: await personAt(tx, addressOf(incoming)) }, invite.phone)
}

/** Whoever invited hears, without a sound, that it worked. */
async function tellInviter({ tx, services }: Door, say: Say, invite: Invite): Promise<void> {
  if (invite.invitedById === null) return
  const text = say('gettingIn.toldInviter', {
    name: invite.personName,
    role: say.plain(`role.${invite.role}`),
    organizations: invite.organizationNames.join(', '),
  })
  const told = await messagesTo(
    tx,
    invite.municipalityId,
    [invite.invitedById],
    { text, silent: true },
    { reason: 'invite-used', lane: 'reminder' },
  )
  await services.enqueue(tx, told)
}

/** «Не сейчас»: what the person's messages told of them is gone at once, the invite waits for its own time. */
async function decline(door: Door, incoming: Incoming & { kind: 'tap' }, invite: Invite): Promise<void> {
  const { tx, services, person } = door
  await keepDialog(tx, incoming, { municipalityId: null, now: services.now() }, null)
  if (!person) await forgetStranger(tx, addressOf(incoming))
  const until = door.say.day(localDate(invite.expiresAt, 'Europe/Moscow'))
  await services.enqueue(tx, [
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
}

/** One polite line an hour: a stranger who writes on hears nothing more. */
async function politely(door: Door): Promise<AfterCommit> {
  const { tx, incoming, services, person } = door
  if (person) return answer(door, 'gettingIn.noMembership')
  const met = Stranger.safeParse((await readDialog(tx, incoming))?.state)
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
