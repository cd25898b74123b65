import { z } from 'zod'
import { holds } from '../../access/rights.ts'
import { readTypedSpan } from '../../calendar/days-typed.ts'
import { absencesOf, addAbsence, removeAbsence, standInsFor } from '../../db/absences.ts'
import { Temporal } from '../../kernel/clock.ts'
import { askAbsence, chooseStandIn, endAbsence, openAbsences } from '../buttons-people.ts'
import { absencesScreen, REMINDED, standInScreen } from '../screens/about-me.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { sayNo, wordsOfTurn } from './coordinating.ts'

const LONGEST_DAYS = 366

const Days = z.object({ kind: z.literal('absence-days') })
const StandIn = z.object({ kind: z.literal('absence-who'), from: z.iso.date(), until: z.iso.date() })

/** «Отпуск»: the days on which a person is away; who stands in for them gets the reminders. */
export const absences: Feature = {
  taps: [
    on(openAbsences, showAbsences),
    on(askAbsence, (turn) => {
      if (!isReminded(turn)) return
      turn.await({ kind: 'absence-days' })
      turn.send({
        text: turn.say('me.absence.askDays'),
        buttons: [[{ label: turn.say.plain('common.cancel'), action: openAbsences() }]],
      })
    }),
    on(chooseStandIn, keep),
    on(endAbsence, async (turn, absenceId) => {
      if (!(await removeAbsence(turn.tx, absenceId, turn.actor.personId))) return sayNo(turn, 'common.notFound')
      turn.toast(turn.say.plain('me.absence.ended'))
      await showAbsences(turn)
    }),
  ],
  dialogs: [waitingFor('absence-days', Days, daysTyped)],
}

function isReminded(turn: Turn): boolean {
  if (holds(turn.actor, REMINDED)) return true
  sayNo(turn, 'common.notYours')
  return false
}

/** The person's absences that are not over. */
export async function showAbsences(turn: Turn): Promise<void> {
  if (!isReminded(turn)) return
  turn.forget()
  turn.show(absencesScreen(turn.say, await absencesOf(turn.tx, turn.municipality.id, turn.actor.personId, turn.today)))
}

async function daysTyped(turn: Turn): Promise<boolean> {
  if (turn.incoming.kind !== 'text') return false
  const words = wordsOfTurn(turn)
  const span = words === null ? null : readTypedSpan(words, turn.today)
  if (!span || Temporal.PlainDate.compare(span.to, turn.today) < 0 || span.from.until(span.to).days > LONGEST_DAYS) {
    sayNo(turn, 'me.absence.notUnderstood')
    return true
  }
  turn.await({ kind: 'absence-who', from: span.from.toString(), until: span.to.toString() })
  turn.send(
    standInScreen(turn.say, {
      span: turn.say.span(span.from, span.to),
      candidates: await standInsFor(turn.tx, turn.actor),
    }),
  )
  return true
}

async function keep(turn: Turn, personId: number): Promise<void> {
  const asked = StandIn.safeParse(turn.dialog)
  if (!asked.success) return sayNo(turn, 'menu.staleButton')
  if (!isReminded(turn)) return
  const candidates = await standInsFor(turn.tx, turn.actor)
  const deputy = personId === 0 ? null : candidates.find((one) => one.personId === personId)
  if (deputy === undefined) return sayNo(turn, 'common.notFound')
  const fromDay = Temporal.PlainDate.from(asked.data.from)
  const untilDay = Temporal.PlainDate.from(asked.data.until)
  const kept = await addAbsence(turn.tx, {
    municipalityId: turn.municipality.id,
    personId: turn.actor.personId,
    fromDay,
    untilDay,
    deputyId: deputy?.personId ?? null,
    now: turn.now,
  })
  if (!kept.ok)
    return sayNo(turn, 'me.absence.overlaps', { span: turn.say.span(kept.refusal.fromDay, kept.refusal.untilDay) })
  const gaps = { span: turn.say.span(fromDay, untilDay), name: turn.person.fullName }
  if (deputy) await turn.tell([deputy.personId], { text: turn.say('me.absence.told', gaps) }, { reason: 'stand-in' })
  turn.toast(turn.say.plain('me.absence.kept'))
  await showAbsences(turn)
}
