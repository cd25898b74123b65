import ICAL from 'ical.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NOBODY } from '../../src/announcements/audience.ts'
import { readAnnouncement, untilInstant } from '../../src/announcements/reading.ts'
import { addMeetings, createAnnouncement } from '../../src/db/announcements.ts'
import { personAt } from '../../src/db/opening.ts'
import { municipalities } from '../../src/db/schema/index.ts'
import { readTable } from '../../src/documents/faq-file.ts'
import { localDate } from '../../src/kernel/clock.ts'
import { exampleZone as ZONE } from '../../src/sandbox/example/municipality.ts'
import type { PersonInChat } from '../../src/sandbox/people.ts'
import type { VisibleMessage } from '../../src/sandbox/visible.ts'
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
async function write(text: string): Promise<VisibleMessage> {
  const { coordinator } = stage
  coordinator.skipSeen()
  await coordinator.press('Объявления')
  await coordinator.tap(await coordinator.waitFor('Семинар, совещание'), 'Новое объявление')
  await coordinator.waitFor('Пришлите текст')
  await coordinator.send(text)
  await coordinator.tap(await coordinator.waitFor('Черновик объявления'), 'Кому')
  await coordinator.tap(await coordinator.waitFor('Пока никого'), 'Роли')
  await coordinator.tap(await coordinator.waitFor('Кому по роли'), /Руководитель/)
  await coordinator.tap(await coordinator.waitFor('Кому по роли'), 'Готово')
  await coordinator.tap(await coordinator.waitFor('Получат 3 человека'), 'Готово')
  return coordinator.waitFor('Получат 3 человека')
}

/** A draft for all heads that was written before; gives its card. */
async function open(text: string): Promise<VisibleMessage> {
  const { coordinator, app } = stage
  const read = readAnnouncement(text, localDate(stage.now(), ZONE))
  await app.engine.database.asSystem(async (tx) => {
    const [municipality] = await tx.select().from(municipalities)
    const person = await personAt(tx, { messenger: 'telegram', address: '1001' })
    const municipalityId = municipality!.id
    const id = await createAnnouncement(tx, {
      municipalityId,
      authorId: person!.personId,
      title: read.title,
      html: text,
      place: read.place,
      wantsAnswer: read.wantsAnswer,
      answerUntil: read.until && untilInstant(read.until, municipality!.workTo, ZONE),
      places: read.places,
      audience: { ...NOBODY, roles: ['head'] },
      activityId: null,
      album: null,
      now: stage.now(),
    })
    const spans = read.when.meetings.map(({ starts, ends }) => ({
      startsAt: starts.toZonedDateTime(ZONE).toInstant(),
      endsAt: ends.toZonedDateTime(ZONE).toInstant(),
    }))
    await addMeetings(tx, { id, municipalityId }, spans, 0)
  })
  coordinator.skipSeen()
  await coordinator.press('Объявления')
  const home = await coordinator.waitFor('Семинар, совещание')
  await coordinator.tap(home, /^📝/u)
  return coordinator.waitFor('Черновик объявления')
}

/** The same, sent; gives the card that follows it. */
async function sendOut(text: string): Promise<VisibleMessage> {
  await stage.coordinator.tap(await open(text), '📤 Отправить')
  await stage.coordinator.waitFor('отправляю. Ход')
  return stage.coordinator.waitFor('Доставлено 3 из 3')
}

/** Presses a button twice, as a bad line does it, and waits until all is done. */
async function tapTwice(person: PersonInChat, message: VisibleMessage, label: string | RegExp): Promise<void> {
  await person.tap(message, label)
  await person.tap(message, label)
  await stage.settled()
}

const heads = (): PersonInChat[] => [stage.head, stage.otherHead, stage.sandbox.as(1005)]
const countOf = (person: PersonInChat, words: string): number =>
  person.messages().filter(({ from, text }) => from === 'bot' && text.includes(words)).length
const buttonsOf = (message: VisibleMessage): string[] => message.buttons.flat().map(({ label }) => label)
const card = (id: VisibleMessage): VisibleMessage => stage.coordinator.message(id)!

type Calendar = { method: string; events: { uid: string; sequence: number; starts: string; status: string }[] }

/** The calendar files that this person got, read by a calendar library. */
async function calendarsOf(person: PersonInChat): Promise<Calendar[]> {
  const files = person.messages().flatMap(({ file }) => (file?.name?.endsWith('.ics') ? [file] : []))
  return Promise.all(
    files.map(async (file) => {
      const component = new ICAL.Component(ICAL.parse((await file.bytes()).toString('utf8')))
      return {
        method: String(component.getFirstPropertyValue('method')),
        events: component.getAllSubcomponents('vevent').map((event) => ({
          uid: String(event.getFirstPropertyValue('uid')),
          sequence: Number(event.getFirstPropertyValue('sequence')),
          starts: (event.getFirstPropertyValue('dtstart') as ICAL.Time).toJSDate().toISOString(),
          status: String(event.getFirstPropertyValue('status')),
        })),
      }
    }),
  )
}

describe('a seminar', () => {
  it('goes from writing to feedback, every button pressed twice', async () => {
    const { coordinator, head, otherHead } = stage
    const third = stage.sandbox.as(1005)
    const draft = await write(`${INVITATION}\nКоличество мест: 2`)
    expect(draft.text).toContain('чт, 26 марта, 14:00–15:00')
    expect(draft.text).toContain('В актовом зале школы № 1')
    expect(draft.text).toContain('нужен, до 24 марта, 18:00')
    await coordinator.tap(draft, 'Посмотреть')
    const preview = await coordinator.waitFor((message) => buttonsOf(message).includes('Буду'))
    await tapTwice(coordinator, draft, '📤 Отправить')
    const live = await coordinator.waitFor('Доставлено 3 из 3')

    const got = await Promise.all(heads().map((person) => person.waitFor('Формирующее')))
    expect(got.map(({ text, buttons }) => [text, buttons.length])).toEqual(
      got.map(() => [preview.text, preview.buttons.length]),
    )
    for (const person of heads()) expect(countOf(person, 'Формирующее')).toBe(1)

    await tapTwice(head, got[0]!, 'Буду')
    await head.waitFor('Ваш ответ: буду')
    expect(await calendarsOf(head)).toHaveLength(1)
    await otherHead.tap(got[1]!, 'Пришлю заместителя')
    await otherHead.waitFor('Кто придёт вместо вас')
    await otherHead.send('Иванова Анна, завуч')
    await otherHead.waitFor('Вместо вас придёт: Иванова Анна, завуч')
    await tapTwice(third, got[2]!, 'Буду')
    await third.waitFor('в списке ожидания, номер 1')
    await stage.settled()
    await coordinator.waitFor(/Будут: 1\n👤 Пришлют заместителя: 1[\s\S]*Занято мест: 2 из 2\n⏳ В списке ожидания: 1/)

    await tapTwice(head, got[0]!, 'Не смогу')
    await third.waitFor('Место освободилось')
    expect(countOf(third, 'Место освободилось')).toBe(1)
    await coordinator.waitFor(/Будут: 1\n👤 Пришлют заместителя: 1\n❌ Не смогут: 1/)

    await stage.passTo('2026-03-25T06:00:00Z') // 9:00 the day before
    await third.waitFor('Напоминаю: завтра')
    await otherHead.waitFor(/Напоминаю: завтра[\s\S]*Иванова Анна/)
    await stage.passTo('2026-03-26T10:00:00Z') // an hour before
    await third.waitFor('Через час начинаем')
    await stage.passTo('2026-03-26T11:30:00Z')
    expect(countOf(third, 'Через час')).toBe(1)
    expect(countOf(third, 'Напоминаю: завтра')).toBe(1)
    expect(countOf(head, 'Через час')).toBe(0)

    coordinator.skipSeen()
    await coordinator.press('Объявления')
    await coordinator.tap(await coordinator.waitFor('Семинар, совещание'), /Формирующее/)
    const now = await coordinator.waitFor('Доставлено 3 из 3')
    expect(now.id).not.toBe(live.id)
    await coordinator.tap(now, 'Кто был')
    const hall = await coordinator.waitFor('Отмечено: 0')
    await tapTwice(coordinator, hall, 'Код для зала')
    const [code] = /\d{4}/.exec((await coordinator.waitFor('Код:')).text) ?? []
    await third.send(code === '1111' ? '2222' : '1111')
    await third.waitFor('Код не подошёл')
    await third.send(code!)
    await third.waitFor('Отметил вас')
    await third.send(code!)
    await third.waitFor('Вы уже отмечены')
    await coordinator.tap(hall, /Лебедев/)
    await coordinator.waitFor('Отмечено: 2')
    await tapTwice(coordinator, hall, 'Попросить отзыв')
    const asked = await third.waitFor('Насколько оно было полезно')
    expect(countOf(third, 'Насколько')).toBe(1)
    expect(countOf(head, 'Насколько')).toBe(0)
    await third.tap(asked, '5')
    await third.waitFor('Ваша оценка: 5')
    await third.send('Хочу продолжения')
    await third.waitFor('записал')

    await coordinator.tap(hall, 'Отправить материалы')
    await coordinator.waitFor('Пришлите материалы')
    await coordinator.sendDocument(Buffer.from('слайды'), 'Слайды.txt')
    await coordinator.send('Запись: https://example.org/video')
    const ready = await coordinator.waitFor('1 файл и текст')
    await tapTwice(coordinator, ready, 'Отправить 2 участникам')
    const materials = await third.waitFor('Материалы:')
    expect(materials.file?.name).toBe('Слайды.txt')
    expect(countOf(third, 'Материалы:')).toBe(1)
    expect(countOf(head, 'Материалы:')).toBe(0)

    await coordinator.tap(now, 'Итоги')
    const results = await coordinator.waitFor('Итоги:')
    expect(results.text).toContain('Пришли: 2 (из обещавших 2)')
    expect(results.text).toContain('Оценка: 5 из 5 (1 отзыв)')
    expect(results.text).toContain('«Хочу продолжения»')
    await coordinator.tap(results, 'Таблица')
    const table = await coordinator.waitFor('Ответы: Семинар')
    const rows = readTable(await table.file!.bytes(), 'answers.xlsx')
    expect(JSON.stringify(rows)).toContain('Иванова Анна, завуч')
    expect(JSON.stringify(rows)).toContain('Хочу продолжения')
  })

  it('reminds the silent by one tap once a day, and by itself two working days before the deadline', async () => {
    const live = await sendOut(INVITATION)
    const { coordinator, head, otherHead } = stage
    await head.tap(await head.waitFor('Формирующее'), 'Буду')
    await stage.settled()
    await tapTwice(coordinator, live, 'Напомнить молчащим')
    await otherHead.waitFor('Ждём вашего ответа до 24 марта, 18:00')
    expect(countOf(otherHead, 'Ждём вашего')).toBe(1)
    await stage.passTo('2026-03-20T07:00:00Z') // Friday: two working days before Tuesday
    expect(countOf(otherHead, 'Ждём вашего')).toBe(2)
    expect(countOf(head, 'Ждём вашего')).toBe(0)
    await stage.passTo('2026-03-24T16:00:00Z')
    expect(countOf(otherHead, 'Ждём вашего')).toBe(2)
    const nudge = otherHead.messages().findLast(({ text }) => text.includes('Ждём вашего'))!
    const answer = await (await otherHead.tap(nudge, 'Буду')).answered()
    expect(answer?.text).toContain('Ответы принимали до 24 марта, 18:00')
  })

  it('is moved and called off: calendars follow, everybody hears once', async () => {
    const live = await sendOut(INVITATION)
    const { coordinator, head, otherHead } = stage
    const first = await head.waitFor('Формирующее')
    await head.tap(first, 'Буду')
    await head.waitFor('Ваш ответ: буду')
    await coordinator.waitFor('Будут: 1')

    await coordinator.tap(live, 'Изменить')
    await coordinator.tap(await coordinator.waitFor('Что изменить'), 'Другое время')
    await coordinator.waitFor('Когда?')
    await coordinator.send('27 марта с 10 до 12')
    const sure = await coordinator.waitFor('Прежние ответы останутся')
    expect(sure.text).toContain('пт, 27 марта, 10:00–12:00')
    await tapTwice(coordinator, sure, 'Да, сообщить всем')
    const moved = await head.waitFor('Изменение:')
    expect(moved.text).toContain('Было: чт, 26 марта, 14:00–15:00')
    expect(countOf(otherHead, 'Изменение:')).toBe(1)
    await coordinator.waitFor(/Будут: 0[\s\S]*Не ответили: 3/)
    const stale = await (
      await otherHead.tap(otherHead.messages().find(({ text }) => text.includes('Формирующее'))!, 'Буду')
    ).answered()
    expect(stale?.text ?? '').not.toContain('изменились') // the old message was mended: its buttons are those of the new date
    await head.tap(moved, 'Буду')
    await coordinator.waitFor('Будут: 2')

    await coordinator.tap(
      coordinator.messages().findLast(({ text }) => text.includes('Будут: 2'))!,
      'Отменить мероприятие',
    )
    const ask = await coordinator.waitFor('Отменить мероприятие?')
    await coordinator.send('Болеет лектор')
    await tapTwice(coordinator, ask, 'Отменить без причины')
    const off = await head.waitFor('Причина: Болеет лектор')
    expect(off.text).toContain('пт, 27 марта, 10:00–12:00')
    for (const person of heads()) expect(countOf(person, 'Причина: Болеет лектор')).toBe(1)

    const [published, changed, cancelled, ...more] = await calendarsOf(head)
    expect(more).toEqual([])
    const uid = published!.events[0]!.uid
    expect(published).toMatchObject({
      method: 'PUBLISH',
      events: [{ sequence: 0, starts: '2026-03-26T11:00:00.000Z' }],
    })
    expect(changed).toMatchObject({
      method: 'PUBLISH',
      events: [{ uid, sequence: 1, starts: '2026-03-27T07:00:00.000Z' }],
    })
    expect(cancelled).toMatchObject({ method: 'CANCEL', events: [{ uid, sequence: 2, status: 'CANCELLED' }] })
    await stage.passTo('2026-03-27T08:00:00Z')
    expect(countOf(head, 'Напоминаю')).toBe(0)
  })

  it('of three dates is one answer, three entries of the calendar and reminders for each', async () => {
    await sendOut('Цикл семинаров\n18, 20 и 25 марта в 14:00\nПросим подтвердить участие до 17 марта')
    const { head } = stage
    await head.tap(await head.waitFor('Цикл семинаров'), 'Буду')
    await head.waitFor('Ваш ответ: буду')
    const [calendar] = await calendarsOf(head)
    expect(calendar?.events.map(({ starts }) => starts)).toEqual([
      '2026-03-18T11:00:00.000Z',
      '2026-03-20T11:00:00.000Z',
      '2026-03-25T11:00:00.000Z',
    ])
    expect(new Set(calendar?.events.map(({ uid }) => uid)).size).toBe(3)
    await stage.passTo('2026-03-25T12:00:00Z')
    expect(countOf(head, 'Напоминаю: завтра')).toBe(3)
    expect(countOf(head, 'Через час')).toBe(3)
  })

  it('has a typo mended in the messages already sent; the same text twice is asked about, and so is the daily cap', async () => {
    const live = await sendOut(INVITATION)
    const { coordinator, head } = stage
    const got = await head.waitFor('Формирующее')
    await coordinator.tap(live, 'Изменить')
    await coordinator.tap(await coordinator.waitFor('Что изменить'), 'Исправить текст')
    await coordinator.waitFor('Пришлите новый текст')
    await coordinator.send(INVITATION.replace('Приглашаем', 'Сердечно приглашаем'))
    await coordinator.waitFor('Исправил в 3 сообщениях')
    await stage.settled()
    expect(head.message(got)?.text).toContain('Сердечно приглашаем')
    expect(countOf(head, 'Формирующее')).toBe(1)

    await stage.app.engine.database.sql`update municipalities set announcements_per_day = 2`
    const again = await open(INVITATION)
    await coordinator.tap(again, '📤 Отправить')
    await coordinator.tap(await coordinator.waitFor('ушло 16 марта'), 'Да, отправить ещё раз')
    await coordinator.waitFor('Доставлено 3 из 3')
    const third = await open('Совещание 30 марта в 10:00. Ответ не нужен.')
    await coordinator.tap(third, '📤 Отправить')
    const capped = await coordinator.waitFor('разрешено в день (2)')
    await coordinator.tap(capped, 'Отправить без них')
    const none = await coordinator.waitFor('Не отправлено 3 людям')
    await coordinator.tap(none, 'Отправить и этим 3 людям')
    await head.waitFor('Совещание 30 марта')
    await stage.settled()
    expect(countOf(head, 'Совещание')).toBe(1)
  })

  it('waits for its time, and never leaves outside of working hours without an explicit word', async () => {
    const { coordinator, head } = stage
    await stage.passTo('2026-03-16T17:00:00Z') // 20:00
    const draft = await open(INVITATION)
    await coordinator.tap(draft, '📤 Отправить')
    await coordinator.tap(await coordinator.waitFor('нерабочее время'), 'Отправить 17 марта, 09:00')
    await coordinator.waitFor('Отправлю 17 марта, 09:00')
    expect(countOf(head, 'Формирующее')).toBe(0)
    await stage.passTo('2026-03-17T06:01:00Z')
    expect(countOf(head, 'Формирующее')).toBe(1)
    await stage.passTo('2026-03-17T07:00:00Z')
    expect(countOf(head, 'Формирующее')).toBe(1)
  })
})

describe('an album with a caption', () => {
  it('makes one draft; what is too long, past or for nobody is said in plain words', async () => {
    const { coordinator } = stage
    const picture = await (await import('sharp'))
      .default({ create: { width: 40, height: 40, channels: 3, background: '#357' } })
      .jpeg()
      .toBuffer()
    await coordinator.press('Объявления')
    await coordinator.tap(await coordinator.waitFor('Семинар, совещание'), 'Новое объявление')
    await coordinator.sendAlbum([
      { kind: 'photo', bytes: picture, caption: 'Стажировка 12 марта в 10:00, просим ответить' },
      { kind: 'photo', bytes: Buffer.concat([picture, Buffer.from('2')]) },
    ])
    const draft = await coordinator.waitFor('2 файла')
    expect(draft.text).toContain('Дата уже прошла')
    expect(draft.text).toContain('Никто не выбран')
    expect(buttonsOf(draft)).not.toContain('📤 Отправить')
    expect(countOf(coordinator, 'Черновик объявления')).toBe(1)
    await coordinator.tap(draft, 'Текст')
    await coordinator.send('я '.repeat(2030))
    const long = await coordinator.waitFor(/Сократите его на \d+ знак/)
    expect(card(long).text).toContain('слишком длинный')
  })
})
