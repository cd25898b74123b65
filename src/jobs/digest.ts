import { holds, ROLES, type Role } from '../access/rights.ts'
import { councilDigestLine } from '../bot/features/council-report.ts'
import { summaryScreen } from '../bot/features/summary.ts'
import type { Services } from '../bot/services.ts'
import { messagesTo } from '../bot/turn.ts'
import { wordsOf } from '../bot/words.ts'
import { workingCalendar } from '../calendar/working-calendar.ts'
import type { Database, Tx } from '../db/database.ts'
import { membershipsWithRoles } from '../db/people.ts'
import { municipalitiesWithoutSlot, noteSlot, overridesOf, takeSlot } from '../db/reminders.ts'
import type { Screen } from '../delivery/screen.ts'
import type { PlainDate } from '../kernel/clock.ts'
import type { Municipality } from '../people/people.ts'
import { dueSlot, isDigestDay } from '../reminders/slot.ts'
import { eachApart } from './each-apart.ts'

const READERS: Role[] = ROLES.filter((role) => role === 'curator' || role === 'coordinator')

/** The tick of the weekly digest: on the first working day of the week, in the municipality's digest slot, once. */
export async function sendDigests(database: Database, services: Services): Promise<void> {
  const now = services.now()
  const waiting = await database.asSystem((tx) => municipalitiesWithoutSlot(tx, 'digest', now))
  await eachApart(waiting, ({ municipality, lastDay }) =>
    database.inMunicipality(municipality.id, async (tx) => {
      const calendar = workingCalendar(await overridesOf(tx, municipality.id))
      const slot = dueSlot({ ...municipality, slot: municipality.digestSlot }, now, calendar, lastDay)
      if (!slot || !(await takeSlot(tx, municipality.id, 'digest', slot.day, now))) return
      const missed = lastDay !== null && slot.days.some((day) => isDigestDay(day, calendar))
      if (isDigestDay(slot.day, calendar) || missed) await tellReaders(tx, services, municipality, slot.day)
    }),
  )
}

async function tellReaders(tx: Tx, services: Services, municipality: Municipality, day: PlainDate): Promise<void> {
  const memberships = await membershipsWithRoles(tx, municipality.id, READERS)
  const readers = Map.groupBy(memberships, (membership) => membership.personId)
  const say = wordsOf(municipality.locale, day, municipality.timezone)
  const calendar = workingCalendar(await overridesOf(tx, municipality.id))
  const council = await councilDigestLine({ tx, say, municipality, calendar }, services.now())
  let sent = 0
  for (const [personId, own] of readers) {
    const actor = { personId, municipalityId: municipality.id, memberships: own }
    const summary = await summaryScreen(tx, say, municipality, actor, day)
    const screen = holds(actor, ['coordinator']) ? withLine(summary, council) : summary
    if (!screen) continue
    const options = {
      reason: 'digest',
      lane: 'reminder' as const,
      subject: { view: 'summary' },
      onceKey: `digest:${municipality.id}:${day}`,
    }
    await services.enqueue(tx, await messagesTo(tx, municipality.id, [personId], screen, options))
    sent += 1
  }
  await noteSlot(tx, municipality.id, 'digest', day, { due: readers.size, sent })
}

/** `summary` with one more paragraph; the paragraph alone where there is nothing else to tell of. */
function withLine(summary: Screen | null, line: string): Screen | null {
  if (line === '') return summary
  return { ...summary, text: [summary?.text, line].filter(Boolean).join('\n\n') }
}
