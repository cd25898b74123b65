import { setTimeout as pause } from 'node:timers/promises'
import sharp from 'sharp'
import { localDate, Temporal } from '../src/kernel/clock.ts'
import { exampleZone } from '../src/sandbox/example/municipality.ts'
import { changedRoadmap, exampleRoadmap } from '../src/sandbox/example/roadmap.ts'
import type { InSandbox } from '../src/sandbox/in-sandbox.ts'
import { isMovable } from '../src/sandbox/clock.ts'
import type { PersonInChat } from '../src/sandbox/people.ts'
import { stepsBetween } from '../src/sandbox/steps.ts'

/** A Monday morning in the second week of a school year, 9:30 in Moscow. */
export const BEGINS_AT = Temporal.Instant.from('2026-09-07T06:30:00Z')

/** What is photographed: whose phone, how high in pixels, with the keyboard at the bottom or without. */
export type Shot = { who: string; height?: number; menu?: boolean }
export type Camera = { page(name: string): Promise<void>; phone(name: string, shot: Shot): Promise<void> }

const ELENA = 'Елена Соколова'
const IRINA = 'Ирина Белова'
const MARIA = 'Мария Орлова'
const ANDREI = 'Андрей Лебедев'
const OLEG = 'Олег Кузнецов'
const PAVEL = 'Павел Громов'

type Stage = {
  running: InSandbox
  camera: Camera
  coordinator: PersonInChat
  curator: PersonInChat
  head: PersonInChat
  otherHead: PersonInChat
  thirdHead: PersonInChat
}

/** Tells the story of a school year's beginning, from the roadmap's file to its new version, and has pictures taken on the way. */
export async function tell(running: InSandbox, camera: Camera): Promise<void> {
  const { sandbox } = running
  const [coordinator, curator, head, otherHead, thirdHead] = [1001, 1002, 1003, 1004, 1005].map((id) => sandbox.as(id))
  if (!coordinator || !curator || !head || !otherHead || !thirdHead) throw new Error('somebody is missing')
  const stage = { running, camera, coordinator, curator, head, otherHead, thirdHead }
  await preparePeople(stage)
  await publishRoadmap(stage)
  await answerReminder(stage)
  await review(stage)
  await otherAnswers(stage)
  await ownAffairs(stage)
  await weekly(stage)
  await announce(stage)
  await consult(stage)
  await newVersion(stage)
}

async function preparePeople(stage: Stage): Promise<void> {
  const { coordinator, camera, running } = stage
  await write(stage, coordinator, '/help')
  await camera.phone('coordinator-menu', { who: ELENA, menu: true, height: 980 })
  await write(stage, coordinator, '👥 Люди и школы')
  await press(stage, coordinator, '🏫 Школы')
  await press(stage, coordinator, '➕ Добавить')
  await write(stage, coordinator, 'МБОУ СОШ № 5')
  await press(stage, coordinator, 'Готово')
  await write(stage, coordinator, '👥 Люди и школы')
  await press(stage, coordinator, '➕ Пригласить')
  await press(stage, coordinator, 'Руководитель школы')
  await press(stage, coordinator, /СОШ № 5/)
  await press(stage, coordinator, 'Дальше »')
  await write(stage, coordinator, 'Кузнецов Олег Сергеевич')
  await camera.phone('coordinator-invite', { who: ELENA, height: 640 })
  const newcomer = running.sandbox.addPerson({ id: 2001, firstName: 'Олег', lastName: 'Кузнецов', phone: '79000002001', role: 'Директор, школа № 5', colour: '#7a8aa0' })
  const link = /https:\/\/t\.me\/\S+/.exec(withText(coordinator, 't.me').text)?.[0] ?? ''
  await newcomer.openLink(link)
  await running.app.settle()
  await camera.phone('head-consent', { who: OLEG, height: 620 })
  await press(stage, newcomer, /Согласен/)
  await write(stage, coordinator, '👥 Люди и школы')
  await camera.phone('coordinator-people', { who: ELENA, height: 380 })
}

async function publishRoadmap(stage: Stage): Promise<void> {
  const { coordinator, camera, running } = stage
  const roadmap = exampleRoadmap(localDate(running.app.engine.clock.now(), exampleZone))
  await coordinator.sendDocument(Buffer.from(roadmap.bytes), roadmap.name)
  await running.app.settle()
  await camera.phone('coordinator-roadmap', { who: ELENA, height: 780 })
  await press(stage, coordinator, /Ответить на вопросы/)
  await camera.phone('coordinator-question', { who: ELENA, height: 620 })
  await press(stage, coordinator, 'до 30 ноября 2026')
  await press(stage, coordinator, /Выбрать школы/)
  await press(stage, coordinator, /Школа № 1/)
  await press(stage, coordinator, 'Готово')
  await press(stage, coordinator, /Посмотреть и опубликовать/)
  await camera.phone('coordinator-preview', { who: ELENA, height: 560 })
  await press(stage, coordinator, /Опубликовать/)
  await passTo(stage, '2026-09-07T08:00:00Z')
  await write(stage, stage.head, '📋 Мои задачи')
  await camera.phone('head-tasks', { who: MARIA, height: 700 })
  await passTo(stage, '2026-09-11T06:30:00Z')
}

async function answerReminder(stage: Stage): Promise<void> {
  const { head, camera, running } = stage
  await camera.phone('head-reminder', { who: MARIA, height: 740, menu: true })
  await press(stage, head, /1\. Готово/)
  await head.sendPhoto(await paper('ПРИКАЗ № 45', 10), 'Приказ, первая страница')
  await head.sendPhoto(await paper('Лист ознакомления', 80))
  await running.app.settle()
  await camera.phone('head-basket', { who: MARIA, height: 800 })
  await press(stage, head, 'Это всё')
  await camera.phone('head-receipt', { who: MARIA, height: 420 })
  await camera.page('sandbox')
  await camera.phone('curator-report', { who: IRINA, height: 760 })
}

async function review(stage: Stage): Promise<void> {
  const { head, curator, camera } = stage
  await press(stage, curator, 'Вернуть')
  await camera.phone('curator-return', { who: IRINA, height: 520 })
  await press(stage, curator, /Нет подписи/)
  await camera.phone('head-returned', { who: MARIA, height: 420 })
  await press(stage, head, 'Отправить снова')
  await head.sendPhoto(await paper('ПРИКАЗ № 45', 30))
  await stage.running.app.settle()
  await press(stage, head, 'Это всё')
  await press(stage, curator, 'Спросить')
  await write(stage, curator, 'Кто назначен ответственным?')
  await head.send('Завуч Громова Е. Ю.', { replyTo: withText(head, 'Вопрос по отчёту') })
  await stage.running.app.settle()
  await camera.phone('curator-ask', { who: IRINA, height: 560 })
  await press(stage, curator, 'Принять')
}

async function otherAnswers(stage: Stage): Promise<void> {
  const { otherHead, thirdHead, curator, camera, running } = stage
  await thirdHead.send('1 не успеваем, перенесите на 22 сентября', { replyTo: withText(thirdHead, 'Напоминаю') })
  await running.app.settle()
  await camera.phone('curator-postpone', { who: IRINA, height: 440 })
  await press(stage, curator, /Перенести на/)
  await otherHead.send('2 не получается: нет учителя математики', { replyTo: withText(otherHead, 'Напоминаю') })
  await running.app.settle()
  await camera.phone('head-words', { who: ANDREI, height: 600 })
  await write(stage, otherHead, '📋 Мои задачи')
  await press(stage, otherHead, '3')
  await camera.phone('head-card', { who: ANDREI, height: 640 })
}

async function ownAffairs(stage: Stage): Promise<void> {
  const { head, camera } = stage
  await write(stage, head, '👤 Обо мне')
  await press(stage, head, /заместитель/)
  await press(stage, head, /Пригласить/)
  await write(stage, head, 'Громова Елена Юрьевна')
  await camera.phone('head-deputy', { who: MARIA, height: 640 })
  await write(stage, head, '👤 Обо мне')
  await press(stage, head, /Отпуск/)
  await press(stage, head, /Меня не будет/)
  await write(stage, head, 'с 1 по 14 октября')
  await press(stage, head, /Соколова|Никто/)
}

async function weekly(stage: Stage): Promise<void> {
  const { coordinator, curator, camera } = stage
  await passTo(stage, '2026-09-21T07:00:00Z')
  await camera.phone('curator-digest', { who: IRINA, height: 600 })
  await press(stage, curator, /Берёзовка/)
  await camera.phone('curator-school', { who: IRINA, height: 760 })
  await press(stage, coordinator, /Картинка/)
  await camera.phone('coordinator-digest', { who: ELENA, height: 900 })
  await write(stage, coordinator, '⚙️ Настройки')
  await camera.phone('coordinator-settings', { who: ELENA, height: 620 })
}

const INVITATION = `Семинар «Как читать результаты диагностики»
Приглашаем руководителей школ 30 сентября в 14:00 в актовом зале школы № 1.
Просим подтвердить участие до 28 сентября.`

async function announce(stage: Stage): Promise<void> {
  const { coordinator, head, otherHead, camera } = stage
  await write(stage, coordinator, '📣 Объявления')
  await press(stage, coordinator, /Новое объявление/)
  await write(stage, coordinator, INVITATION)
  await press(stage, coordinator, /Кому/)
  await press(stage, coordinator, 'Роли')
  await press(stage, coordinator, /Руководитель/)
  await press(stage, coordinator, 'Готово')
  await press(stage, coordinator, 'Готово')
  await camera.phone('coordinator-announcement', { who: ELENA, height: 740 })
  await press(stage, coordinator, /📤 Отправить/)
  await camera.phone('head-announcement', { who: MARIA, height: 560 })
  await press(stage, head, 'Буду')
  await press(stage, otherHead, 'Не смогу')
  await pause(10_000) // the card follows the answers some seconds later
  await stage.running.app.settle()
  await camera.phone('coordinator-answers', { who: ELENA, height: 560 })
}

async function consult(stage: Stage): Promise<void> {
  const { coordinator, head, otherHead, camera, running } = stage
  await write(stage, coordinator, '👥 Люди и школы')
  await press(stage, coordinator, '➕ Пригласить')
  await press(stage, coordinator, 'Член совета')
  await write(stage, coordinator, 'Громов Павел Андреевич')
  const expert = running.sandbox.addPerson({ id: 2002, firstName: 'Павел', lastName: 'Громов', phone: '79000002002', role: 'Эксперт совета', colour: '#4f9fae' })
  await expert.openLink(/https:\/\/t\.me\/\S+/.exec(withText(coordinator, 't.me').text)?.[0] ?? '')
  await running.app.settle()
  await press(stage, expert, /Согласен/)
  await write(stage, head, 'Как составить план работы с учениками группы риска?')
  await camera.phone('head-ask', { who: MARIA, height: 820 })
  await write(stage, otherHead, 'Можно ли провести конференцию по робототехнике вместе с соседним районом?')
  await press(stage, otherHead, /Спросить совет/)
  await press(stage, otherHead, 'Отправить')
  await camera.phone('council-question', { who: PAVEL, height: 560 })
  await press(stage, expert, /Беру/)
  await expert.send('Да. Заключите соглашение с соседним районом и утвердите положение о конференции приказом.', { replyTo: withText(expert, 'Вопрос № 1') })
  await running.app.settle()
  await camera.phone('head-answer', { who: ANDREI, height: 480 })
}

async function newVersion(stage: Stage): Promise<void> {
  const { coordinator, camera, running } = stage
  const roadmap = changedRoadmap(localDate(running.app.engine.clock.now(), exampleZone))
  await coordinator.sendDocument(Buffer.from(roadmap.bytes), roadmap.name)
  await running.app.settle()
  await press(stage, coordinator, /Дорожная карта/)
  await press(stage, coordinator, /новая редакция/)
  await camera.phone('coordinator-version', { who: ELENA, height: 640 })
}

async function write({ running }: Stage, person: PersonInChat, words: string): Promise<void> {
  await person.send(words)
  await running.app.settle()
}

/** Presses the button of the last message that has it. */
async function press({ running }: Stage, person: PersonInChat, label: string | RegExp): Promise<void> {
  const fits = (words: string) => (typeof label === 'string' ? words === label : label.test(words))
  const message = person.messages().findLast(({ buttons }) => buttons.flat().some((button) => fits(button.label)))
  if (!message) throw new Error(`nobody sees a button ${label}`)
  const tap = await person.tap(message, label)
  await tap.answered()
  await running.app.settle()
}

function withText(person: PersonInChat, words: string) {
  const found = person.messages().findLast(({ from, text }) => from === 'bot' && text.includes(words))
  if (!found) throw new Error(`nobody was told «${words}»`)
  return found
}

/** Lets time pass until `instant`, with all that happens on the way. */
async function passTo({ running: { app } }: Stage, instant: string): Promise<void> {
  const { clock } = app.engine
  if (!isMovable(clock)) throw new Error('the clock of the sandbox cannot be moved')
  for (const step of stepsBetween(clock.now(), Temporal.Instant.from(instant), exampleZone)) {
    clock.moveTo(step)
    await app.tick()
    await app.settle()
  }
}

/** A sheet of paper with a heading and lines, as a photo. */
function paper(heading: string, shade: number): Promise<Buffer> {
  const lines = Array.from({ length: 9 }, (_, row) => `<rect x="60" y="${150 + row * 32}" width="${row === 8 ? 160 : 340 - (row % 3) * 30}" height="9" fill="#9a9a9a"/>`)
  const sheet = `<svg xmlns="http://www.w3.org/2000/svg" width="520" height="480"><rect width="520" height="480" fill="rgb(${120 + shade},${105 + shade / 2},90)"/><g transform="rotate(-2 260 240)"><rect x="30" y="24" width="460" height="500" fill="#fbfaf6"/><text x="260" y="100" font-family="DejaVu Sans" font-size="30" text-anchor="middle" fill="#333">${heading}</text>${lines.join('')}</g></svg>`
  return sharp(Buffer.from(sheet)).jpeg({ quality: 82 }).toBuffer()
}
