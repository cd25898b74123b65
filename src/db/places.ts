import type { PendingQuery, Row } from 'postgres'
import type { DayOverride } from '../calendar/working-calendar.ts'
import { timeWritten } from '../kernel/clock.ts'
import type { Municipality } from '../people/people.ts'
import { NARROWING, rawSql, type Tx } from './database.ts'

/** A municipality as a turn needs it, with the days that it moved by itself. */
export type Place = { municipality: Municipality; movedDays: DayOverride[] }

type Times = 'workFrom' | 'workTo' | 'reminderSlot' | 'digestSlot'
export type PlaceJson = { municipality: Omit<Municipality, Times> & Record<Times, string>; movedDays: DayOverride[] }

/** The place of a municipality `m`, as an expression whose value is read by `placeOf`. */
export function placeJson(tx: Tx): PendingQuery<Row[]> {
  return rawSql(tx)`
    json_build_object(
      'municipality', json_build_object(
        'id', m.id, 'name', m.name, 'timezone', m.timezone, 'locale', m.locale, 'workFrom', m.work_from, 'workTo', m.work_to, 'reminderSlot', m.reminder_slot,
        'digestSlot', m.digest_slot, 'reminderPolicy', m.reminder_policy, 'evidenceRequired', m.evidence_required, 'announcementsPerDay', m.announcements_per_day),
      'movedDays', (select coalesce(json_agg(json_build_object('day', day, 'working', working)), '[]') from calendar_overrides where municipality_id = m.id))`
}

/** Reads what `placeJson` gave. */
export function placeOf({ municipality, movedDays }: PlaceJson): Place {
  const times = {
    workFrom: timeWritten(municipality.workFrom),
    workTo: timeWritten(municipality.workTo),
    reminderSlot: timeWritten(municipality.reminderSlot),
    digestSlot: timeWritten(municipality.digestSlot),
  }
  return { municipality: { ...municipality, ...times }, movedDays }
}

/**
 * From here on `tx`, which has the program's own rights, sees the rows of one municipality alone. Gives that municipality as a place: every turn begins with it. Throws where there
 * is none.
 */
export async function enterMunicipality(tx: Tx, municipalityId: number): Promise<Place> {
  const sql = rawSql(tx)
  const [row] = await sql<{ place: PlaceJson }[]>`
    select ${placeJson(tx)} as place, concat(${sql.unsafe(NARROWING)} m.id::text, true)) from municipalities m where m.id = ${municipalityId}`
  if (!row) throw new Error(`there is no municipality ${municipalityId}`)
  return placeOf(row.place)
}
