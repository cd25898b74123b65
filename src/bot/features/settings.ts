import { z } from 'zod'
import { holds } from '../../access/rights.ts'
import { readTypedDay } from '../../calendar/days-typed.ts'
import { workingCalendar } from '../../calendar/working-calendar.ts'
import { municipalityById } from '../../db/people.ts'
import { overridesOf } from '../../db/reminders.ts'
import { changeSetting, moveDay, movedDays, type UndoRefusal, undoSetting } from '../../db/settings.ts'
import type { PlainDate } from '../../kernel/clock.ts'
import type { Municipality } from '../../people/people.ts'
import {
  SETTINGS,
  type Setting,
  type SettingRefusal,
  type SettingValue,
  settingInWords,
} from '../../people/settings.ts'
import { chooseDay, chooseSetting, openMovedDays, openSetting, openSettings, undoChange } from '../buttons-people.ts'
import {
  changedScreen,
  dayScreen,
  movedDaysScreen,
  presetPolicy,
  settingScreen,
  settingsScreen,
  typedFor,
  valueWords,
} from '../screens/settings.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened, type WordKey, wordsOf } from '../words.ts'
import { allowed, sayNo, wordsOfTurn } from './coordinating.ts'

const Typing = z.object({ kind: z.literal('setting'), setting: z.enum(SETTINGS) })
const Days = z.object({ kind: z.literal('moved-day') })
/** Days further away than that are a slip of the finger. */
const FARTHEST_DAYS = 800

/** «Настройки»: what a coordinator sets for the municipality, each shown, typed, checked, and taken back. */
export const settings: Feature = {
  menu: [
    { key: 'settings.menu', command: 'settings', shown: (actor) => holds(actor, ['coordinator']), run: showSettings },
  ],
  taps: [
    on(openSettings, showSettings),
    on(openSetting, showSetting),
    on(chooseSetting, choose),
    on(undoChange, undo),
    on(openMovedDays, showMovedDays),
    on(chooseDay, setDay),
  ],
  dialogs: [
    waitingFor('setting', Typing, (turn, typing) => typed(turn, typing.setting as Setting)),
    waitingFor('moved-day', Days, dayTyped),
  ],
}

async function showSettings(turn: Turn): Promise<void> {
  if (!allowed(turn, 'change-settings')) return
  const days = await movedDays(turn.tx, turn.municipality.id, turn.today)
  turn.forget()
  turn.show(settingsScreen(turn.say, turn.municipality, days.length))
}

function showSetting(turn: Turn, word: string): void {
  const setting = settingOf(word)
  if (!setting || !allowed(turn, 'change-settings')) return
  turn.await({ kind: 'setting', setting })
  turn.show(settingScreen(turn.say, turn.municipality, setting))
}

function settingOf(word: string): Setting | undefined {
  return SETTINGS.find((candidate) => candidate === word)
}

async function choose(turn: Turn, word: string, value: string): Promise<void> {
  const setting = settingOf(word)
  if (!setting || !allowed(turn, 'change-settings')) return
  const preset = setting === 'policy' ? presetPolicy(value) : undefined
  if (preset) return keep(turn, setting, { reminderPolicy: preset })
  await takeWords(turn, setting, typedFor(setting, value) ?? '')
}

async function typed(turn: Turn, setting: Setting): Promise<boolean> {
  if (turn.incoming.kind !== 'text') return false
  const words = wordsOfTurn(turn)
  if (words !== null && allowed(turn, 'change-settings')) await takeWords(turn, setting, words)
  return true
}

const REFUSALS = {
  'not-understood': 'settings.refusal.notUnderstood',
  'out-of-hours': 'settings.refusal.outOfHours',
  'hours-reversed': 'settings.refusal.hoursReversed',
  'too-many': 'settings.refusal.tooMany',
} as const satisfies Record<SettingRefusal['code'], WordKey>

async function takeWords(turn: Turn, setting: Setting, words: string): Promise<void> {
  const read = settingInWords(turn.municipality, setting, words)
  if (read.ok) return keep(turn, setting, read.value)
  const { code, ...facts } = read.refusal
  sayNo(turn, REFUSALS[code], { ...facts, found: shortened(read.refusal.found, 100) })
}

async function keep(turn: Turn, setting: Setting, after: SettingValue): Promise<void> {
  const before = valueWords(turn.say, turn.municipality, setting)
  const change = await changeSetting(turn.tx, {
    municipalityId: turn.municipality.id,
    personId: turn.actor.personId,
    setting,
    after,
    now: turn.now,
  })
  if (!change) return sayNo(turn, 'settings.same')
  turn.forget()
  const present = await presentOf(turn)
  turn.show(
    changedScreen(present.say, {
      setting,
      before,
      after: valueWords(present.say, present.municipality, setting),
      changeId: change.id,
    }),
  )
}

/** The municipality as it is now, with words of its language: the change may have been of just that. */
async function presentOf(turn: Turn): Promise<{ municipality: Municipality; say: Turn['say'] }> {
  const municipality = await municipalityById(turn.tx, turn.municipality.id)
  return { municipality, say: wordsOf(municipality.locale, turn.today, municipality.timezone) }
}

const UNDO_REFUSALS = {
  'not-found': 'common.notFound',
  undone: 'settings.undoneAlready',
  'changed-since': 'settings.changedSince',
} as const satisfies Record<UndoRefusal['code'], WordKey>

async function undo(turn: Turn, changeId: number): Promise<void> {
  if (!allowed(turn, 'change-settings')) return
  const result = await undoSetting(turn.tx, { municipalityId: turn.municipality.id, changeId, now: turn.now })
  if (!result.ok) return sayNo(turn, UNDO_REFUSALS[result.refusal.code])
  const { municipality, say } = await presentOf(turn)
  turn.toast(say.plain('common.cancelled'))
  turn.show(settingScreen(say, municipality, result.value.setting as Setting))
}

async function showMovedDays(turn: Turn): Promise<void> {
  if (!allowed(turn, 'change-settings')) return
  turn.await({ kind: 'moved-day' })
  const days = await movedDays(turn.tx, turn.municipality.id, turn.today)
  turn.show(movedDaysScreen(turn.say, { days, today: turn.today }))
}

/** «выходной 12 июня», «рабочий 14.06»: said at once; a bare day asks which. */
async function dayTyped(turn: Turn): Promise<boolean> {
  if (turn.incoming.kind !== 'text') return false
  const words = wordsOfTurn(turn)
  if (words === null || !allowed(turn, 'change-settings')) return true
  const meant = /выходн|нерабоч|отдыха/iu.test(words) ? 'off' : /рабоч/iu.test(words) ? 'on' : null
  const day = readTypedDay(words.replace(/(не)?рабоч\p{L}*|выходн\p{L}*|отдых\p{L}*|день|[-–—:]/giu, ' '), turn.today)
  if (!day || !isNear(day, turn.today)) sayNo(turn, 'settings.daysOff.notUnderstood')
  else if (meant) await setDay(turn, day, meant)
  else turn.send(dayScreen(turn.say, day, turn.calendar))
  return true
}

function isNear(day: PlainDate, today: PlainDate): boolean {
  const days = today.until(day, { largestUnit: 'day' }).days
  return days >= 0 && days <= FARTHEST_DAYS
}

const DAY_KINDS = new Map<string, boolean | null>([
  ['off', false],
  ['on', true],
  ['usual', null],
])

async function setDay(turn: Turn, day: PlainDate, word: string): Promise<void> {
  const wanted = DAY_KINDS.get(word)
  if (wanted === undefined || !allowed(turn, 'change-settings')) return
  if (!isNear(day, turn.today)) return sayNo(turn, 'settings.daysOff.notUnderstood')
  const without = workingCalendar(
    (await overridesOf(turn.tx, turn.municipality.id)).filter((override) => override.day !== day.toString()),
  )
  const needed = wanted !== null && without.isWorking(day) === wanted ? null : wanted
  const changed = await moveDay(turn.tx, turn.municipality.id, day, needed)
  if (!changed) return sayNo(turn, 'settings.daysOff.same', { day: turn.say.day(day) })
  turn.toast(turn.say.plain('settings.daysOff.kept', { day: turn.say.day(day) }))
  await showMovedDays(turn)
}
