import { and, asc, eq, gte } from 'drizzle-orm'
import { type Instant, type PlainDate, Temporal } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import { type Setting, type SettingValue, settingValue } from '../people/settings.ts'
import type { Tx } from './database.ts'
import { municipalityById } from './people.ts'
import { calendarOverrides, municipalities, settingChanges } from './schema/index.ts'

export type SettingChange = typeof settingChanges.$inferSelect

const TIMES = new Set(['workFrom', 'workTo', 'reminderSlot', 'digestSlot'])

/** Sets `setting` to `after` and keeps what it was before. Null where it is so already. */
export async function changeSetting(
  tx: Tx,
  given: { municipalityId: number; personId: number; setting: Setting; after: SettingValue; now: Instant },
): Promise<SettingChange | null> {
  const before = settingValue(await lockMunicipality(tx, given.municipalityId), given.setting)
  if (isSame(before, given.after)) return null
  await write(tx, given.municipalityId, given.after)
  const { now, ...row } = given
  const [change] = await tx
    .insert(settingChanges)
    .values({ ...row, before, at: now })
    .returning()
  if (!change) throw new Error('the change of a setting was not kept')
  return change
}

export type UndoRefusal = { code: 'not-found' } | { code: 'undone' } | { code: 'changed-since' }

/** Takes a change back: once, and only while nobody changed the same setting after it. */
export async function undoSetting(
  tx: Tx,
  given: { municipalityId: number; changeId: number; now: Instant },
): Promise<Result<SettingChange, UndoRefusal>> {
  const municipality = await lockMunicipality(tx, given.municipalityId)
  const [change] = await tx
    .select()
    .from(settingChanges)
    .where(and(eq(settingChanges.id, given.changeId), eq(settingChanges.municipalityId, given.municipalityId)))
  if (!change) return refuse({ code: 'not-found' })
  if (change.undoneAt) return refuse({ code: 'undone' })
  if (!isSame(settingValue(municipality, change.setting as Setting), change.after as SettingValue))
    return refuse({ code: 'changed-since' })
  await write(tx, given.municipalityId, change.before as SettingValue)
  await tx.update(settingChanges).set({ undoneAt: given.now }).where(eq(settingChanges.id, change.id))
  return ok(change)
}

async function lockMunicipality(tx: Tx, municipalityId: number) {
  await tx
    .select({ id: municipalities.id })
    .from(municipalities)
    .where(eq(municipalities.id, municipalityId))
    .for('update')
  return municipalityById(tx, municipalityId)
}

async function write(tx: Tx, municipalityId: number, value: SettingValue): Promise<void> {
  const columns = Object.entries(value).map(([column, given]) => [
    column,
    TIMES.has(column) ? Temporal.PlainTime.from(String(given)) : given,
  ])
  await tx.update(municipalities).set(Object.fromEntries(columns)).where(eq(municipalities.id, municipalityId))
}

/** Equal whatever the order of the keys, which the database does not keep. */
function isSame(left: unknown, right: unknown): boolean {
  return sorted(left) === sorted(right)
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

/** The days that the municipality moved by itself, from `from` on. */
export async function movedDays(
  tx: Tx,
  municipalityId: number,
  from: PlainDate,
): Promise<{ day: PlainDate; working: boolean }[]> {
  return tx
    .select({ day: calendarOverrides.day, working: calendarOverrides.working })
    .from(calendarOverrides)
    .where(and(eq(calendarOverrides.municipalityId, municipalityId), gte(calendarOverrides.day, from)))
    .orderBy(asc(calendarOverrides.day))
}

/** Makes a day a working day or a day off in this municipality; null leaves it to the country's calendar again. Gives whether anything changed. */
export async function moveDay(
  tx: Tx,
  municipalityId: number,
  day: PlainDate,
  working: boolean | null,
): Promise<boolean> {
  const ofDay = and(eq(calendarOverrides.municipalityId, municipalityId), eq(calendarOverrides.day, day))
  const [known] = await tx.select({ working: calendarOverrides.working }).from(calendarOverrides).where(ofDay)
  if ((known?.working ?? null) === working) return false
  if (working === null) await tx.delete(calendarOverrides).where(ofDay)
  else
    await tx
      .insert(calendarOverrides)
      .values({ municipalityId, day, working })
      .onConflictDoUpdate({
        target: [calendarOverrides.municipalityId, calendarOverrides.day],
        set: { working },
      })
  return true
}
