import { bigint, customType } from 'drizzle-orm/pg-core'
import { dayWritten, Temporal, timeWritten } from '../../kernel/clock.ts'

/** A moment, stored as `timestamptz`, read as a Temporal.Instant. */
export const instant = customType<{ data: Temporal.Instant; driverData: string }>({
  dataType: () => 'timestamptz',
  toDriver: (value) => value.toString(),
  fromDriver: (value) => Temporal.Instant.from(value.replace(' ', 'T')),
})

/** A calendar day, stored as `date`, read as a Temporal.PlainDate; local to the municipality of its row. */
export const plainDate = customType<{ data: Temporal.PlainDate; driverData: string }>({
  dataType: () => 'date',
  toDriver: (value) => value.toString(),
  fromDriver: dayWritten,
})

/** A time of day, stored as `time`, read as a Temporal.PlainTime; local to the municipality of its row. */
export const plainTime = customType<{ data: Temporal.PlainTime; driverData: string }>({
  dataType: () => 'time',
  toDriver: (value) => value.toString(),
  fromDriver: timeWritten,
})

/** Raw bytes: hashes. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })

/** The key of a row: a number given by the database. */
export const key = () => bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity()

/** A reference to the key of another row. */
export const ref = () => bigint({ mode: 'number' })
