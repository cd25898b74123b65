import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ANSWERS,
  comingOf,
  decideAnswer,
  promotedBetween,
  type Rsvp,
  seatsOf,
  tallyOf,
} from '../../src/announcements/rsvp.ts'

const anAnswer = fc.record({
  personId: fc.integer({ min: 1, max: 12 }),
  answer: fc.constantFrom(...ANSWERS),
})
const someAnswers = fc.array(anAnswer, { maxLength: 60 })
const somePlaces = fc.option(fc.integer({ min: 1, max: 8 }), { nil: null })

function answersOf(answers: { personId: number; answer: Rsvp['answer'] }[], places: number | null): Rsvp[] {
  return answers.reduce<Rsvp[]>(
    (rsvps, { personId, answer }) =>
      decideAnswer(rsvps, places, { personId, answer, deputyName: answer === 'deputy' ? 'Кто-то' : null }).rsvps,
    [],
  )
}

describe('places and the waiting list, whatever people answer', () => {
  it('never give out more places than there are', () => {
    fc.assert(
      fc.property(someAnswers, somePlaces, (answers, places) => {
        expect(comingOf(answersOf(answers, places), places).length).toBeLessThanOrEqual(
          places ?? Number.POSITIVE_INFINITY,
        )
      }),
    )
  })

  it('nobody waits while a place is free, and nobody overtakes', () => {
    fc.assert(
      fc.property(someAnswers, fc.integer({ min: 1, max: 8 }), (answers, places) => {
        const rsvps = answersOf(answers, places)
        const seats = seatsOf(rsvps, places)
        const waiting = rsvps.filter(({ personId }) => seats.get(personId)?.kind === 'waiting')
        if (waiting.length > 0) expect(comingOf(rsvps, places)).toHaveLength(places)
        for (const one of waiting)
          for (const personId of comingOf(rsvps, places))
            expect(rsvps.find((other) => other.personId === personId)?.order).toBeLessThan(one.order ?? 0)
      }),
    )
  })

  it('an answer moves nobody down, and moves up just who is named', () => {
    fc.assert(
      fc.property(someAnswers, anAnswer, fc.integer({ min: 1, max: 8 }), (answers, last, places) => {
        const before = answersOf(answers, places)
        const decided = decideAnswer(before, places, { ...last, deputyName: null })
        const had = comingOf(before, places).filter((personId) => personId !== last.personId)
        const have = comingOf(decided.rsvps, places)
        expect(have).toEqual(expect.arrayContaining(had))
        const fresh = have.filter((personId) => !had.includes(personId) && personId !== last.personId)
        expect(decided.promoted.toSorted()).toEqual(fresh.toSorted())
      }),
    )
  })

  it('the same answer twice changes nothing', () => {
    fc.assert(
      fc.property(someAnswers, anAnswer, somePlaces, (answers, last, places) => {
        const once = decideAnswer(answersOf(answers, places), places, { ...last, deputyName: null })
        const twice = decideAnswer(once.rsvps, places, { ...last, deputyName: null })
        expect(twice.changed).toBe(false)
        expect(seatsOf(twice.rsvps, places)).toEqual(seatsOf(once.rsvps, places))
      }),
    )
  })
})

describe('an answer', () => {
  const three = answersOf(
    [1, 2, 3].map((personId) => ({ personId, answer: 'yes' as const })),
    2,
  )

  it('beyond the last place waits, with a number', () => {
    expect(seatsOf(three, 2).get(3)).toEqual({ kind: 'waiting', number: 1 })
  })

  it('that declines gives its place to the first who waits', () => {
    expect(decideAnswer(three, 2, { personId: 1, answer: 'no', deputyName: null }).promoted).toEqual([3])
  })

  it('that sends a deputy keeps the place', () => {
    const { rsvps, promoted } = decideAnswer(three, 2, { personId: 1, answer: 'deputy', deputyName: 'Иванова' })
    expect(comingOf(rsvps, 2)).toEqual([1, 2])
    expect(promoted).toEqual([])
  })

  it('given up and wished for again stands at the end', () => {
    const without = decideAnswer(three, 2, { personId: 1, answer: 'no', deputyName: null }).rsvps
    const again = decideAnswer(without, 2, { personId: 1, answer: 'yes', deputyName: null }).rsvps
    expect(comingOf(again, 2)).toEqual([2, 3])
  })

  it('counts: more places bring up those who wait', () => {
    expect(promotedBetween(three, 2, three, 3)).toEqual([3])
    expect(tallyOf(three, 2, 10)).toEqual({ yes: 2, deputy: 0, no: 0, waiting: 1, silent: 7 })
  })
})
