import { ru } from '../ru/index.ts'
import announcement from './announcement.json' with { type: 'json' }
import common from './common.json' with { type: 'json' }
import council from './council.json' with { type: 'json' }
import digest from './digest.json' with { type: 'json' }
import gettingIn from './gettingIn.json' with { type: 'json' }
import me from './me.json' with { type: 'json' }
import menu from './menu.json' with { type: 'json' }
import people from './people.json' with { type: 'json' }
import postpone from './postpone.json' with { type: 'json' }
import reminder from './reminder.json' with { type: 'json' }
import report from './report.json' with { type: 'json' }
import review from './review.json' with { type: 'json' }
import roadmap from './roadmap.json' with { type: 'json' }
import role from './role.json' with { type: 'json' }
import settings from './settings.json' with { type: 'json' }
import task from './task.json' with { type: 'json' }
import week from './week.json' with { type: 'json' }

/** The English words. A part that lags behind is read in Russian, and named by `npm test`. */
export const en = {
  ...ru,
  announcement,
  common,
  council,
  digest,
  gettingIn,
  me,
  menu,
  people,
  postpone,
  reminder,
  report,
  review,
  roadmap,
  role,
  settings,
  task,
  week,
}
