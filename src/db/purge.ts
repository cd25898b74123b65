import { type SQL, sql } from 'drizzle-orm'
import type { Instant } from '../kernel/clock.ts'
import { RETENTION, type RetentionKind } from '../people/retention.ts'
import type { Tx } from './database.ts'

/** How many rows of each kind were destroyed, and the files that nothing names any more: to be taken out of the store after the commit. */
export type Purged = { counts: Record<RetentionKind, number>; files: { municipalityId: number; sha256: string }[] }

/** What destroys each kind, given the moment before which it is too old. */
const STATEMENTS: Record<Exclude<RetentionKind, 'orphaned-files'>, (before: Instant) => SQL> = {
  'used-invites': (before) => sql`delete from invites where used_at < ${before.toString()}`,
  'expired-invites': (before) =>
    sql`delete from invites where used_at is null and (expires_at < ${before.toString()} or revoked_at < ${before.toString()})`,
  'wrong-tokens': (before) => sql`delete from invite_attempts where at < ${before.toString()}`,
  updates: (before) => sql`delete from inbox where state = 'done' and received_at < ${before.toString()}`,
  'set-aside-updates': (before) =>
    sql`delete from inbox where state = 'set-aside' and received_at < ${before.toString()}`,
  dialogs: (before) => sql`delete from dialogs where updated_at < ${before.toString()}`,
  strangers: (before) =>
    sql`delete from dialogs where state ->> 'kind' = 'stranger' and updated_at < ${before.toString()}`,
  'door-messages': (before) =>
    sql`delete from deliveries where reason in ('door', 'forgotten') and state not in ('queued', 'sending') and created_at < ${before.toString()}`,
  'invite-links': (before) =>
    sql`update deliveries set content = ${EMPTY}::jsonb where reason = 'invite-link' and state not in ('queued', 'sending') and content <> ${EMPTY}::jsonb and created_at < ${before.toString()}`,
  'message-texts': (before) =>
    sql`update deliveries set content = ${EMPTY}::jsonb where state not in ('queued', 'sending') and content <> ${EMPTY}::jsonb and created_at < ${before.toString()}`,
  messages: (before) =>
    sql`delete from deliveries where state not in ('queued', 'sending') and created_at < ${before.toString()}`,
  'unsorted-files': (before) =>
    sql`update evidence set state = 'removed', sha256 = null, messenger_file_id = null, messenger_file_key = null, file_name = null, caption = null
         where report_id is null and state <> 'removed' and received_at < ${before.toString()}`,
  'draft-questions': (before) => sql`delete from questions where state = 'draft' and created_at < ${before.toString()}`,
  'notes-of-settings': (before) => sql`delete from setting_changes where at < ${before.toString()}`,
}

/** What is left of a message whose words were destroyed. */
const EMPTY = JSON.stringify({ do: 'send', screen: { text: '' } })

/**
 * Destroys everything whose term is over at `now`: the nightly tick. Needs the program's own rights. Twice in a row destroys nothing more. The
 * caller removes `files` from the store once the transaction is committed.
 */
export async function purge(tx: Tx, now: Instant): Promise<Purged> {
  const counts = {} as Record<RetentionKind, number>
  for (const [kind, statement] of Object.entries(STATEMENTS) as [keyof typeof STATEMENTS, (before: Instant) => SQL][])
    counts[kind] = (await tx.execute(statement(termOf(kind, now)))).count
  const files = await takeOrphanedFiles(tx, termOf('orphaned-files', now))
  counts['orphaned-files'] = files.length
  return { counts, files }
}

function termOf(kind: RetentionKind, now: Instant): Instant {
  return now.subtract({ hours: 24 * RETENTION[kind].days })
}

/** Forgets the files that neither evidence, a question, a roadmap nor an announcement names, nor a message that was not emptied yet. */
async function takeOrphanedFiles(tx: Tx, before: Instant): Promise<Purged['files']> {
  const rows = await tx.execute<{ municipality_id: string; sha256: string }>(sql`
    delete from files f
     where f.created_at < ${before.toString()}
       and not exists (select from evidence e where e.municipality_id = f.municipality_id and e.sha256 = f.sha256)
       and not exists (select from announcement_files n where n.municipality_id = f.municipality_id and n.sha256 = f.sha256)
       and not exists (select from question_files q where q.municipality_id = f.municipality_id and q.sha256 = f.sha256)
       and not exists (select from roadmaps r where r.municipality_id = f.municipality_id and r.source_sha256 = f.sha256)
       and not exists (
             select from deliveries d
              where d.municipality_id = f.municipality_id and d.content -> 'screen' -> 'attachments' @> jsonb_build_array(jsonb_build_object('sha256', f.sha256)))
    returning municipality_id, sha256`)
  return rows.map((row) => ({ municipalityId: Number(row.municipality_id), sha256: row.sha256 }))
}
