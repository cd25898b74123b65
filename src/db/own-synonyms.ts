import { sql } from 'drizzle-orm'
import type { OwnSynonyms, TermInUse } from '../council/own-synonyms.ts'
import type { Tx } from './database.ts'

type GroupRow = { id: string; terms: string[] }

/** The municipality's own groups of synonyms, by their first term. */
export async function ownSynonyms(tx: Tx, municipalityId: number): Promise<OwnSynonyms[]> {
  return groupsOfScope(tx, municipalityId)
}

/** The groups of the common starter: what every municipality has. */
export async function commonSynonyms(tx: Tx): Promise<OwnSynonyms[]> {
  return groupsOfScope(tx, 0)
}

async function groupsOfScope(tx: Tx, scope: number): Promise<OwnSynonyms[]> {
  const rows = await tx.execute<GroupRow>(sql`
    select min(id) as id, array_agg(term order by id) as terms from faq_synonyms
     where scope = ${scope} group by meaning order by lower(meaning)`)
  return rows.map(({ id, terms }) => ({ id: Number(id), terms }))
}

/** How terms stand in the answers that the municipality sees, in the order of `terms`, and how many answers there are. */
export async function termsInUse(
  tx: Tx,
  municipalityId: number,
  terms: readonly string[],
): Promise<{ used: TermInUse[]; entryCount: number }> {
  const given = sql.param([...terms])
  const rows = await tx.execute<{ term: string; stems: string[]; entries: number }>(sql`
    select term, faq_lexemes(term) as stems,
           coalesce((select max(total) from (select sum(v.entries)::int as total from faq_vocabulary v
              where v.scope in (0, ${municipalityId}) and v.lexeme = any (faq_lexemes(term)) group by v.lexeme) found), 0) as entries
      from unnest(${given}::text[]) with ordinality as given (term, place) order by place`)
  const [count] = await tx.execute<{ entries: number }>(
    sql`select coalesce(sum(entries), 0)::int as entries from faq_scopes where scope in (0, ${municipalityId})`,
  )
  return { used: [...rows], entryCount: count?.entries ?? 0 }
}

/** Keeps terms that stand for each other in this municipality; the search hears them at once. Gives the group's id. */
export async function addSynonyms(tx: Tx, municipalityId: number, terms: readonly string[]): Promise<number> {
  const meaning = terms.slice(0, 2).join(' = ')
  const rows = await tx.execute<{ id: string }>(sql`
    insert into faq_synonyms (municipality_id, meaning, term, strength)
    select ${municipalityId}, ${meaning}, term, 1 from unnest(${sql.param([...terms])}::text[]) with ordinality as given (term, place) order by place
    on conflict (scope, meaning, term) do update set strength = 1
    returning id`)
  return Math.min(...rows.map(({ id }) => Number(id)))
}

/** Removes the municipality's own group of which `id` is a row; gives its terms, null where there is none. */
export async function removeSynonyms(tx: Tx, municipalityId: number, id: number): Promise<string[] | null> {
  const rows = await tx.execute<{ id: string; term: string }>(sql`
    delete from faq_synonyms gone using faq_synonyms named
     where named.id = ${id} and named.municipality_id = ${municipalityId}
       and gone.municipality_id = named.municipality_id and gone.meaning = named.meaning
    returning gone.id, gone.term`)
  if (rows.length === 0) return null
  return rows.toSorted((left, right) => Number(left.id) - Number(right.id)).map(({ term }) => term)
}
