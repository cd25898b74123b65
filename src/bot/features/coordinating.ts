import { type Action, may } from '../../access/rights.ts'
import { organizationById, type School } from '../../db/register.ts'
import type { Turn } from '../turn.ts'
import type { Gaps, WordKey } from '../words.ts'

/** Says shortly why nothing happened: as a box over the tapped button, or as a message to words. */
export function sayNo(turn: Turn, key: WordKey, gaps: Gaps = {}): void {
  if (turn.incoming.kind === 'tap') turn.toast(turn.say.plain(key, gaps), true)
  else turn.send({ text: turn.say(key, gaps) })
}

/** Whether the person may do `action` in this municipality; says so if not. */
export function allowed(turn: Turn, action: Action): boolean {
  if (may(turn.actor, action, { municipalityId: turn.municipality.id })) return true
  sayNo(turn, 'common.notYours')
  return false
}

/** The school with this id, if it is in the register and the person may do `action` to it; says so and gives null if not. */
export async function schoolFor(turn: Turn, action: Action, schoolId: number): Promise<School | null> {
  const school = await organizationById(turn.tx, schoolId)
  if (
    school?.kind === 'school' &&
    may(turn.actor, action, { municipalityId: school.municipalityId, organizationId: school.id })
  )
    return school
  sayNo(turn, school ? 'common.notYours' : 'common.notFound')
  return null
}

/** The words of this turn's message; null where it is none, and the person is asked for words. */
export function wordsOfTurn(turn: Turn): string | null {
  if (turn.incoming.kind === 'text') return turn.incoming.text.trim()
  turn.send({ text: turn.say('common.wordsExpected') })
  return null
}
