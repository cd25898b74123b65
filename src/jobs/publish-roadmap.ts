import { publishAsPreviewed } from '../bot/features/roadmap-publishing.ts'
import { ownOccasion } from '../bot/own-occasion.ts'
import type { PublishRoadmapJob, Services } from '../bot/services.ts'
import { takeTurn } from '../bot/take-turn.ts'
import type { Database } from '../db/database.ts'
import { personAt } from '../db/opening.ts'

/** Publishes a large roadmap with the rights that its coordinator has now, and shows the result in the message that promised it. */
export async function publishLargeRoadmap(
  database: Database,
  services: Services,
  job: PublishRoadmapJob,
): Promise<void> {
  const { municipalityId, chat, messageId } = job
  await database.asSystem(async (tx) => {
    const person = await personAt(tx, { messenger: 'telegram', address: chat })
    if (!person) return
    const incoming = {
      ...ownOccasion(chat, services),
      kind: 'tap' as const,
      tapId: '',
      data: '',
      messageId,
    }
    await takeTurn(tx, services, { incoming, person, municipalityId, subject: null }, (turn) =>
      publishAsPreviewed(turn, job),
    )
  })
}
