/** What is destroyed after a term, and why it is kept that long (152-FZ, articles 5 and 21: no longer than the purpose asks for). */
export type Retained = { what: string; days: number; because: string }

/** All terms of the product, in days. What is not listed is kept while the municipality works with Sovet: it is the department's own record. */
export const RETENTION = {
  'used-invites': {
    days: 30,
    because: 'how somebody got in can be asked for a month; the membership itself tells the rest',
  },
  'expired-invites': {
    days: 30,
    because: 'the coordinator may want to see who never came; then the name has no purpose',
  },
  'wrong-tokens': { days: 1, because: 'they are counted over 15 minutes; a day shows an attack' },
  updates: {
    days: 3,
    because: 'the messenger repeats no update after a day; two more are left to look into a failure',
  },
  'set-aside-updates': {
    days: 30,
    because: 'what somebody sent and the program could not work on is tried again once the program is mended',
  },
  dialogs: { days: 14, because: 'a question nobody answered in two weeks is asked anew' },
  strangers: { days: 1, because: 'the one polite line an hour needs no longer memory of whoever wrote' },
  'door-messages': {
    days: 1,
    because: 'what a stranger or a person who left was told names them and has no further use',
  },
  'invite-links': { days: 1, because: 'a link is a key: it is not kept beside its hash once it was delivered' },
  'message-texts': {
    days: 30,
    because: 'a month answers «what was I told»; the message keeps its number and its tasks',
  },
  messages: { days: 400, because: 'a reply to any message of the school year still finds its tasks' },
  'unsorted-files': { days: 60, because: 'a file that nobody put to a task in two months serves no purpose' },
  'orphaned-files': {
    days: 1,
    because: 'no record names the file any more; a day spares one that is just being stored',
  },
  'draft-questions': {
    days: 183,
    because: 'what was searched and never sent shows for half a year what the FAQ lacks; then it serves nobody',
  },
  'notes-of-settings': { days: 400, because: 'who changed a setting is asked within the school year' },
} as const satisfies Record<string, Omit<Retained, 'what'>>

export type RetentionKind = keyof typeof RETENTION
