import { organizationsOfMunicipality } from '../../db/people.ts'
import { activitiesOf, roadmapStore, schoolsWithoutHead } from '../../db/roadmaps.ts'
import { localTime, Temporal } from '../../kernel/clock.ts'
import { defaultReminderPolicy, reminderDays } from '../../reminders/policy.ts'
import { type Publishing, previewPublishing, publishRoadmap } from '../../roadmaps/publish-roadmap.ts'
import { unmatchedNames } from '../../roadmaps/roadmap.ts'
import { tasksByOrganization, windowsOf } from '../../roadmaps/scheduling.ts'
import { openPreview, publishNow } from '../buttons-roadmap.ts'
import {
  type FirstReminders,
  type PreviewFacts,
  previewScreen,
  publishedScreen,
  publishingScreen,
} from '../screens/roadmap-publishing.ts'
import type { PublishRoadmapJob } from '../services.ts'
import { type Feature, on, type Turn } from '../turn.ts'
import { holdRoadmap, refuseRoadmap } from './roadmap-reach.ts'

/** From so many tasks on publishing takes longer than a tap may wait for its answer. */
const LARGE = 3000

/** The preview of what publishing does, and publishing. */
export const roadmapPublishing: Feature = {
  taps: [on(openPreview, showPreview), on(publishNow, publish)],
}

async function showPreview(turn: Turn, roadmapId: number): Promise<void> {
  const previewed = await preview(turn, roadmapId, 'make')
  if (!previewed.ok) return refuseRoadmap(turn, previewed.refusal.code)
  turn.show(previewScreen(turn.say, await previewFacts(turn, previewed.value)), { roadmap: roadmapId })
}

function preview(turn: Turn, roadmapId: number, past: PublishRoadmapJob['past']) {
  return previewPublishing(roadmapStore(turn.tx, turn.municipality.id), {
    actor: turn.actor,
    roadmapId,
    today: turn.today,
    past,
  })
}

async function previewFacts(turn: Turn, publishing: Publishing): Promise<PreviewFacts> {
  const counts = tasksByOrganization(publishing.changes.make)
  const schools = await organizationsOfMunicipality(turn.tx, turn.municipality.id, { kind: 'school' })
  const forSchools = schools.flatMap(({ id }) => counts.get(id) ?? [])
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return {
    publishing,
    forSchools,
    forDepartment: all - forSchools.reduce((sum, count) => sum + count, 0),
    firstReminders: firstReminders(turn, publishing),
    unmatched: unmatchedNames(await activitiesOf(turn.tx, publishing.roadmap.id)),
  }
}

/** The first slot that is still ahead in which a task of the plan is reminded of. */
function firstReminders(turn: Turn, { plan }: Publishing): FirstReminders {
  const { municipality, today, calendar, now } = turn
  const slotIsOver = Temporal.PlainTime.compare(localTime(now, municipality.timezone), municipality.reminderSlot) >= 0
  const earliest = slotIsOver ? today.add({ days: 1 }) : today
  const policy = municipality.reminderPolicy ?? defaultReminderPolicy
  const tasksOn = new Map<string, number>()
  for (const { window, organizations } of windowsOf(plan)) {
    if (Temporal.PlainDate.compare(window.due, today) < 0) continue
    const first = reminderDays(window.due, policy, calendar).find(
      ({ day }) => Temporal.PlainDate.compare(day, earliest) >= 0,
    )
    if (first) tasksOn.set(first.day.toString(), (tasksOn.get(first.day.toString()) ?? 0) + organizations)
  }
  const [soonest] = [...tasksOn].toSorted(([left], [right]) => (left < right ? -1 : 1))
  if (!soonest) return null
  return { day: Temporal.PlainDate.from(soonest[0]), slot: municipality.reminderSlot, tasks: soonest[1] }
}

/** Publishes what was previewed, once. What is large is left to a job, and the message shows that it goes on. */
async function publish(turn: Turn, roadmapId: number, version: number, choice: string): Promise<void> {
  const roadmap = await holdRoadmap(turn, roadmapId)
  if (!roadmap || turn.incoming.kind !== 'tap') return
  if (roadmap.publishedVersion === version) return refuseRoadmap(turn, 'published')
  const job: PublishRoadmapJob = {
    municipalityId: turn.municipality.id,
    roadmapId,
    chat: turn.incoming.chat,
    messageId: turn.incoming.messageId,
    version,
    past: choice === 'leave' ? 'leave' : 'make',
  }
  const previewed = await preview(turn, roadmapId, job.past)
  if (previewed.ok && previewed.value.making > LARGE && roadmap.version === version) {
    turn.show(publishingScreen(turn.say, roadmap, previewed.value.making), { roadmap: roadmapId })
    return turn.services.startJob(turn.tx, { queue: 'publish-roadmap', data: job })
  }
  await publishAsPreviewed(turn, job)
}

/** Publishes and shows what came of it; where the roadmap changed since the preview, the new preview. */
export async function publishAsPreviewed(
  turn: Turn,
  { roadmapId, version, past }: Pick<PublishRoadmapJob, 'roadmapId' | 'version' | 'past'>,
): Promise<void> {
  const result = await publishRoadmap(roadmapStore(turn.tx, turn.municipality.id), {
    actor: turn.actor,
    cause: turn.cause,
    roadmapId,
    version,
    today: turn.today,
    past,
  })
  if (!result.ok) {
    refuseRoadmap(turn, result.refusal.code)
    return result.refusal.code === 'changed' ? showPreview(turn, roadmapId) : undefined
  }
  const organizationIds = [...tasksByOrganization(result.value.plan).keys()]
  turn.show(
    publishedScreen(turn.say, {
      publishing: result.value,
      firstReminders: firstReminders(turn, result.value),
      noHeads: await schoolsWithoutHead(turn.tx, organizationIds),
    }),
    { roadmap: roadmapId },
  )
}
