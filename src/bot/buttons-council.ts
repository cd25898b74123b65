import { action, id, word } from './actions.ts'

// Asking: most name the question, a draft until it is sent.
export const startAsking = action('qf')
export const searchKeptWords = action('qq')
export const openFound = action('qs', id)
export const openFoundEntry = action('qe', id, id)
export const sayHelped = action('qh', id, id)
export const sayNotIt = action('qn', id, id)
export const prepareAsking = action('qc', id)
export const toggleWithheld = action('qw', id)
export const askTopic = action('qt', id)
export const chooseTopic = action('qtc', id, word)
export const sendQuestion = action('qg', id)
export const discardDraft = action('qx', id)
/** The draft, and the question of somebody else that asks the same. */
export const askTogether = action('qj', id, id)
export const askAnyway = action('qd', id)
export const openMyQuestions = action('qm', id)
export const openMyQuestion = action('qv', id)
export const addToQuestion = action('qaa', id)

// Answering: each names the question.
export const takeQuestion = action('qk', id)
export const releaseQuestion = action('qr', id)
export const askHandOver = action('qo', id)
export const handOverTo = action('qop', id, id)
export const startAnswer = action('qa', id)
export const startAskingBack = action('qb', id)
export const closeQuestion = action('qz', id)
export const reopenQuestion = action('qy', id)
export const openQuestionList = action('ql', id)
export const openQuestion = action('qi', id)
export const lookInFaq = action('qbf', id)
export const answerWithEntry = action('qbe', id, id)

// The council itself.
export const openCouncil = action('qdk')
export const openMembers = action('qmm')
/** A member's topics; its parts: person. */
export const openTopics = action('qtm', id)
export const toggleTopicOf = action('qtt', id, word)
/** A group that asked to be the council's. */
export const bindGroupAs = action('qgb', id)
export const leaveGroupAs = action('qgl', id)
export const openCouncilReport = action('qrp')
export const sendCouncilTable = action('qrx')

// The FAQ: a proposal is a text on its way into it.
export const proposeAnswer = action('fp', id)
export const openProposal = action('fo', id)
export const openProposals = action('fwp')
/** Writes one field of a proposal anew: question, answer, source, review. */
export const askField = action('fe', id, word)
export const citeExperience = action('fsr', id)
export const reviewInMonths = action('frv', id, word)
export const submitProposal = action('fps', id)
/** A proposal and the version that was seen. */
export const publishProposal = action('fpb', id, id)
export const publishDespite = action('fpd', id, id)
export const declineProposal = action('fdc', id)
/** Answers all open questions like it with a published entry. */
export const answerAlike = action('fal', id)
export const openFaq = action('ftp')
export const openFaqTopic = action('ftl', word, id)
export const openEntry = action('fen', id)
export const confirmEntry = action('fcf', id)
export const editEntry = action('fed', id)
export const withdrawEntry = action('fwd', id)
export const restoreEntry = action('frs', id)
export const openVersions = action('fvs', id)
/** «Всё верно» on the review date. */
export const keepEntryAsIs = action('frk', id)
export const exportFaq = action('fex')
export const exportFaqCsv = action('fec')
export const askFaqFile = action('ffa')
/** Takes in the file that was looked at last. */
export const importFaqFile = action('ffi')

// The municipality's own synonyms: most name a group.
export const openSynonyms = action('fsy', id)
export const openSynonymGroup = action('fso', id)
export const askSynonyms = action('fsa')
export const rewriteSynonyms = action('fse', id)
export const dropSynonyms = action('fsd', id)
export const undoSynonyms = action('fsu')
