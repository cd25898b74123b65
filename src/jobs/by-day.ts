import type { Services } from '../bot/services.ts'
import { secondsOfNightLeft } from '../calendar/night.ts'
import { isOutdated } from '../db/late-messages.ts'
import { municipalityById } from '../db/people.ts'
import type { BeforeSend } from './dispatcher.ts'

/** What waits is looked at again this often, so that a clock that was put right is noticed. Seconds. */
const LOOK_AGAIN_SECONDS = 3600

/** Before `hook`: what an outage has carried into the municipality's night waits for the morning. */
export function byDay(services: Pick<Services, 'now'>, hook: BeforeSend): BeforeSend {
  return async (tx, delivery) => {
    if (delivery.municipalityId === null) return hook(tx, delivery)
    const { timezone } = await municipalityById(tx, delivery.municipalityId)
    const left = secondsOfNightLeft(services.now(), timezone)
    return left > 0 ? { waitSeconds: Math.min(left, LOOK_AGAIN_SECONDS) } : hook(tx, delivery)
  }
}

/** Of messages of one reason that an outage has heaped up for a person, the newest alone is sent: a digest of last week says nothing beside this week's. */
export const newestAlone: BeforeSend = async (tx, delivery) => ((await isOutdated(tx, delivery)) ? 'cancel' : 'as-is')
