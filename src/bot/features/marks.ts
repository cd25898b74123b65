import { z } from 'zod'
import { ROLES } from '../../access/rights.ts'
import { schoolsOf } from '../../db/register.ts'
import { openPeopleAndSchools, openPerson } from '../buttons-people.ts'
import { marksScreen } from '../screens/people.ts'
import type { Turn } from '../turn.ts'
import { sayNo } from './coordinating.ts'

/** What check marks of schools are for: an invite, or the schools of a person's role. */
export const Marking = z.object({
  kind: z.literal('marking'),
  role: z.enum(ROLES),
  personId: z.number().int().nullable(),
  chosen: z.array(z.number().int()),
  page: z.number().int(),
})
export type Marking = z.infer<typeof Marking>

/** Shows the schools with the check marks of `marking`, and remembers them. */
export async function showMarks(turn: Turn, marking: Marking): Promise<void> {
  const { say } = turn
  const role = say.plain(`role.${marking.role}`)
  turn.await(marking)
  turn.show(
    marksScreen(say, {
      title: say(marking.personId === null ? 'people.marks.askInvite' : 'people.marks.askRole', { role }),
      schools: await schoolsOf(turn.tx, turn.municipality.id),
      chosen: marking.chosen,
      page: marking.page,
      back: marking.personId === null ? openPeopleAndSchools() : openPerson(marking.personId),
    }),
  )
}

/** The marks that this chat is setting; says that the button is old, and gives null, where there are none. */
export function marksOf(turn: Turn): Marking | null {
  const parsed = Marking.safeParse(turn.dialog)
  if (parsed.success) return parsed.data
  sayNo(turn, 'menu.staleButton')
  return null
}

/** Sets or takes the mark of a school. A head and a deputy usually have one: a second mark is a second school all the same. */
export async function toggleMark(turn: Turn, schoolId: number): Promise<void> {
  const marking = marksOf(turn)
  if (!marking) return
  const chosen = marking.chosen.includes(schoolId)
    ? marking.chosen.filter((id) => id !== schoolId)
    : [...marking.chosen, schoolId]
  await showMarks(turn, { ...marking, chosen })
}
