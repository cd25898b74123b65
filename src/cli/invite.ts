import { ROLES, type Role } from '../access/rights.ts'
import type { Tx } from '../db/database.ts'
import { invitePeople } from '../db/invitations.ts'
import { organizationsOfMunicipality } from '../db/people.ts'
import { systemClock } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import { foldedPhone, INVITE_DAYS, inviteLink } from '../people/invite.ts'
import { cleanName } from '../people/names.ts'
import { SCHOOL_ROLES } from '../people/person-list.ts'
import { findOrganizations } from '../people/school-names.ts'
import type { Command } from './main.ts'
import { botName, linkWords, municipalityTyped, withProduct } from './open-product.ts'
import { needed, print, readCall } from './options.ts'

const USAGE = `sovet invite --municipality "Заречный район" --role ${ROLES.join('|')} --name "Фамилия Имя Отчество" [--school "СОШ № 1; СОШ № 2"] [--phone +79001112233] [--json]`

const OPTIONS = {
  municipality: { type: 'string' },
  role: { type: 'string' },
  name: { type: 'string' },
  school: { type: 'string', multiple: true },
  phone: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** `sovet invite …`: invites one person at the command line and prints the link. Status 1 where they are invited or in already. */
export const command: Command = {
  summary:
    'invite --municipality … --role … --name … [--school …] [--phone …]   пригласить человека, напечатать личную ссылку',
  async run(args) {
    const { values, positionals } = readCall(args, OPTIONS, USAGE)
    if (positionals.length > 0) throw new InputProblem(`unexpected «${positionals[0]}»\n${USAGE}`)
    const role = ROLES.find((candidate) => candidate === values.role)
    if (!role) throw new InputProblem(`--role: expected one of ${ROLES.join(', ')}`)
    const name = cleanName(needed(values.name, 'name', USAGE))
    if (!name) throw new InputProblem('--name: expected a full name, such as «Орлова Мария Петровна»')
    const phone = values.phone === undefined ? null : foldedPhone(values.phone)
    if (values.phone !== undefined && !phone) throw new InputProblem(`--phone: «${values.phone}» is no phone number`)
    const typed = needed(values.municipality, 'municipality', USAGE)
    return invite({ typed, role, name, phone, schools: values.school ?? [], json: values.json })
  },
}

type Call = {
  typed: string
  role: Role
  name: string
  phone: string | null
  schools: string[]
  json: boolean | undefined
}

async function invite({ typed, role, name, phone, schools, json }: Call): Promise<number> {
  return withProduct(async ({ database, config }) => {
    const bot = await botName(config)
    const result = await database.asSystem(async (tx) => {
      const municipality = await municipalityTyped(tx, typed)
      const organizationIds = await placesTyped(tx, municipality.id, role, schools)
      const [invited] = await invitePeople(tx, {
        municipalityId: municipality.id,
        invitedById: null,
        wanted: [{ name, role, organizationIds, phone }],
        now: systemClock.now(),
      })
      return invited
    })
    if (result?.kind !== 'invited') {
      print(
        json,
        { invited: false, reason: result?.kind },
        `${name}: приглашение не нужно, такое уже есть или человек уже вошёл.`,
      )
      return 1
    }
    print(
      json,
      {
        invited: true,
        id: result.inviteId,
        link: inviteLink(bot.name, result.token),
        expiresAt: result.expiresAt.toString(),
      },
      `Личная ссылка (${name}), действует ${INVITE_DAYS} дней и сработает один раз:\n${linkWords(bot, result.token)}`,
    )
    return 0
  })
}

async function placesTyped(tx: Tx, municipalityId: number, role: Role, typed: string[]): Promise<number[]> {
  if (!SCHOOL_ROLES.includes(role)) {
    const departments = await organizationsOfMunicipality(tx, municipalityId, { kind: 'department' })
    return departments.slice(0, 1).map((department) => department.id)
  }
  const register = await organizationsOfMunicipality(tx, municipalityId, { kind: 'school' })
  const found = findOrganizations(needed(typed.join('; '), 'school', USAGE), register)
  if (found.ok) return found.value
  const known = register.map((school) => school.shortName).join(', ')
  throw new InputProblem(
    `--school: «${found.refusal.found}» is not one school of the register; there are: ${known || 'none'}`,
  )
}
