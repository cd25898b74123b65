import ICAL from 'ical.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PersonInChat } from '../../src/sandbox/people.ts'
import { openStage, type Stage } from '../support/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage('2026-03-16T07:00:00Z') // Monday, 10:00 in Moscow
})
afterEach(() => stage.close())

const INVITATION = `Семинар «Формирующее оценивание»
Приглашаем 26 марта в 14:00 в актовом зале школы № 1.
Просим подтвердить участие до 24 марта.`

/** The coordinator writes an announcement and picks the heads; gives the card of the draft. */
async function write(text: string) {
  const { coordinator } = stage
  await coordinator.press('Объявления')
  await coordinator.tap(await coordinator.waitFor('Семинар, совещание'), 'Новое объявление')
  await coordinator.waitFor('Пришлите текст')
  await coordinator.send(text)
  const card = await coordinator.waitFor('Черновик объявления')
  await coordinator.tap(card, 'Кому')
  await coordinator.tap(await coordinator.waitFor('Пока никого'), 'Роли')
  await coordinator.tap(await coordinator.waitFor('Кому по роли'), 'Руководитель')
  await coordinator.tap(await coordinator.waitFor(/Кому по роли/), 'Готово')
  await coordinator.tap(await coordinator.waitFor(/Получат 3 человека/), 'Готово')
  return coordinator.waitFor('Получат 3 человека')
}

async function sendOut(text: string) {
  const card = await write(text)
  await stage.coordinator.tap(card, '📤 Отправить')
  return stage.coordinator.waitFor(/Доставлено 3 из 3/)
}

const heads = (): PersonInChat[] => [stage.head, stage.otherHead, stage.sandbox.as(1005)]

/** The last calendar file that this person got, read by a calendar library. */
async function calendarOf(person: PersonInChat) {
  const last = person.messages().findLast((message) => message.files.some(({ name }) => name?.endsWith('.ics')))
  if (!last) throw new Error('no calendar file came')
  const file = last.files[0]!
  const bytes = await stage.sandbox.fileOf(file)
  const component = new ICAL.Component(ICAL.parse(bytes.toString('utf8')))
  return {
    method: component.getFirstPropertyValue('method'),
    events: component.getAllSubcomponents('vevent').map((event) => ({
      uid: String(event.getFirstPropertyValue('uid')),
      sequence: Number(event.getFirstPropertyValue('sequence')),
      starts: (event.getFirstPropertyValue('dtstart') as ICAL.Time).toJSDate().toISOString(),
    })),
  }
}

describe('a seminar, from writing to feedback', () => {
  it('is written, sent, answered', async () => {
    const card = await write(INVITATION)
    console.log(
      card.text,
      card.buttons.flat().map((b) => b.label),
    )
    await stage.coordinator.tap(card, 'Посмотреть')
    const preview = await stage.coordinator.waitFor((m) => m.buttons.flat().some((b) => b.label === 'Буду'))
    console.log(preview.text)
    await stage.coordinator.tap(card, '📤 Отправить')
    const live = await stage.coordinator.waitFor(/Доставлено 3 из 3/)
    console.log(
      live.text,
      live.buttons.flat().map((b) => b.label),
    )
    const got = await stage.head.waitFor('Формирующее')
    expect(got.text).toBe(preview.text)
    await stage.head.tap(got, 'Буду')
    const answered = await stage.head.waitFor('Ваш ответ: буду')
    console.log(answered.text)
    console.log(stage.head.last())
    await stage.coordinator.waitFor(/Будут: 1/)
  })
})
