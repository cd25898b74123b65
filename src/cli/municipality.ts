import { count, eq } from 'drizzle-orm'
import { parseZone, russianZones } from '../calendar/zones.ts'
import { createInvite, createMunicipality, municipalityByName } from '../db/people.ts'
import { municipalities, organizations } from '../db/schema/index.ts'
import { systemClock } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import { INVITE_DAYS, inviteLink } from '../people/invite.ts'
import { cleanName, cleanOrganizationName } from '../people/names.ts'
import type { Command } from './main.ts'
import { botName, linkWords, withProduct } from './open-product.ts'
import { needed, print, readCall } from './options.ts'

const USAGE = `sovet municipality create --name "Заречный район" --timezone Asia/Omsk [--department "Управление образования"] [--coordinator "Фамилия Имя Отчество"] [--json]
sovet municipality list [--json]`

const OPTIONS = {
  name: { type: 'string' },
  timezone: { type: 'string' },
  department: { type: 'string' },
  coordinator: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** `sovet municipality …`: makes a municipality with the invite of its first coordinator, and lists them. */
export const command: Command = {
  summary:
    'municipality create --name … --timezone …   завести муниципалитет и пригласить первого координатора; municipality list',
  async run(args) {
    const { values, positionals } = readCall(args, OPTIONS, USAGE)
    const [action, ...rest] = positionals
    if (rest.length > 0) throw new InputProblem(`unexpected «${rest[0]}»\n${USAGE}`)
    if (action === 'create') return create(values)
    if (action === 'list') return list(values.json)
    throw new InputProblem(`expected create or list\n${USAGE}`)
  },
}

type Values = { name?: string; timezone?: string; department?: string; coordinator?: string; json?: boolean }

async function create(values: Values): Promise<number> {
  const name = cleanOrganizationName(needed(values.name, 'name', USAGE))
  const zone = parseZone(needed(values.timezone, 'timezone', USAGE))
  const department = cleanOrganizationName(values.department ?? 'Управление образования')
  const coordinator = values.coordinator === undefined ? 'Координатор муниципалитета' : cleanName(values.coordinator)
  if (!name) throw new InputProblem('--name: expected a name of at least two letters')
  if (!zone.ok)
    throw new InputProblem(
      `--timezone: «${zone.refusal.found}» is no time zone; in Russia: ${russianZones.map((one) => one.zone).join(', ')}`,
    )
  if (!department) throw new InputProblem('--department: expected a name of at least two letters')
  if (!coordinator) throw new InputProblem('--coordinator: expected a full name, such as «Ветрова Ольга Павловна»')
  return withProduct(async ({ database, config }) => {
    const bot = await botName(config)
    const now = systemClock.now()
    const made = await database.asSystem(async (tx) => {
      if (await municipalityByName(tx, name)) throw new InputProblem(`--name: муниципалитет «${name}» уже есть`)
      const { municipality, departmentId } = await createMunicipality(tx, {
        name,
        timezone: zone.value,
        departmentName: department,
        now,
      })
      const invite = await createInvite(tx, {
        municipalityId: municipality.id,
        organizationIds: [departmentId],
        role: 'coordinator',
        personName: coordinator,
        phone: null,
        invitedById: null,
        now,
      })
      return { id: municipality.id, token: invite.token }
    })
    print(
      values.json,
      {
        id: made.id,
        name,
        timezone: zone.value,
        coordinator,
        link: inviteLink(bot.name, made.token),
        validDays: INVITE_DAYS,
      },
      `Муниципалитет «${name}» заведён, номер ${made.id}, пояс ${zone.value}.
Перешлите первому координатору (${coordinator}) личную ссылку, она действует ${INVITE_DAYS} дней и сработает один раз:
${linkWords(bot, made.token)}`,
    )
    return 0
  })
}

async function list(json: boolean | undefined): Promise<number> {
  return withProduct(async ({ database }) => {
    const rows = await database.asSystem((tx) =>
      tx
        .select({
          id: municipalities.id,
          name: municipalities.name,
          timezone: municipalities.timezone,
          organizations: count(organizations.id),
        })
        .from(municipalities)
        .leftJoin(organizations, eq(organizations.municipalityId, municipalities.id))
        .groupBy(municipalities.id)
        .orderBy(municipalities.id),
    )
    const lines = rows.map((row) => `${row.id}\t${row.name}\t${row.timezone}\tорганизаций: ${row.organizations}`)
    print(json, rows, lines.join('\n') || 'Муниципалитетов пока нет: sovet municipality create …')
    return 0
  })
}
