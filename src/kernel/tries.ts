/** Tries of an update or a message until somebody has to look: it is set aside, or goes to the dead list. */
export const MOST_TRIES = 5

/**
 * A process that ends without a word takes down whatever it had in hand, and each of these may be the cause. What was in hand then, and has had so many tries, is a suspect. A process has
 * no more than one suspect update and one suspect message in hand at a time, beside what is above suspicion: so of many that were taken down together only the cause uses up its tries.
 */
export const TRIES_BESIDE_OTHERS = 2

/** A process leaves suspects alone so long after its start, in milliseconds: should one of them end it again, everything else has had its time first. */
export const SUSPECTS_AFTER_MS = 1000
