import { action, day, id, word } from './actions.ts'

/** Every action that a button can name. The codes are short because 64 bytes is all that a button carries; they are never reused. */

export const agreeToInvite = action('in-ok')
export const declineInvite = action('in-no')

export const openTaskList = action('tl', id)
export const openDoneList = action('dl', id)
/** A task's card; its parts: task. */
export const openTask = action('tc', id)
export const openHistory = action('th', id)
/** Parts of what changes a task: task, version that the person saw. */
export const markDone = action('td', id, id)
export const markStarted = action('ts', id, id)
export const askObstacle = action('tb', id, id)
export const chooseObstacle = action('tbr', id, word)
export const askNotForUs = action('tn', id, id)
export const restoreTask = action('tr', id, id)
export const withdraw = action('tw', id, id)

export const closeBasketOf = action('bc', id)
export const evidenceLater = action('bl', id)
export const addFiles = action('ba', id)
/** Puts what lies unsorted to a task; its parts: task. */
export const putToTask = action('ep', id)
export const leaveUnsorted = action('el')
export const sortUnsorted = action('es')
/** «Другая задача»: the report's task; its files are to be put elsewhere. */
export const otherTask = action('eo', id)
export const openSent = action('sl', id)

/** Parts of a review: report. */
export const openReview = action('ro', id)
export const acceptReport = action('ra', id)
export const askReturn = action('rr', id)
export const chooseReturn = action('rc', id, word)
export const reopenReviewOf = action('ru', id)
export const nextReview = action('rn', id)
export const tickPaperOf = action('rt', id, id)
export const askAuthor = action('rq', id)
/** The school answers a reviewer's question: report, who asked. */
export const answerReviewer = action('rw', id, id)
/** Accepts all that a school has waiting; its parts: organization. */
export const askAcceptAll = action('rl', id)
export const acceptAll = action('rla', id)
/** Takes a task upon oneself, or gives it back: task, version. */
export const assignToMe = action('tm', id, id)
export const giveBack = action('tg', id, id)
export const writeNote = action('sn', id)

export const openSummary = action('sm')
/** A school's card; its parts: organization. */
export const openSchool = action('sc', id)
export const sendChart = action('sg')
export const sendTable = action('st')

/** Parts of a postponement: task, day; and its answer: postponement. */
export const askLaterDay = action('pa', id)
export const chooseLaterDay = action('pd', id, day)
export const grantPostponement = action('pg', id)
export const refusePostponement = action('pr', id)
export const askSnooze = action('za', id)
export const snoozeUntil = action('zu', id, day)
/** The task that words were about which named none; its parts: task. */
export const chooseTaskForWords = action('ws', id)
