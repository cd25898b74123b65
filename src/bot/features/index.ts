import type { Feature, MenuLine } from '../turn.ts'
import { aboutMe } from './about-me.ts'
import { absences } from './absences.ts'
import { announcementAfterwards } from './announcement-afterwards.ts'
import { announcementAnswers } from './announcement-answers.ts'
import { announcementAudience } from './announcement-audience.ts'
import { announcementChanges } from './announcement-changes.ts'
import { announcementWriting } from './announcement-writing.ts'
import { announcements } from './announcements.ts'
import { answering } from './answering.ts'
import { asking, askingWithFile } from './asking.ts'
import { council } from './council.ts'
import { councilReport } from './council-report.ts'
import { deputies } from './deputies.ts'
import { evidenceFeature } from './evidence.ts'
import { faq } from './faq.ts'
import { faqFile } from './faq-file.ts'
import { help } from './help.ts'
import { invites } from './invites.ts'
import { myTasks } from './my-tasks.ts'
import { people } from './people.ts'
import { peopleList } from './people-list.ts'
import { postpone } from './postpone.ts'
import { proposals } from './proposals.ts'
import { register } from './register.ts'
import { replies } from './replies.ts'
import { review } from './review.ts'
import { roadmapActivities } from './roadmap-activities.ts'
import { roadmapIntake } from './roadmap-intake.ts'
import { roadmapPublishing } from './roadmap-publishing.ts'
import { roadmapQuestions } from './roadmap-questions.ts'
import { roadmapSchools } from './roadmap-schools.ts'
import { roadmaps } from './roadmaps.ts'
import { searching } from './searching.ts'
import { settings } from './settings.ts'
import { summary } from './summary.ts'
import { synonyms } from './synonyms.ts'
import { talking } from './talking.ts'

/** The parts of the bot, in the order in which they are offered words and files that nobody waits for. */
export const features: Feature[] = [
  myTasks,
  announcements,
  announcementWriting,
  announcementAudience,
  announcementAnswers,
  announcementChanges,
  announcementAfterwards,
  review,
  summary,
  postpone,
  roadmaps,
  roadmapQuestions,
  roadmapActivities,
  roadmapSchools,
  roadmapPublishing,
  roadmapIntake,
  register,
  people,
  invites,
  peopleList,
  settings,
  aboutMe,
  deputies,
  absences,
  askingWithFile,
  evidenceFeature,
  replies,
  asking,
  searching,
  answering,
  talking,
  council,
  councilReport,
  faq,
  proposals,
  faqFile,
  synonyms,
  help,
]

/** What a role works with comes first in the main menu, what everybody has comes last; a line that is named nowhere stands between. */
const MENU_FIRST: MenuLine['key'][] = [
  'menu.roadmaps',
  'menu.people',
  'announcement.menu',
  'menu.summary',
  'menu.review',
  'menu.schools',
  'council.menuCouncil',
  'menu.myTasks',
  'menu.sent',
  'council.menuAsk',
  'announcement.menuMine',
]
const MENU_LAST: MenuLine['key'][] = ['settings.menu', 'me.menu', 'menu.help']

/** The lines of the main menu, in their order. */
export const menuLines: MenuLine[] = features
  .flatMap((feature) => feature.menu ?? [])
  .toSorted((one, other) => menuPlace(one) - menuPlace(other))

function menuPlace({ key }: MenuLine): number {
  if (MENU_FIRST.includes(key)) return MENU_FIRST.indexOf(key)
  return MENU_FIRST.length + (MENU_LAST.includes(key) ? 1 + MENU_LAST.indexOf(key) : 0)
}
