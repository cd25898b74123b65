import type { Engine } from '../app.ts'
import { slotAlarms } from '../db/reminders.ts'
import { localDate } from '../kernel/clock.ts'

/** Days back that are looked at: a slot made up after a weekend is seen too. */
const DAYS_WATCHED = 3

/** The tick that compares what was due with what was made of it: a difference is an alarm, told once by each process. */
export function watchSlots(engine: Engine): () => Promise<void> {
  const told = new Set<string>()
  return async () => {
    const since = localDate(engine.clock.now(), 'UTC').subtract({ days: DAYS_WATCHED })
    const alarms = await engine.database.asSystem((tx) => slotAlarms(tx, since))
    for (const alarm of alarms) {
      const name = `${alarm.municipalityId}:${alarm.day}`
      if (told.has(name)) continue
      told.add(name)
      engine.alarm('slot-incomplete')
      engine.log.error(
        { municipality: alarm.municipalityId, day: alarm.day, missing: alarm.missing },
        'fewer reminders were made than were due',
      )
    }
  }
}
