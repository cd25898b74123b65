import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Temporal } from '../../src/kernel/clock.ts'
import type { Municipality } from '../../src/people/people.ts'
import { type Setting, settingInWords } from '../../src/people/settings.ts'
import { defaultReminderPolicy } from '../../src/reminders/policy.ts'
import { policyInWords } from '../../src/reminders/policy-in-words.ts'

const time = (text: string) => Temporal.PlainTime.from(text)
const municipality: Municipality = {
  id: 1,
  name: 'Заречный район',
  timezone: 'Asia/Omsk',
  locale: 'ru',
  workFrom: time('09:00'),
  workTo: time('18:00'),
  reminderSlot: time('09:00'),
  digestSlot: time('09:30'),
  reminderPolicy: null,
  evidenceRequired: false,
  announcementsPerDay: 3,
}

describe('what a coordinator types for a setting', () => {
  it.each`
    setting            | words                 | value
    ${'timezone'}      | ${'омск'}             | ${{ timezone: 'Asia/Omsk' }}
    ${'timezone'}      | ${'asia/novosibirsk'} | ${{ timezone: 'Asia/Novosibirsk' }}
    ${'hours'}         | ${'с 8:30 до 17:30'}  | ${{ workFrom: '08:30', workTo: '17:30' }}
    ${'hours'}         | ${'9–18'}             | ${{ workFrom: '09:00', workTo: '18:00' }}
    ${'hours'}         | ${'08.00 - 17.00'}    | ${{ workFrom: '08:00', workTo: '17:00' }}
    ${'reminder-slot'} | ${'9'}                | ${{ reminderSlot: '09:00' }}
    ${'reminder-slot'} | ${'в 10 ч 15 мин'}    | ${{ reminderSlot: '10:15' }}
    ${'digest-slot'}   | ${'20:59'}            | ${{ digestSlot: '20:59' }}
    ${'evidence'}      | ${'Да'}               | ${{ evidenceRequired: true }}
    ${'announcements'} | ${'5'}                | ${{ announcementsPerDay: 5 }}
    ${'language'}      | ${'English'}          | ${{ locale: 'en' }}
  `('$setting «$words»', ({ setting, words, value }) => {
    expect(settingInWords(municipality, setting, words)).toEqual({ ok: true, value })
  })

  it.each`
    setting            | words              | code
    ${'timezone'}      | ${'+03:00'}        | ${'not-understood'}
    ${'timezone'}      | ${'Луна'}          | ${'not-understood'}
    ${'hours'}         | ${'18-9'}          | ${'hours-reversed'}
    ${'hours'}         | ${'с утра'}        | ${'not-understood'}
    ${'hours'}         | ${'25:00-26:00'}   | ${'not-understood'}
    ${'reminder-slot'} | ${'23:00'}         | ${'out-of-hours'}
    ${'reminder-slot'} | ${'7:59'}          | ${'out-of-hours'}
    ${'reminder-slot'} | ${'21:00'}         | ${'out-of-hours'}
    ${'reminder-slot'} | ${'9:75'}          | ${'not-understood'}
    ${'announcements'} | ${'100'}           | ${'too-many'}
    ${'announcements'} | ${'-1'}            | ${'not-understood'}
    ${'policy'}        | ${'за 400 дней'}   | ${'too-many'}
    ${'policy'}        | ${'как получится'} | ${'not-understood'}
  `('$setting «$words» is refused: $code', ({ setting, words, code }) => {
    expect(settingInWords(municipality, setting, words)).toMatchObject({ ok: false, refusal: { code } })
  })

  it('never throws, whatever is typed', () => {
    const setting = fc.constantFrom<Setting>(
      'timezone',
      'hours',
      'reminder-slot',
      'policy',
      'evidence',
      'announcements',
      'language',
    )
    fc.assert(
      fc.property(
        setting,
        fc.string(),
        (which, words) => typeof settingInWords(municipality, which, words).ok === 'boolean',
      ),
    )
  })
})

describe('a reminder policy in words', () => {
  it.each`
    words                                                          | change
    ${'за 10, 3 и 0 дней'}                                         | ${{ before: [10, 3, 0] }}
    ${'за неделю, за день и в день срока'}                         | ${{ before: [7, 1, 0] }}
    ${'за 2 недели'}                                               | ${{ before: [14] }}
    ${'накануне'}                                                  | ${{ before: [1] }}
    ${'не напоминать заранее'}                                     | ${{ before: [] }}
    ${'после срока через 1, 3 и 7 дней'}                           | ${{ after: [1, 3, 7] }}
    ${'через 2 дня, потом каждую неделю, не дольше 30 дней'}       | ${{ after: [2], thenEveryDays: 7, until: 30 }}
    ${'каждые 3 дня'}                                              | ${{ thenEveryDays: 3 }}
    ${'ежедневно'}                                                 | ${{ thenEveryDays: 1 }}
    ${'не повторять'}                                              | ${{ thenEveryDays: 0 }}
    ${'куратору через 5 дней, координатору через 20 дней'}         | ${{ curatorAfter: 5, coordinatorAfter: 20 }}
    ${'за 7 дней; после срока через 1 день; куратору через 2 дня'} | ${{ before: [7], after: [1], curatorAfter: 2 }}
  `('«$words»', ({ words, change }) => {
    expect(policyInWords(words, defaultReminderPolicy)).toEqual({
      ok: true,
      value: { ...defaultReminderPolicy, ...change },
    })
  })

  it.each(['', 'часто', 'за много дней', '3', 'за 3 дня и по четвергам', 'никогда'])(
    '«%s» is not guessed at',
    (words) => {
      expect(policyInWords(words, defaultReminderPolicy).ok).toBe(false)
    },
  )
})
