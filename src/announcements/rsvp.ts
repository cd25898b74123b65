export const ANSWERS = ['yes', 'no', 'deputy'] as const
export type Answer = (typeof ANSWERS)[number]

/** What a person answered. `order` is their place in the order in which places were asked for; null for who does not come. */
export type Rsvp = { personId: number; answer: Answer; deputyName: string | null; order: number | null }

/** Where a person who wants to come stands: at a place, or in the waiting list with a number from 1. */
export type Seat = { kind: 'coming' } | { kind: 'waiting'; number: number }

/** Who has a place and who waits, in the order in which they asked; `places` null: there is room for all. */
export function seatsOf(rsvps: readonly Rsvp[], places: number | null): Map<number, Seat> {
  const wanting = rsvps.filter((rsvp) => rsvp.order !== null).sort((left, right) => left.order! - right.order!)
  return new Map(
    wanting.map(({ personId }, index) => [
      personId,
      places === null || index < places ? { kind: 'coming' } : { kind: 'waiting', number: index - places + 1 },
    ]),
  )
}

/** The ids of those who have a place. */
export function comingOf(rsvps: readonly Rsvp[], places: number | null): number[] {
  return [...seatsOf(rsvps, places)].filter(([, seat]) => seat.kind === 'coming').map(([personId]) => personId)
}

export type Answered = {
  rsvps: Rsvp[]
  own: Rsvp
  /** False where the person had answered just so already. */
  changed: boolean
  /** Who moved up from the waiting list. */
  promoted: number[]
}

/**
 * What an answer changes. A first wish to come takes the last place in the order; sending a deputy keeps the place; who declines gives it up, and the next in
 * the waiting list moves up.
 */
export function decideAnswer(
  rsvps: readonly Rsvp[],
  places: number | null,
  given: { personId: number; answer: Answer; deputyName: string | null },
): Answered {
  const before = rsvps.find(({ personId }) => personId === given.personId)
  const last = Math.max(0, ...rsvps.map(({ order }) => order ?? 0))
  const own: Rsvp = { ...given, order: given.answer === 'no' ? null : (before?.order ?? last + 1) }
  const after = [...rsvps.filter(({ personId }) => personId !== given.personId), own]
  return {
    rsvps: after,
    own,
    changed: before?.answer !== own.answer || before.deputyName !== own.deputyName,
    promoted: promotedBetween(rsvps, places, after, places).filter((personId) => personId !== given.personId),
  }
}

/** Who waited before and has a place now. */
export function promotedBetween(
  before: readonly Rsvp[],
  placesBefore: number | null,
  after: readonly Rsvp[],
  placesAfter: number | null,
): number[] {
  const earlier = seatsOf(before, placesBefore)
  return comingOf(after, placesAfter).filter((personId) => earlier.get(personId)?.kind === 'waiting')
}

/** How the answers stand: people by answer, those at a place and those who wait, and the told who have not answered. */
export type Tally = { yes: number; deputy: number; no: number; waiting: number; silent: number }

/** Counts `rsvps` of `told` people. */
export function tallyOf(rsvps: readonly Rsvp[], places: number | null, told: number): Tally {
  const seats = seatsOf(rsvps, places)
  const coming = (answer: Answer) =>
    rsvps.filter((rsvp) => rsvp.answer === answer && seats.get(rsvp.personId)?.kind === 'coming').length
  return {
    yes: coming('yes'),
    deputy: coming('deputy'),
    no: rsvps.filter(({ answer }) => answer === 'no').length,
    waiting: [...seats.values()].filter(({ kind }) => kind === 'waiting').length,
    silent: Math.max(0, told - rsvps.length),
  }
}
