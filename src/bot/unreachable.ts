import { narrowToMunicipality, type Tx, widenToSystem } from '../db/database.ts'
import { municipalityById, peopleWithRoles, rolesOfPerson } from '../db/people.ts'
import { localDate } from '../kernel/clock.ts'
import type { Services } from './services.ts'
import { messagesTo } from './turn.ts'
import { wordsOf } from './words.ts'

/** Tells the coordinators of each of a person's municipalities, once, that the bot does not reach that person any more. Comes with the program's own rights. */
export async function tellOfUnreachable(tx: Tx, services: Services, personId: number): Promise<void> {
  for (const place of await rolesOfPerson(tx, personId)) {
    await narrowToMunicipality(tx, place.municipalityId)
    const municipality = await municipalityById(tx, place.municipalityId)
    const say = wordsOf(municipality.locale, localDate(services.now(), municipality.timezone), municipality.timezone)
    const text = say('common.unreachable', { name: place.fullName, organization: place.organizationName })
    const coordinators = await peopleWithRoles(tx, place.municipalityId, ['coordinator'])
    const told = coordinators.map((person) => person.personId).filter((candidate) => candidate !== personId)
    await services.enqueue(
      tx,
      await messagesTo(tx, place.municipalityId, told, { text }, { reason: 'unreachable', lane: 'reminder' }),
    )
    await widenToSystem(tx)
  }
}
