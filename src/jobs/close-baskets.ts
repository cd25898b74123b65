import { and, eq, gte, lt, sql } from 'drizzle-orm'
import { closeBasketByItself } from '../bot/features/evidence.ts'
import { ownOccasion } from '../bot/own-occasion.ts'
import type { Services } from '../bot/services.ts'
import { takeTurn } from '../bot/take-turn.ts'
import { NIGHT } from '../calendar/night.ts'
import type { Database } from '../db/database.ts'
import { personAt } from '../db/opening.ts'
import { accounts, evidence, municipalities, reports } from '../db/schema/index.ts'
import { eachApart } from './each-apart.ts'

/** Minutes without a new file after which a basket that has one is closed in its author's name: not everybody presses «Это всё». */
const IDLE_MINUTES = 30

/** The tick that closes baskets left open, each in a transaction of its own; those that were left at night in the morning: curators hear of each. */
export async function closeIdleBaskets(database: Database, services: Services): Promise<void> {
  const now = services.now()
  const localTime = sql<string>`(${now.toString()}::timestamptz at time zone ${municipalities.timezone})::time`
  const idle = await database.asSystem((tx) =>
    tx
      .selectDistinct({
        reportId: reports.id,
        municipalityId: reports.municipalityId,
        taskId: reports.taskId,
        messenger: accounts.messenger,
        address: accounts.address,
      })
      .from(reports)
      .innerJoin(municipalities, eq(municipalities.id, reports.municipalityId))
      .innerJoin(evidence, and(eq(evidence.reportId, reports.id), eq(evidence.state, 'stored')))
      .innerJoin(accounts, and(eq(accounts.personId, reports.authorId), eq(accounts.state, 'reachable')))
      .where(
        and(
          eq(reports.state, 'collecting'),
          gte(localTime, NIGHT.to.toString()),
          lt(localTime, NIGHT.from.toString()),
          lt(reports.touchedAt, now.subtract({ minutes: IDLE_MINUTES })),
          sql`not exists (select from ${evidence} e where e.report_id = ${reports.id} and (e.state = 'arriving' or e.received_at > ${now.subtract({ minutes: IDLE_MINUTES }).toString()}::timestamptz))`,
        ),
      )
      .limit(500),
  )
  await eachApart(idle, (basket) =>
    database.asSystem(async (tx) => {
      const person = await personAt(tx, basket)
      if (!person?.memberships.some((membership) => membership.municipalityId === basket.municipalityId)) return
      const incoming = ownOccasion(basket.address, services)
      await takeTurn(tx, services, { incoming, person, municipalityId: basket.municipalityId, subject: null }, (turn) =>
        closeBasketByItself(turn, basket.taskId),
      )
    }),
  )
}
