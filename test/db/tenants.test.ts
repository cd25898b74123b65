import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../support/people.ts'
import { fill } from '../support/rivals.ts'

let world: World
let tables: { name: string; secured: boolean; policies: string[]; reachable: boolean }[]

beforeAll(async () => {
  world = await aWorld()
  await fill(world)
  tables = await world.database.sql`
    select c.relname as name, c.relrowsecurity as secured,
           has_table_privilege('sovet_tenant', c.oid, 'select, insert, update, delete') as reachable,
           array(select p.polname::text from pg_policy p where p.polrelid = c.oid) as policies
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'municipality_id' and not a.attisdropped
     where c.relkind in ('r', 'p') order by 1`
})
afterAll(() => world.database.close())

const as = <T>(
  municipalityId: number,
  work: (tx: Parameters<Parameters<World['database']['inMunicipality']>[1]>[0]) => Promise<T>,
) => world.database.inMunicipality(municipalityId, work)

describe('a table with a municipality', () => {
  it('has row-level security and a policy, or no tenant may touch it at all', () => {
    expect(tables.length).toBeGreaterThan(20)
    expect(
      tables
        .filter((table) => table.reachable && (!table.secured || table.policies.length === 0))
        .map((table) => table.name),
    ).toEqual([])
  })

  it('shows a tenant no row of another municipality, whatever the query forgets to ask', async () => {
    const open: string[] = []
    let foreignRows = 0
    for (const { name } of tables) {
      const [all] = await world.database.sql<{ n: number }[]>`
        select count(*)::int as n from ${world.database.sql(name)} where municipality_id = ${world.municipalityId}`
      foreignRows += all!.n
      const seen = await as(world.other.municipalityId, async (tx) => {
        const [allowed] = await tx.execute<{ may: boolean }>(
          sql`select has_table_privilege(${`public.${name}`}, 'select') as may`,
        )
        if (!allowed!.may) return 0
        const [row] = await tx.execute<{ n: number }>(
          sql`select count(*)::int as n from ${sql.identifier(name)} where municipality_id = ${world.municipalityId}`,
        )
        return row!.n
      })
      if (seen > 0) open.push(name)
    }
    expect(foreignRows).toBeGreaterThan(30)
    expect(open).toEqual([])
  })

  it('lets a tenant change, remove or add no row of another municipality', async () => {
    const open: string[] = []
    for (const { name } of tables) {
      const id = sql`${world.municipalityId}`
      for (const [what, attempt] of [
        [
          'update',
          sql`update ${sql.identifier(name)} set municipality_id = municipality_id where municipality_id = ${id}`,
        ],
        ['delete', sql`delete from ${sql.identifier(name)} where municipality_id = ${id}`],
        [
          'take over',
          sql`update ${sql.identifier(name)} set municipality_id = ${id} where municipality_id = ${world.other.municipalityId}`,
        ],
      ] as const) {
        const changed = await as(world.other.municipalityId, (tx) => tx.execute(attempt)).then(
          (result) => (result as unknown as { count: number }).count,
          () => 0, // refused by the policy or for want of the right
        )
        if (changed > 0) open.push(`${what} ${name}`)
      }
    }
    expect(open).toEqual([])
  })
})
