import { eq } from 'drizzle-orm'
import { narrowToMunicipality, widenToSystem } from '../../db/database.ts'
import { personAt } from '../../db/opening.ts'
import { municipalityById, peopleWithRoles } from '../../db/people.ts'
import { dataCounts, forgetPerson, personalData, type Vacancy } from '../../db/personal-data.ts'
import { accounts } from '../../db/schema/index.ts'
import { staffCard } from '../../db/staff.ts'
import { personalDataPage } from '../../documents/write/personal-data-page.ts'
import { localDate } from '../../kernel/clock.ts'
import { FORGET_WORDS } from '../../people/consent.ts'
import {
  askForgetMe,
  forgetMe,
  openAboutMe,
  openMunicipalities,
  openMyData,
  sendMyData,
  showConsent,
  switchMunicipality,
} from '../buttons-people.ts'
import { aboutMe as aboutMeScreen, forgetScreen, municipalitiesScreen, myDataScreen } from '../screens/about-me.ts'
import { menuKeyboard } from '../screens/menu.ts'
import { capital } from '../screens/pages.ts'
import { type Feature, messagesTo, on, type Turn } from '../turn.ts'
import { wordsOf } from '../words.ts'
import { showAbsences } from './absences.ts'
import { sayNo } from './coordinating.ts'
import { showDeputies } from './deputies.ts'

/** What people write instead of looking for a button; the consent's text names «забыть меня». */
const WRITTEN: readonly (readonly [RegExp, (turn: Turn) => Promise<void> | void])[] = [
  [FORGET_WORDS, askToForget],
  [/^мои данные$/iu, showMyData],
  [/^мой заместитель$/iu, showDeputies],
  [/^(мой )?отпуск$/iu, showAbsences],
  [/^сменить муниципалитет$/iu, showMunicipalities],
]

/** «Обо мне»: the person's own data, their deputy and absence are one tap away; being forgotten; another municipality. */
export const aboutMe: Feature = {
  menu: [{ key: 'me.menu', command: 'me', shown: () => true, run: showMe }],
  taps: [
    on(openAboutMe, showMe),
    on(openMyData, showMyData),
    on(sendMyData, exportMine),
    on(showConsent, showConsentText),
    on(askForgetMe, askToForget),
    on(forgetMe, forget),
    on(openMunicipalities, showMunicipalities),
    on(switchMunicipality, switchTo),
  ],
  text: async (turn) => {
    if (turn.incoming.kind !== 'text' || turn.incoming.edited) return false
    const words = turn.incoming.text.trim().replace(/[«»".!]/g, '')
    const written = WRITTEN.find(([pattern]) => pattern.test(words))
    if (!written) return false
    await written[1](turn)
    return true
  },
}

async function showMe(turn: Turn): Promise<void> {
  const card = await staffCard(turn.tx, turn.municipality.id, turn.actor.personId)
  turn.forget()
  turn.show(
    aboutMeScreen(turn.say, {
      actor: turn.actor,
      name: turn.person.fullName,
      municipality: turn.municipality.name,
      several: turn.person.municipalityCount > 1,
      roles: (card?.roles ?? []).map(({ role, organizationNames }) => ({
        role: capital(turn.say.plain(`role.${role}`)),
        organizations: organizationNames.join(', '),
      })),
    }),
  )
}

/** Runs `work` with the program's own rights: what concerns one person goes over all their municipalities. */
async function asProgram<Value>(turn: Turn, work: () => Promise<Value>): Promise<Value> {
  await widenToSystem(turn.tx)
  const value = await work()
  await narrowToMunicipality(turn.tx, turn.municipality.id)
  return value
}

async function showMyData(turn: Turn): Promise<void> {
  const { say, actor, municipality } = turn
  const card = await staffCard(turn.tx, municipality.id, actor.personId)
  const { consent, ...counts } = await dataCounts(turn.tx, municipality.id, actor.personId)
  turn.forget()
  turn.show(
    myDataScreen(say, {
      name: turn.person.fullName,
      phone: card?.phone ?? null,
      counts,
      consent: consent && { version: consent.version, day: say.day(localDate(consent.givenAt, municipality.timezone)) },
    }),
  )
}

function showConsentText(turn: Turn): void {
  turn.send({ text: turn.say('gettingIn.consent', { municipality: turn.municipality.name }) })
}

/** All that is kept of the person, as a page that any browser opens; a file of theirs alone. */
async function exportMine(turn: Turn): Promise<void> {
  const data = await asProgram(turn, () => personalData(turn.tx, turn.actor.personId))
  if (!data) return sayNo(turn, 'common.notFound')
  const attachment = await turn.services.keepFile(turn.tx, {
    municipalityId: turn.municipality.id,
    bytes: personalDataPage(data, {
      title: turn.say.plain('me.data.pageTitle'),
      made: turn.say.plain('me.data.pageMade', { when: turn.say.moment(turn.now) }),
    }),
    fileName: `${turn.say.plain('me.data.fileName')}-${turn.today}.html`,
    mime: 'text/html',
    kind: 'document',
  })
  turn.send({ text: turn.say('me.data.here'), attachments: [attachment] }, { reason: 'personal-data' })
}

function askToForget(turn: Turn): void {
  turn.forget()
  turn.show(forgetScreen(turn.say))
}

async function forget(turn: Turn): Promise<void> {
  const { personId } = turn.actor
  const result = await asProgram(turn, () => forgetPerson(turn.tx, { personId, askedBy: 'person', now: turn.now }))
  if (!result.ok)
    return result.refusal.code === 'last-coordinator'
      ? sayNo(turn, 'me.forget.lastCoordinator', { municipality: result.refusal.municipality })
      : sayNo(turn, 'common.notFound')
  turn.forget()
  await asProgram(turn, () => tellCoordinators(turn, result.value.vacancies))
  await sayGoodbye(turn)
}

/** The last words, to the chat alone: no row of ours names the person any more. */
async function sayGoodbye(turn: Turn): Promise<void> {
  const { incoming, say } = turn
  const to = {
    municipalityId: null,
    personId: null,
    messenger: incoming.messenger,
    chat: incoming.chat,
    lane: 'answer',
    reason: 'forgotten',
  } as const
  await asProgram(turn, () =>
    turn.services.enqueue(turn.tx, [
      { ...to, content: { do: 'send', screen: { text: say('me.forget.done'), keyboard: 'none' } } },
    ]),
  )
}

async function tellCoordinators(turn: Turn, vacancies: Vacancy[]): Promise<void> {
  for (const [municipalityId, own] of Map.groupBy(vacancies, (vacancy) => vacancy.municipalityId)) {
    const municipality = await municipalityById(turn.tx, municipalityId)
    const say = wordsOf(municipality.locale, localDate(turn.now, municipality.timezone), municipality.timezone)
    const roles = own.map((vacancy) =>
      say.plain('people.person.roleAt', {
        role: say.plain(`role.${vacancy.role}`),
        organization: vacancy.organizationName,
      }),
    )
    const coordinators = await peopleWithRoles(turn.tx, municipalityId, ['coordinator'])
    const told = await messagesTo(
      turn.tx,
      municipalityId,
      coordinators.map((person) => person.personId),
      { text: say('me.forget.told', { roles: roles.join('\n') }) },
      { reason: 'somebody-forgotten' },
    )
    await turn.services.enqueue(turn.tx, told)
  }
}

async function placesOf(turn: Turn) {
  const { messenger, account } = turn.incoming
  return asProgram(turn, async () => {
    const person = await personAt(turn.tx, { messenger, address: account })
    const ids = [...new Set((person?.memberships ?? []).map((membership) => membership.municipalityId))]
    const places = []
    for (const id of ids) places.push(await municipalityById(turn.tx, id))
    return { person, places }
  })
}

async function showMunicipalities(turn: Turn): Promise<void> {
  const { places } = await placesOf(turn)
  if (places.length < 2) return sayNo(turn, 'me.switch.onlyOne')
  turn.show(municipalitiesScreen(turn.say, { places, present: turn.municipality.id }))
}

/** From now on the chat shows another municipality of the person: its menu comes at once. */
async function switchTo(turn: Turn, municipalityId: number): Promise<void> {
  const { person, places } = await placesOf(turn)
  const place = places.find((one) => one.id === municipalityId)
  if (!person || !place) return sayNo(turn, 'common.notFound')
  const { incoming } = turn
  const say = wordsOf(place.locale, localDate(turn.now, place.timezone), place.timezone)
  const memberships = person.memberships.filter((membership) => membership.municipalityId === place.id)
  const keyboard = menuKeyboard(say, { personId: person.personId, municipalityId: place.id, memberships })
  turn.forget()
  await asProgram(turn, async () => {
    await turn.tx.update(accounts).set({ activeMunicipalityId: place.id }).where(eq(accounts.id, person.accountId))
    await turn.services.enqueue(turn.tx, [
      {
        municipalityId: place.id,
        personId: person.personId,
        messenger: incoming.messenger,
        chat: incoming.chat,
        lane: 'answer',
        reason: 'answer',
        content: { do: 'send', screen: { text: say('me.switch.done', { municipality: place.name }), keyboard } },
      },
    ])
  })
}
