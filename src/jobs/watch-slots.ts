import type { Engine } from '../app.ts'
import { slotAlarms } from '../db/reminders.ts'
import { type Instant, Temporal } from '../kernel/clock.ts'

/** Hours back that a process looks when it begins: a slot made up after a weekend is seen too. */
const FIRST_LOOK_HOURS = 72
/** Hours back that every later look sees: a message may be lost after it was made. */
const LATER_LOOK_HOURS = 2

/** The tick that compares what was due with what was made of it: a difference is an alarm, told once by each process. */
export function watchSlots(engine: Engine): () => Promise<void> {
  const told = new Set<string>()
  let last: Instant | null = null
  return async () => {
    const now = engine.clock.now()
    const since = sinceOf(last, now)
    const alarms = await engine.database.asSystem((tx) => slotAlarms(tx, since))
    last = now
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

/** Slots are looked at for some time after they were worked on; nothing is passed over where looks failed or the clock was put back. */
function sinceOf(last: Instant | null, now: Instant): Instant {
  const earliest = now.subtract({ hours: FIRST_LOOK_HOURS })
  if (!last) return earliest
  const since = (Temporal.Instant.compare(last, now) < 0 ? last : now).subtract({ hours: LATER_LOOK_HOURS })
  return Temporal.Instant.compare(since, earliest) < 0 ? earliest : since
}
