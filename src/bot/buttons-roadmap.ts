import { action, id, word } from './actions.ts'

/** The buttons of «Дорожные карты». Where a part is a version it is the activity's (or, for publishing, the roadmap's) that the person saw. */

export const openRoadmaps = action('mp', id)
export const openRoadmap = action('mo', id)

/** What an arriving file or text is. */
export const isRoadmap = action('mi', id)
export const isEvidence = action('mie', id)
export const endPaste = action('mip', id)
export const dropPaste = action('mid', id)
export const readAgain = action('mir', id)
export const askPeriod = action('mit', id)

/** The walk through the questions: roadmap; or roadmap and activity. */
export const openQuestions = action('mq', id)
export const openQuestion = action('mqo', id, id)
export const chooseGuess = action('mqg', id, id, id)
/** One of the readings of the words that the person has just typed: activity, version, which. */
export const chooseTyped = action('mqt', id, id, id)
/** Asks for the date in words: activity, version, where from (`question` or `card`). */
export const askDate = action('mqd', id, id, word)
export const chooseNoDate = action('mqn', id, id)
export const skipActivity = action('mqs', id, id)
export const answerLater = action('mql', id)
/** The same answer for all activities that ask the same: the activity that was answered, and what of it (`deadline`, `executor`, `schools`). */
export const answerSame = action('mqa', id, word)
/** The schools of a question are chosen. */
export const settleNamed = action('mqz', id)
export const chooseExecutor = action('mqe', id, id, word)
/** A school that a particular activity is for: activity, school, wanted (1) or not (0), page, where from. */
export const markNamed = action('mqk', id, id, id, id, word)
export const openNamed = action('mqw', id, id, word)

/** Names of schools that the register does not know: roadmap, place in the list; or roadmap and the name's key. */
export const openNames = action('mn', id, id)
export const chooseSchool = action('mnc', id, word, id)
export const addSchool = action('mna', id, word)
export const skipName = action('mns', id, word)

/** The programme's schools: roadmap, page; school, wanted (1) or not (0). */
export const openProgramme = action('ms', id, id)
export const markSchool = action('msk', id, id, id, id)
export const markAllSchools = action('msa', id, id, id)

export const openActivities = action('ma', id, id)
export const findActivity = action('maf', id)
export const openActivity = action('mac', id)
export const askTitle = action('mat', id)
export const openExecutors = action('mae', id)
export const markExecutor = action('mak', id, word, id)
/** A flag of an activity: `evidence`, `approval` or `left-out`, on (1) or off (0). */
export const setFlag = action('mag', id, word, id)

export const openPreview = action('mv', id)
/** Roadmap, version, and what is done with past windows: `make` or `leave`. */
export const publishNow = action('mvp', id, id, word)

/** A draft and the published roadmap of which it is a newer version. */
export const linkVersion = action('mvl', id, id)
export const unlinkVersion = action('mvu', id)
export const openDifference = action('mvd', id)

export const askArchive = action('mra', id)
export const archiveNow = action('mrz', id)
export const askDelete = action('mrd', id)
export const deleteNow = action('mry', id)
export const sendOriginal = action('mrf', id)
