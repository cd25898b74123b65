/** Tries of an update or a message until somebody has to look: it is set aside, or goes to the dead list. */
export const MOST_TRIES = 5

/**
 * A process that ends without a word takes down whatever it had in hand, and each of these may be the cause. After so many tries a thing is a suspect: a process has no more than one
 * suspect in hand at a time, so the tries that are left to it are used up by itself, not by what happened to be beside it.
 */
export const TRIES_BESIDE_OTHERS = 2

/** A process leaves suspects alone so long after its start, in milliseconds: should one of them end it again, everything else has had its time first. */
export const SUSPECTS_AFTER_MS = 1000
