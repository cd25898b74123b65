import { isEstimated } from '../../calendar/production-calendar.ts'
import type { WorkingCalendar } from '../../calendar/working-calendar.ts'
import { russianZones, zoneLabel } from '../../calendar/zones.ts'
import type { Button, Screen } from '../../delivery/screen.ts'
import type { PlainDate } from '../../kernel/clock.ts'
import type { Municipality } from '../../people/people.ts'
import { clock, policyNow, SETTINGS, type Setting } from '../../people/settings.ts'
import type { ReminderPolicy } from '../../reminders/policy.ts'
import { policyPresets } from '../../reminders/policy-in-words.ts'
import { chooseDay, chooseSetting, openMovedDays, openSetting, openSettings, undoChange } from '../buttons-people.ts'
import type { Say, WordKey } from '../words.ts'
import { rows } from './pages.ts'

/** What a setting is called. */
export const SETTING_NAMES = {
  timezone: 'settings.name.timezone',
  hours: 'settings.name.hours',
  'reminder-slot': 'settings.name.reminderSlot',
  'digest-slot': 'settings.name.digestSlot',
  policy: 'settings.name.policy',
  evidence: 'settings.name.evidence',
  announcements: 'settings.name.announcements',
  language: 'settings.name.language',
} as const satisfies Record<Setting, WordKey>

/** How a setting is explained and asked for. */
const ASK = {
  timezone: 'settings.ask.timezone',
  hours: 'settings.ask.hours',
  'reminder-slot': 'settings.ask.reminderSlot',
  'digest-slot': 'settings.ask.digestSlot',
  policy: 'settings.ask.policy',
  evidence: 'settings.ask.evidence',
  announcements: 'settings.ask.announcements',
  language: 'settings.ask.language',
} as const satisfies Record<Setting, WordKey>

/** The values that buttons offer: what they are called, by their fixed words. */
const TIMES = ['0800', '0830', '0900', '1000', '1200', '1500'] as const
const HOURS = ['0800-1700', '0830-1730', '0900-1800', '0900-1700'] as const
const COUNTS = ['1', '2', '3', '5', '10'] as const

/** The words that a fixed word of a button stands for, as somebody would type them; undefined for none of ours. */
export function typedFor(setting: Setting, word: string): string | undefined {
  switch (setting) {
    case 'timezone':
      return russianZones[Number(word)]?.zone
    case 'hours':
      return /^\d{4}-\d{4}$/.test(word) ? word.split('-').map(withColon).join(' – ') : undefined
    case 'reminder-slot':
    case 'digest-slot':
      return /^\d{4}$/.test(word) ? withColon(word) : undefined
    default:
      return word
  }
}

function withColon(time: string): string {
  return `${time.slice(0, 2)}:${time.slice(2)}`
}

/** «Настройки»: each with its present value. */
export function settingsScreen(say: Say, municipality: Municipality, movedDays: number): Screen {
  const lines = SETTINGS.map((setting) =>
    say('settings.line', { name: say.plain(SETTING_NAMES[setting]), value: valueWords(say, municipality, setting) }),
  )
  const buttons = SETTINGS.map((setting) => ({
    label: say.plain(SETTING_NAMES[setting]),
    action: openSetting(setting),
  }))
  return {
    text: [
      say('settings.title', { municipality: municipality.name }),
      '',
      ...lines,
      say('settings.line', {
        name: say.plain('settings.name.days'),
        value: say.plain('settings.movedCount', { count: movedDays }),
      }),
    ].join('\n'),
    buttons: [...inPairs(buttons), [{ label: say.plain('settings.name.days'), action: openMovedDays() }]],
  }
}

/** One setting: what it is, its present value, ready values, and how to type another. */
export function settingScreen(say: Say, municipality: Municipality, setting: Setting): Screen {
  return {
    text: [
      say('settings.oneTitle', { name: say.plain(SETTING_NAMES[setting]) }),
      say('settings.now', { value: valueWords(say, municipality, setting) }),
      say(ASK[setting]),
    ].join('\n\n'),
    buttons: rows(...choices(say, setting), [{ label: say.plain('common.back'), action: openSettings() }]),
  }
}

function choices(say: Say, setting: Setting): Button[][] {
  const choose = (word: string, label: string): Button => ({ label, action: chooseSetting(setting, word) })
  switch (setting) {
    case 'timezone':
      return inPairs(russianZones.map((zone, index) => choose(String(index), zone[say.language])))
    case 'hours':
      return inPairs(HOURS.map((word) => choose(word, word.split('-').map(withColon).join('–'))))
    case 'reminder-slot':
    case 'digest-slot':
      return inThrees(TIMES.map((word) => choose(word, withColon(word))))
    case 'policy':
      return (['gentle', 'usual', 'strict'] as const).map((preset) => [
        choose(preset, say.plain(`settings.preset.${preset}`)),
      ])
    case 'evidence':
      return [[choose('yes', say.plain('settings.yes')), choose('no', say.plain('settings.no'))]]
    case 'announcements':
      return [COUNTS.map((word) => choose(word, word))]
    case 'language':
      return [[choose('ru', 'Русский'), choose('en', 'English')]]
  }
}

/** The present value of a setting in words, not yet made safe for markup. */
export function valueWords(say: Say, municipality: Municipality, setting: Setting): string {
  switch (setting) {
    case 'timezone':
      return zoneLabel(municipality.timezone, say.language)
    case 'hours':
      return `${clock(municipality.workFrom)}–${clock(municipality.workTo)}`
    case 'reminder-slot':
      return clock(municipality.reminderSlot)
    case 'digest-slot':
      return clock(municipality.digestSlot)
    case 'policy':
      return policyWords(say, policyNow(municipality))
    case 'evidence':
      return say.plain(municipality.evidenceRequired ? 'settings.yes' : 'settings.no')
    case 'announcements':
      return String(municipality.announcementsPerDay)
    case 'language':
      return municipality.locale === 'en' ? 'English' : 'Русский'
  }
}

/** A reminder policy in words: «за 14, 3 и 0 дней; после срока через 1, 3 и 7 дней …». */
export function policyWords(say: Say, policy: ReminderPolicy): string {
  const list = (days: number[]): string =>
    new Intl.ListFormat(say.language, { type: 'conjunction' }).format(days.map(String))
  const after = policy.after.filter((days) => days <= policy.until)
  return [
    policy.before.length > 0
      ? say.plain('settings.policy.before', { days: list(policy.before) })
      : say.plain('settings.policy.noBefore'),
    after.length > 0 ? say.plain('settings.policy.after', { days: list(after) }) : say.plain('settings.policy.noAfter'),
    policy.thenEveryDays > 0
      ? say.plain('settings.policy.then', {
          every: say.plain('settings.days', { count: policy.thenEveryDays }),
          until: say.plain('settings.days', { count: policy.until }),
        })
      : say.plain('settings.policy.noThen'),
    say.plain('settings.policy.curator', { days: say.plain('settings.days', { count: policy.curatorAfter }) }),
    say.plain('settings.policy.coordinator', { days: say.plain('settings.days', { count: policy.coordinatorAfter }) }),
  ].join('; ')
}

/** A setting was changed: what it was, what it is, and the way back. */
export function changedScreen(
  say: Say,
  given: { setting: Setting; before: string; after: string; changeId: number },
): Screen {
  return {
    text: say('settings.changed', {
      name: say.plain(SETTING_NAMES[given.setting]),
      before: given.before,
      after: given.after,
    }),
    buttons: [
      [
        { label: say.plain('common.undo'), action: undoChange(given.changeId) },
        { label: say.plain('settings.toAll'), action: openSettings() },
      ],
    ],
  }
}

/** The days that the municipality moved, over the country's calendar. */
export function movedDaysScreen(
  say: Say,
  given: { days: { day: PlainDate; working: boolean }[]; today: PlainDate },
): Screen {
  const { days, today } = given
  const lines = days.map(({ day, working }) =>
    say(working ? 'settings.daysOff.lineOn' : 'settings.daysOff.lineOff', { day: say.weekday(day) }),
  )
  const nextYear = today.year + 1
  return {
    text: [
      say('settings.daysOff.title'),
      ...(lines.length > 0 ? [lines.join('\n')] : [say('settings.daysOff.none')]),
      ...(isEstimated(nextYear) ? [say('settings.daysOff.estimated', { year: nextYear })] : []),
      say('settings.daysOff.ask'),
    ].join('\n\n'),
    buttons: rows(
      ...days
        .slice(0, 10)
        .map(({ day }) => [
          { label: say.plain('settings.daysOff.remove', { day: say.day(day) }), action: chooseDay(day, 'usual') },
        ]),
      [{ label: say.plain('common.back'), action: openSettings() }],
    ),
  }
}

/** What a day is to be. */
export function dayScreen(say: Say, day: PlainDate, calendar: WorkingCalendar): Screen {
  return {
    text: say(calendar.isWorking(day) ? 'settings.daysOff.isOn' : 'settings.daysOff.isOff', { day: say.weekday(day) }),
    buttons: [
      [
        { label: say.plain('settings.daysOff.makeOff'), action: chooseDay(day, 'off') },
        { label: say.plain('settings.daysOff.makeOn'), action: chooseDay(day, 'on') },
      ],
      [{ label: say.plain('common.cancel'), action: openMovedDays() }],
    ],
  }
}

/** The policy that a button names; undefined for none of ours. */
export function presetPolicy(word: string): ReminderPolicy | undefined {
  const preset = Object.entries(policyPresets).find(([name]) => name === word)?.[1]
  return preset && { ...preset, before: [...preset.before], after: [...preset.after] }
}

function inPairs(buttons: Button[]): Button[][] {
  return inRowsOf(buttons, 2)
}

function inThrees(buttons: Button[]): Button[][] {
  return inRowsOf(buttons, 3)
}

function inRowsOf(buttons: Button[], size: number): Button[][] {
  return Array.from({ length: Math.ceil(buttons.length / size) }, (_, row) =>
    buttons.slice(row * size, (row + 1) * size),
  )
}
