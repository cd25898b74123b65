import { action, id, word } from './actions.ts'

/** The actions of announcements. A page counts from 0; a revision is that of the dates which the button was made for. */
export const openAnnouncements = action('a-home')
export const startAnnouncement = action('a-new')
export const announceActivity = action('a-from', id)

/** An announcement's card; its parts: announcement. */
export const openAnnouncement = action('a-open', id)
export const askField = action('a-ask', id, word)
export const clearField = action('a-clear', id, word)
export const setWantsAnswer = action('a-want', id, id)
export const previewAnnouncement = action('a-show', id)
export const discardDraft = action('a-drop', id)
export const unschedule = action('a-unplan', id)
/** Sends now; its parts: announcement, the coordinator's explicit words as bits. */
export const sendAnnouncement = action('a-send', id, id)
/** Sends at the beginning of work; parts as above. */
export const sendWhenLoud = action('a-morning', id, id)

export const openAudience = action('a-who', id)
/** Parts: announcement, list, page. */
export const openAudienceList = action('a-list', id, word, id)
/** Parts: announcement, list, value, page. */
export const markAudience = action('a-mark', id, word, id, id)
export const openRecipients = action('a-people', id, id)
export const openCalls = action('a-calls', id)
export const saveGroup = action('a-keep', id)
export const openGroups = action('a-groups')
export const openGroup = action('a-group', id, id)
export const markMember = action('a-member', id, id, id)
export const removeGroupOf = action('a-ungroup', id)

export const pauseSending = action('a-hold', id)
export const goOnSending = action('a-go', id)
export const askStopSending = action('a-stop', id)
export const stopSending = action('a-stopped', id)
export const sendToCapped = action('a-rest', id)

export const openAnswers = action('a-answers', id, id)
export const sendAnswersTable = action('a-table', id)
export const nudgeSilent = action('a-nudge', id)

export const openChanges = action('a-change', id)
export const askChange = action('a-alter', id, word)
export const confirmMove = action('a-move', id)
export const askCancel = action('a-off', id)
export const cancelEvent = action('a-cancel', id)

export const openAttendances = action('a-was', id)
/** Parts: date, page. */
export const openAttendance = action('a-date', id, id)
/** Parts: date, person, page. */
export const markAttendance = action('a-here', id, id, id)
export const markAllPromised = action('a-all', id)
export const showCode = action('a-code', id)
export const askMaterials = action('a-papers', id)
/** Parts: announcement, the number under which the materials were gathered. */
export const sendMaterials = action('a-share', id, id)
export const askFeedback = action('a-opinion', id)
export const openResults = action('a-sum', id)
export const attachParticipants = action('a-proof', id)

/** What recipients press; parts: announcement, revision. */
export const answerYes = action('a-yes', id, id)
export const answerNo = action('a-no', id, id)
export const answerDeputy = action('a-deputy', id, id)
export const openMine = action('a-mine', id)
export const openMyEvents = action('a-mines')
export const sendCalendar = action('a-ics', id)
/** Parts: announcement, 1 to 5. */
export const giveScore = action('a-score', id, id)
