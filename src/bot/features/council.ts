import { holds, may } from '../../access/rights.ts'
import { topics } from '../../council/topics.ts'
import { boundGroup, toggleTopic, topicsOfAll } from '../../db/council-people.ts'
import { waitingProposals } from '../../db/faq-desk.ts'
import { peopleWithRoles } from '../../db/people.ts'
import type { Button } from '../../delivery/screen.ts'
import {
  leaveGroupAs,
  openCouncil,
  openCouncilReport,
  openFaq,
  openMembers,
  openProposals,
  openQuestionList,
  openTopics,
  toggleTopicOf,
} from '../buttons-council.ts'
import { topicWords } from '../screens/council.ts'
import { rows } from '../screens/pages.ts'
import { type Feature, on, type Turn } from '../turn.ts'
import { openFor } from './answering.ts'
import { allowed, sayNo } from './coordinating.ts'
import { groupBinding } from './council-group.ts'

/** «Совет»: what waits for the council, who is in it and answers about what, and where it answers. */
export const council: Feature = {
  menu: [
    {
      key: 'council.menuCouncil',
      command: 'council',
      shown: (actor) => holds(actor, ['council', 'coordinator']),
      run: showDesk,
    },
  ],
  taps: [
    on(openCouncil, showDesk),
    on(openMembers, showMembers),
    on(openTopics, showTopics),
    on(toggleTopicOf, toggle),
    ...groupBinding,
  ],
}

async function showDesk(turn: Turn): Promise<void> {
  if (!allowed(turn, 'answer-questions')) return
  const { say, tx, municipality } = turn
  const keeps = may(turn.actor, 'manage-faq', { municipalityId: municipality.id })
  const open = await openFor(turn)
  const proposals = keeps ? await waitingProposals(tx, municipality.id) : []
  const group = keeps ? await boundGroup(tx, municipality.id) : null
  const groupLine = group ? say('council.desk.groupBound', { title: group.title }) : say('council.desk.groupNone')
  const coordinating: Button[][] = [
    proposals.length > 0 ? [{ label: say.plain('council.desk.proposalsButton'), action: openProposals() }] : [],
    [
      { label: say.plain('council.desk.members'), action: openMembers() },
      { label: say.plain('council.desk.report'), action: openCouncilReport() },
    ],
    group ? [{ label: say.plain('council.desk.leaveGroup'), action: leaveGroupAs(group.id) }] : [],
  ]
  turn.show({
    text: say('council.desk.title', {
      open: open.length > 0 ? say('council.desk.open', { count: open.length }) : say('council.desk.openNone'),
      proposals: proposals.length > 0 ? say('council.desk.proposals', { count: proposals.length }) : '',
      group: keeps ? groupLine : '',
    }),
    buttons: rows(
      open.length > 0
        ? [{ label: say.plain('council.desk.questions'), tone: 'main', action: openQuestionList(0) }]
        : [],
      [
        { label: say.plain('council.faq'), action: openFaq() },
        ...(holds(turn.actor, ['council'])
          ? [{ label: say.plain('council.desk.myTopics'), action: openTopics(turn.actor.personId) }]
          : []),
      ],
      ...(keeps ? coordinating : []),
    ),
  })
}

async function showMembers(turn: Turn): Promise<void> {
  if (!allowed(turn, 'manage-faq')) return
  const { say } = turn
  const back: Button[] = [{ label: say.plain('common.back'), action: openCouncil() }]
  const members = await peopleWithRoles(turn.tx, turn.municipality.id, ['council'])
  if (members.length === 0) return turn.show({ text: say('council.desk.membersNone'), buttons: [back] })
  const chosen = await topicsOfAll(turn.tx, turn.municipality.id)
  const lines = members.map(({ personId, fullName }) => {
    const own = chosen.get(personId)?.map((topic) => topicWords(say, topic)) ?? [say.plain('council.desk.allTopics')]
    return say('council.desk.memberLine', { name: fullName, topics: own.join(', ') })
  })
  turn.show({
    text: say('council.desk.membersTitle', { lines: lines.join('\n') }),
    buttons: [
      ...members.slice(0, 40).map(({ personId, fullName }) => [{ label: fullName, action: openTopics(personId) }]),
      back,
    ],
  })
}

/** The member whose topics are chosen: oneself, or, for the coordinator, anybody of the council; says so and gives null if not. */
async function memberFor(turn: Turn, personId: number): Promise<{ personId: number; fullName: string } | null> {
  const own = personId === turn.actor.personId
  if (!allowed(turn, own ? 'answer-questions' : 'manage-faq')) return null
  const members = await peopleWithRoles(turn.tx, turn.municipality.id, ['council'])
  const member = members.find((person) => person.personId === personId)
  if (!member) sayNo(turn, 'common.notFound')
  return member ?? null
}

async function showTopics(turn: Turn, personId: number): Promise<void> {
  const member = await memberFor(turn, personId)
  if (!member) return
  const { say } = turn
  const chosen = (await topicsOfAll(turn.tx, turn.municipality.id)).get(personId) ?? []
  const label = (code: string): string =>
    say.plain(chosen.includes(code) ? 'council.desk.topicOn' : 'council.desk.topicOff', {
      topic: topicWords(say, code),
    })
  turn.show({
    text: say('council.desk.topicsTitle', { name: member.fullName }),
    buttons: [
      ...topics.map(({ code }) => [{ label: label(code), action: toggleTopicOf(personId, code) }]),
      [{ label: say.plain('common.back'), action: openCouncil() }],
    ],
  })
}

async function toggle(turn: Turn, personId: number, topic: string): Promise<void> {
  const member = await memberFor(turn, personId)
  if (!member) return
  if (!topics.some(({ code }) => code === topic)) return sayNo(turn, 'common.notFound')
  await toggleTopic(turn.tx, { municipalityId: turn.municipality.id, personId, topic })
  await showTopics(turn, personId)
}
