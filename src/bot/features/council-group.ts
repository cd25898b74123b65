import { may } from '../../access/rights.ts'
import { askGroup, bindGroup, type CouncilGroup, groupById, leaveGroup } from '../../db/council-people.ts'
import { narrowToMunicipality, type Tx, widenToSystem } from '../../db/database.ts'
import { municipalityById } from '../../db/people.ts'
import { localDate } from '../../kernel/clock.ts'
import { bindGroupAs, leaveGroupAs } from '../buttons-council.ts'
import type { Services } from '../services.ts'
import { messagesTo, on, type TapHandler, type Turn } from '../turn.ts'
import { wordsOf } from '../words.ts'
import { allowed, sayNo } from './coordinating.ts'

/** The buttons by which a coordinator says in private what a group is to be. */
export const groupBinding: TapHandler[] = [on(bindGroupAs, bind), on(leaveGroupAs, leave)]

/** «/council» in a group: a coordinator is asked in private whether it is the council's. Everybody else is not answered. */
export async function askToBind(turn: Turn): Promise<void> {
  const { incoming, municipality } = turn
  if (!incoming.group || !may(turn.actor, 'manage-faq', { municipalityId: municipality.id })) return
  const { title, isForum } = incoming.group
  const groupId = await askGroup(turn.tx, {
    municipalityId: municipality.id,
    messenger: incoming.messenger,
    chat: incoming.chat,
    title: title.slice(0, 200),
    isForum,
    askedById: turn.actor.personId,
    askedAt: turn.now,
  })
  turn.send({ text: turn.say('council.group.asked') })
  await turn.tell(
    [turn.actor.personId],
    {
      text: turn.say('council.group.confirm', { title, municipality: municipality.name }),
      buttons: [
        [{ label: turn.say.plain('council.group.yes'), tone: 'good', action: bindGroupAs(groupId) }],
        [{ label: turn.say.plain('council.group.no'), action: leaveGroupAs(groupId) }],
      ],
    },
    { reason: 'council-group' },
  )
}

/** The group that a coordinator of its municipality decides on; says so and gives null if there is none. */
async function groupFor(turn: Turn, groupId: number): Promise<CouncilGroup | null> {
  if (!allowed(turn, 'manage-faq')) return null
  const group = await groupById(turn.tx, groupId)
  if (group && group.state !== 'left') return group
  sayNo(turn, 'common.notFound')
  return null
}

async function bind(turn: Turn, groupId: number): Promise<void> {
  const group = await groupFor(turn, groupId)
  if (!group) return
  if (group.state === 'bound') return sayNo(turn, 'council.refusal.already')
  // Whether the chat serves another municipality is not for this one to see.
  await widenToSystem(turn.tx)
  const bound = await bindGroup(turn.tx, group, turn.now)
  await narrowToMunicipality(turn.tx, turn.municipality.id)
  if (!bound) return sayNo(turn, 'council.group.taken')
  turn.show({ text: turn.say('council.group.bound', { title: group.title }) })
  await turn.services.enqueue(turn.tx, [
    {
      municipalityId: turn.municipality.id,
      personId: null,
      messenger: 'telegram',
      chat: group.chat,
      lane: 'answer',
      reason: 'council-group',
      content: {
        do: 'send',
        screen: { text: turn.say('council.group.hello', { municipality: turn.municipality.name }) },
      },
    },
  ])
}

async function leave(turn: Turn, groupId: number): Promise<void> {
  const group = await groupFor(turn, groupId)
  if (!group || !(await leaveGroup(turn.tx, groupId))) return
  turn.show({ text: turn.say(group.state === 'bound' ? 'council.desk.groupLeft' : 'council.group.declined') })
}

/** Tells the coordinators that the bot was taken out of the council's group. Comes with the program's own rights and gives them back. */
export async function tellGroupLost(
  tx: Tx,
  services: Services,
  group: CouncilGroup,
  coordinators: number[],
): Promise<void> {
  await narrowToMunicipality(tx, group.municipalityId)
  const { locale, timezone } = await municipalityById(tx, group.municipalityId)
  const say = wordsOf(locale, localDate(services.now(), timezone), timezone)
  const screen = { text: say('council.group.lost', { title: group.title }) }
  const options = { reason: 'council-group', onceKey: `group-lost:${group.id}` }
  await services.enqueue(tx, await messagesTo(tx, group.municipalityId, coordinators, screen, options))
  await widenToSystem(tx)
}
