import type { Role } from '../../access/rights.ts'
import type { Tx } from '../../db/database.ts'
import {
  acceptInvite,
  addOrganization,
  createInvite,
  createMunicipality,
  findInvite,
  municipalityByName,
} from '../../db/people.ts'
import type { Instant } from '../../kernel/clock.ts'
import { CONSENT_VERSION } from '../../people/consent.ts'
import type { SandboxPerson } from '../world.ts'

const NAME = 'Заречный район'
/** The zone of the example, in which the page shows times. */
export const exampleZone = 'Europe/Moscow'

const SCHOOLS = ['Школа № 1 г. Заречного', 'Школа с. Берёзовка', 'Школа пос. Луговой'] as const

const COLOURS = ['#5b8def', '#e0719a', '#4fae8a', '#e19a3c', '#8f78d8']

type Player = SandboxPerson & { fullName: string; roles: { role: Role; school?: (typeof SCHOOLS)[number] }[] }

/** Who can be played on the sandbox's page: a coordinator, a curator of three schools, and their heads. */
export const players: Player[] = [
  player(1001, 'Елена', 'Соколова', 'Соколова Елена Викторовна', 'Координатор', [{ role: 'coordinator' }]),
  player(
    1002,
    'Ирина',
    'Белова',
    'Белова Ирина Олеговна',
    'Куратор',
    SCHOOLS.map((school) => ({ role: 'curator', school })),
  ),
  player(1003, 'Мария', 'Орлова', 'Орлова Мария Петровна', 'Директор, школа № 1', [
    { role: 'head', school: SCHOOLS[0] },
  ]),
  player(1004, 'Андрей', 'Лебедев', 'Лебедев Андрей Николаевич', 'Директор, Берёзовка', [
    { role: 'head', school: SCHOOLS[1] },
  ]),
  player(1005, 'Светлана', 'Зайцева', 'Зайцева Светлана Игоревна', 'Директор, Луговой', [
    { role: 'head', school: SCHOOLS[2] },
  ]),
]

function player(
  id: number,
  firstName: string,
  lastName: string,
  fullName: string,
  role: string,
  roles: Player['roles'],
): Player {
  return {
    id,
    firstName,
    lastName,
    phone: `7900000${id}`,
    role,
    colour: COLOURS[id % COLOURS.length] ?? '',
    fullName,
    roles,
  }
}

/** Makes the example municipality at the first start: everybody is in already. True when it was made just now. */
export async function prepareExample(tx: Tx, now: Instant): Promise<boolean> {
  if (await municipalityByName(tx, NAME)) return false
  const { municipality, departmentId } = await createMunicipality(tx, {
    name: NAME,
    timezone: exampleZone,
    departmentName: 'Управление образования',
    now,
  })
  const schoolIds = new Map<string, number>()
  for (const name of SCHOOLS) {
    const shortName = name.replace('Школа ', '').replace(' г. Заречного', '')
    schoolIds.set(
      name,
      await addOrganization(tx, {
        municipalityId: municipality.id,
        kind: 'school',
        name,
        shortName: `Школа ${shortName}`,
        now,
      }),
    )
  }
  for (const person of players) {
    for (const [role, places] of Map.groupBy(person.roles, (held) => held.role)) {
      const organizationIds = places.map((place) =>
        place.school ? (schoolIds.get(place.school) ?? departmentId) : departmentId,
      )
      await letIn(tx, person, { municipalityId: municipality.id, role, organizationIds, now })
    }
  }
  return true
}

async function letIn(
  tx: Tx,
  person: Player,
  given: { municipalityId: number; role: Role; organizationIds: number[]; now: Instant },
): Promise<void> {
  const { inviteId } = await createInvite(tx, { ...given, personName: person.fullName, phone: null, invitedById: null })
  const invite = await findInvite(tx, { id: inviteId })
  if (!invite) throw new Error('the invite that was just made is gone')
  await acceptInvite(tx, invite, {
    messenger: 'telegram',
    address: String(person.id),
    consentVersion: CONSENT_VERSION,
    phone: null,
    now: given.now,
  })
}
