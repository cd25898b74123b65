import type { Feature, MenuLine } from '../turn.ts'
import { evidenceFeature } from './evidence.ts'
import { help } from './help.ts'
import { myTasks } from './my-tasks.ts'
import { postpone } from './postpone.ts'
import { replies } from './replies.ts'
import { review } from './review.ts'
import { roadmapActivities } from './roadmap-activities.ts'
import { roadmapIntake } from './roadmap-intake.ts'
import { roadmapPublishing } from './roadmap-publishing.ts'
import { roadmapQuestions } from './roadmap-questions.ts'
import { roadmapSchools } from './roadmap-schools.ts'
import { roadmaps } from './roadmaps.ts'
import { summary } from './summary.ts'

/** The parts of the bot, in the order in which they are offered words and files that nobody waits for. */
export const features: Feature[] = [
  myTasks,
  review,
  summary,
  postpone,
  roadmaps,
  roadmapQuestions,
  roadmapActivities,
  roadmapSchools,
  roadmapPublishing,
  roadmapIntake,
  evidenceFeature,
  replies,
  help,
]

/** The lines of the main menu, in their order. */
export const menuLines: MenuLine[] = features.flatMap((feature) => feature.menu ?? [])
