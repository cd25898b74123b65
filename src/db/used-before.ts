import { sql } from 'drizzle-orm'
import type { Tx } from './database.ts'

/** A piece of evidence that looks like one of an earlier report: the same file, or nearly the same picture. */
export type UsedBefore = {
  exact: boolean
  taskId: number
  receiptNumber: number | null
  organizationName: string
  title: string
}

/** Places of 64 in which the hashes of two pictures may differ to count as nearly the same. */
const NEAR = 5
const SHOWN = 3

/** Earlier reports of the municipality that have a file of this report, or nearly the same picture; the nearest first. */
export async function usedBefore(tx: Tx, reportId: number): Promise<UsedBefore[]> {
  const rows = await tx.execute<{
    exact: boolean
    task_id: string
    receipt_number: number | null
    organization_name: string
    title: string
  }>(sql`
    select distinct on (other.report_id) f.sha256 = g.sha256 as exact, r.task_id, r.receipt_number, o.short_name as organization_name, a.title
      from evidence mine
      join files f on f.municipality_id = mine.municipality_id and f.sha256 = mine.sha256
      join files g on g.municipality_id = f.municipality_id
       and (g.sha256 = f.sha256 or f.picture_hash is not null and g.picture_hash is not null
            and bit_count(f.picture_hash::bit(64) # g.picture_hash::bit(64)) <= ${NEAR})
      join evidence other on other.municipality_id = g.municipality_id and other.sha256 = g.sha256 and other.state = 'stored' and other.report_id < mine.report_id
      join reports r on r.id = other.report_id and r.state <> 'withdrawn'
      join tasks t on t.id = r.task_id
      join activities a on a.id = t.activity_id
      join organizations o on o.id = t.organization_id
     where mine.report_id = ${reportId} and mine.state = 'stored'
     order by other.report_id, exact desc
     limit ${SHOWN}`)
  return rows.map((row) => ({
    exact: row.exact,
    taskId: Number(row.task_id),
    receiptNumber: row.receipt_number,
    organizationName: row.organization_name,
    title: row.title,
  }))
}
