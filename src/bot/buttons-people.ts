import { action, day, id, word } from './actions.ts'

/** The actions of «Люди и школы». A page counts from 0. */
export const openPeopleAndSchools = action('p-home')

export const openRegister = action('p-schools', id)
export const openArchive = action('p-archive', id)
export const askSchools = action('p-add')
/** A school's card for the coordinator; its parts: school. */
export const openRegistered = action('p-school', id)
export const askSchoolWords = action('p-ask', id, word)
export const askPause = action('p-pause', id)
/** Its parts: school, the day on which reminders begin again. */
export const pauseUntil = action('p-until', id, day)
export const endPause = action('p-go-on', id)
export const putAway = action('p-away', id)
export const takeBack = action('p-back', id)

export const openPeople = action('p-people', word, id)
export const askSearch = action('p-search')
export const openUnreachable = action('p-silent', id)
/** A person's card; its parts: person. */
export const openPerson = action('p-person', id)
/** Parts of what changes a person: person, role. */
export const askRoleSchools = action('p-role', id, word)
export const askNewRole = action('p-new', id)
export const endRole = action('p-end', id, word)
export const askLetGo = action('p-go', id)
export const letPersonGo = action('p-gone', id)

export const startInvite = action('v-new')
export const inviteRole = action('v-role', word)
/** Invites a head into a school; its parts: school. */
export const inviteInto = action('v-into', id)
export const inviteDespiteTwin = action('v-twin')
export const openInvites = action('v-open', id)
export const openInvite = action('v-card', id)
export const renewLink = action('v-link', id)
export const revokeOpenInvite = action('v-end', id)
export const askList = action('v-list')
export const sendListTemplate = action('v-form')
/** Invites everybody of the list just read; its parts: `file`, or `letters` too. */
export const inviteListed = action('v-all', word)

/** Check marks of schools; what they are for stands in the dialog. */
export const markSchool = action('k-mark', id)
export const turnMarks = action('k-page', id)
export const takeMarks = action('k-take')

export const openAboutMe = action('m-home')
export const openDeputies = action('m-deputies')
export const askDeputy = action('m-deputy', id)
/** Parts: deputy, school. */
export const askDismissDeputy = action('m-dismiss', id, id)
export const dismissDeputy = action('m-dismissed', id, id)
export const revokeDeputyInvite = action('m-revoke', id)
export const openAbsences = action('m-absences')
export const askAbsence = action('m-absence')
/** Who stands in for the days just named; 0: nobody. */
export const chooseStandIn = action('m-stand-in', id)
export const endAbsence = action('m-back', id)
export const openMyData = action('m-data')
export const sendMyData = action('m-export')
export const showConsent = action('m-consent')
export const askForgetMe = action('m-forget')
export const forgetMe = action('m-forgotten')
export const openMunicipalities = action('m-places')
export const switchMunicipality = action('m-switch', id)

export const openSettings = action('s-home')
export const openSetting = action('s-one', word)
/** Parts: setting, the value's fixed word. */
export const chooseSetting = action('s-set', word, word)
/** Takes a change back; its parts: change. */
export const undoChange = action('s-undo', id)
export const openMovedDays = action('s-days')
/** Parts: day, `off`, `on` or `usual`. */
export const chooseDay = action('s-day', day, word)
