import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { organizations } from '../../src/db/schema/index.ts'
import type { PersonInChat } from '../../src/sandbox/people.ts'
import { enters } from '../support/people.ts'
import { openStage, type Stage } from '../support/stage.ts'

const EXPERTS = [
  { id: 1101, firstName: 'Павел', phone: '79000001101', role: 'Эксперт', colour: '#567' },
  { id: 1102, firstName: 'Нина', phone: '79000001102', role: 'Эксперт', colour: '#765' },
]
const NAMES = ['Громов Павел Андреевич', 'Ясная Нина Львовна']
const GROUP = -1009000001
const FORUM = -1009000002
const HARD = 'Можно ли провести конференцию по робототехнике вместе с соседним районом?'

let stage: Stage
let expert: PersonInChat
let otherExpert: PersonInChat
beforeEach(async () => {
  stage = await openStage('2026-03-02T06:00:00Z', {}) // Monday, 9:00 in Moscow
  for (const [index, person] of EXPERTS.entries()) {
    stage.sandbox.addPerson(person)
    await stage.app.engine.database.asSystem(async (tx) => {
      const [department] = await tx.select().from(organizations).where(eq(organizations.kind, 'department'))
      await enters(tx, {
        chat: String(person.id),
        name: NAMES[index] ?? '',
        role: 'council',
        municipalityId: department!.municipalityId,
        organizationIds: [department!.id],
        now: stage.now(),
      })
    })
    await stage.sandbox.as(person.id).start()
  }
  await stage.settled()
  expert = stage.sandbox.as(1101)
  otherExpert = stage.sandbox.as(1102)
})
afterEach(() => stage.close())

/** A head asks the council about something that the FAQ does not know. */
async function sendsQuestion(head: PersonInChat, words = HARD): Promise<void> {
  await head.send(words)
  const none = await head.waitFor('Готового ответа не нашёл')
  await head.tap(none, 'Спросить совет')
  const draft = await head.waitFor('Отправлю совету')
  await head.tap(draft, 'Отправить')
  await head.waitFor('Ваш вопрос №')
}

const count = async (query: string): Promise<number> => {
  const [row] = await stage.app.engine.database.sql.unsafe(`select count(*)::int as n from ${query}`)
  return row?.n as number
}

describe('an expert', () => {
  it('who asks for help is told what the council does', async () => {
    await expert.press('❓ Помощь')
    const help = await expert.waitFor('Что я умею')
    expect(help.text).toContain('нажмите «Беру»')
  })
})

describe('a question', () => {
  it('goes from a head to an expert, back as an answer, into the FAQ, and is found by a second head', async () => {
    await sendsQuestion(stage.head)
    const card = await expert.waitFor('Вопрос № 1')
    expect(card.text).toContain('Орлова Мария Петровна')
    const seen = await otherExpert.waitFor('Вопрос № 1')
    await expert.tap(card, /Беру/)
    await otherExpert.waitFor((message) => message.id === seen.id && message.text.includes('Отвечает Громов'))
    await stage.head.waitFor('Отвечает Громов Павел Андреевич')

    await expert.send('Да: заключите соглашение с соседним районом и утвердите положение о конференции приказом.', {
      replyTo: card,
    })
    const answer = await stage.head.waitFor('Ответ на вопрос № 1')
    expect(answer.text).toContain('заключите соглашение')
    const sent = await expert.waitFor('отправлен автору')

    await expert.tap(sent, /В базу ответов/)
    const draft = await expert.waitFor('Новый ответ в базу')
    await expert.tap(draft, /Ответ$/)
    await expert.waitFor('Напишите ответ целиком')
    await expert.send(
      'Да. Позвоните Смирновой А. П., 8 912 345-67-89, и заключите соглашение о конференции по робототехнике.',
    )
    const warned = await expert.waitFor('Похоже на персональные данные')
    expect(warned.text).toContain('имя: Смирновой А. П.')
    await expert.tap(warned, 'Предложить координатору')

    const proposed = await stage.coordinator.waitFor('Новый ответ в базу')
    await stage.coordinator.tap(proposed, 'Опубликовать')
    await stage.settled()
    expect(await count(`faq_entries where code like 'council-%'`)).toBe(0) // no source yet
    await stage.coordinator.tap(proposed, /Источник/)
    const source = await stage.coordinator.waitFor('На что опирается ответ?')
    await stage.coordinator.tap(source, 'Опыт совета')
    let shown = await stage.coordinator.waitFor(/Источник: Опыт муниципального совета/)
    await stage.coordinator.tap(shown, /Ответ$/)
    await stage.coordinator.waitFor('Напишите ответ целиком')
    await stage.coordinator.send('Да. Районы заключают соглашение, положение о конференции утверждают приказом.')
    shown = await stage.coordinator.waitFor(
      (message) => message.text.includes('Районы заключают') && message.buttons.length > 0,
    )
    expect(shown.text).not.toContain('персональные данные')
    await stage.coordinator.tap(shown, 'Опубликовать')
    await stage.coordinator.waitFor('Опубликовано')
    await expert.waitFor('опубликован в базе')

    await stage.otherHead.send('Как провести районную конференцию по робототехнике с соседним районом?')
    const found = await stage.otherHead.waitFor('Вот что нашлось')
    expect(found.text).toContain('конференцию по робототехнике')
    await stage.otherHead.tap(found, '1')
    const whole = await stage.otherHead.waitFor('Районы заключают соглашение')
    expect(whole.text).toContain('Ответ подтверждён координатором')
    expect(whole.text).toContain('Опыт муниципального совета')
    await Promise.all([stage.otherHead.tap(whole, /Помогло/), stage.otherHead.tap(whole, /Помогло/)])
    await stage.otherHead.waitFor('Рад, что помогло')
    await stage.settled()
    const kept = stage.otherHead.messages().find(({ text }) => text.includes('Районы заключают соглашение'))
    expect(kept?.buttons).toEqual([]) // the answer stays, there is nothing more to press under it
    const [feedback] = await stage.app.engine.database.sql`
      select shown, helped, not_it from faq_feedback join faq_entries on id = entry_id where code like 'council-%'`
    expect(feedback).toMatchObject({ helped: 1, not_it: 0 })
  })

  it('that nobody answers is reminded of after 4 and 8 working hours, and told to the coordinator after 16', async () => {
    await sendsQuestion(stage.head)
    const reminders = () => expert.messages().filter((message) => message.text.includes('⏰ Вопрос № 1')).length
    await stage.passTo('2026-03-02T09:59:00Z')
    expect(reminders()).toBe(0)
    await stage.passTo('2026-03-02T10:01:00Z') // 13:00, four hours
    expect(reminders()).toBe(1)
    await Promise.all([stage.app.tick(), stage.app.tick()])
    await stage.passTo('2026-03-02T14:01:00Z') // 17:00, eight hours
    expect(reminders()).toBe(2)
    expect(stage.coordinator.messages().filter((message) => message.text.includes('остался без ответа'))).toHaveLength(
      0,
    )
    await stage.passTo('2026-03-03T13:01:00Z') // Tuesday 16:00, sixteen hours
    const told = await stage.coordinator.waitFor('Вопрос № 1 остался без ответа')
    expect(told.text).toContain('Никто из экспертов его не взял')
    await stage.head.waitFor('Я сообщил координатору')
    await stage.coordinator.tap(told, /Передать/)
    const heirs = await stage.coordinator.waitFor('Кому передать')
    await stage.coordinator.tap(heirs, 'Ясная Нина Львовна')
    await otherExpert.waitFor('передаёт вам вопрос № 1')
    await stage.head.waitFor('Отвечает Ясная')
    await stage.passTo('2026-03-06T13:00:00Z')
    expect(await count(`deliveries where reason = 'question-escalated'`)).toBe(1)
    expect(await count(`deliveries where reason = 'question-late'`)).toBe(1)
  })

  it('of somebody who does not want to be named names nobody: not in person, not in the group, not in the table', async () => {
    await stage.head.send(HARD)
    await stage.head.tap(await stage.head.waitFor('Готового ответа не нашёл'), 'Спросить совет')
    await stage.head.tap(await stage.head.waitFor('Отправлю совету'), /Не называть школу/)
    const draft = await stage.head.waitFor('без имени и названия школы')
    await stage.head.tap(draft, 'Отправить')
    const card = await expert.waitFor('Вопрос № 1')
    expect(card.text).not.toMatch(/Орлова|Школа № 1/)
    await expert.tap(card, /Беру/)
    await stage.head.waitFor('Отвечает Громов')
    const own = stage.head.messages().findLast((message) => message.text.includes('Ваш вопрос № 1'))
    await stage.head.send('Мы хотим пригласить ещё и колледж.', { replyTo: own! })
    const added = await expert.waitFor('Автор дополнил вопрос № 1')
    expect(added.text).not.toMatch(/Орлова|Школа № 1/)
    await stage.settled()
    const leaks = await stage.app.engine.database.sql`
      select content from deliveries where reason like 'question%' and person_id <> (select asker_id from questions limit 1) and content::text ~ 'Орлова|Школа № 1'`
    expect(leaks).toHaveLength(0)
  })

  it('that asks the same is asked together, and both get the answer', async () => {
    await sendsQuestion(stage.head)
    await stage.otherHead.send('Можно ли провести с соседним районом конференцию по робототехнике?')
    const none = await stage.otherHead.waitFor('Готового ответа не нашёл')
    await stage.otherHead.tap(none, 'Спросить совет')
    const similar = await stage.otherHead.waitFor('Похожий вопрос уже задали')
    await Promise.all([
      stage.otherHead.tap(similar, /Спросить вместе/),
      stage.otherHead.tap(similar, /Спросить вместе/),
    ])
    await stage.otherHead.waitFor('Вы спрашиваете вместе с коллегами')
    await stage.settled()
    expect(await count(`questions where state <> 'draft'`)).toBe(1)
    expect(await count('question_followers')).toBe(1)
    const card = await expert.waitFor((message) => message.text.includes('Спрашивают вместе: ещё 1 человек'))
    await expert.send('Да, можно.', { replyTo: card })
    await stage.head.waitFor('Ответ на вопрос № 1')
    await stage.otherHead.waitFor('Ответ на вопрос № 1')
    await expert.waitFor('получат 2 человека')
  })

  it('pressed twice is taken, answered and closed once', async () => {
    await sendsQuestion(stage.head)
    const card = await expert.waitFor('Вопрос № 1')
    const theirs = await otherExpert.waitFor('Вопрос № 1')
    const take = card.buttons.flat().find(({ label }) => label.includes('Беру'))!.data!
    await Promise.all([expert.forgeTap(card, take), expert.forgeTap(card, take), otherExpert.forgeTap(theirs, take)])
    await stage.settled()
    expect(await count(`question_events where kind = 'question-taken'`)).toBe(1)
    const [question] = await stage.app.engine.database
      .sql`select p.full_name from questions join persons p on p.id = taker_id`
    const taker = question?.full_name === NAMES[0] ? expert : otherExpert
    const other = taker === expert ? otherExpert : expert
    const own = taker === expert ? card : theirs
    await other.send('А я думаю иначе.', { replyTo: taker === expert ? theirs : card })
    await other.waitFor('На этот вопрос уже отвечает')
    await taker.send('Можно.', { replyTo: own })
    const answer = await stage.head.waitFor('Ответ на вопрос № 1')
    await Promise.all([stage.head.tap(answer, /Помогло, закрыть/), stage.head.tap(answer, /Помогло, закрыть/)])
    await stage.settled()
    expect(await count(`question_events where kind = 'question-closed'`)).toBe(1)
    await stage.head.send('А если соседний район против?', { replyTo: answer })
    await taker.waitFor('Автор дополнил вопрос № 1')
    expect(await count(`questions where state = 'taken'`)).toBe(1)
  })

  it('comes with a file, and is answered with one', async () => {
    await stage.head.press('💬 Спросить совет')
    await stage.head.waitFor('Напишите вопрос своими словами')
    await stage.head.sendDocument(Buffer.from('%PDF-1.4 положение'), 'положение.pdf', { caption: HARD })
    await stage.head.tap(await stage.head.waitFor('Готового ответа не нашёл'), 'Спросить совет')
    const draft = await stage.head.waitFor('Отправлю совету')
    expect(draft.text).toContain('1 файл')
    await stage.head.tap(draft, 'Отправить')
    const card = await expert.waitFor('Вопрос № 1')
    const file = await expert.waitFor((message) => message.file?.name === 'положение.pdf')
    expect((await file.file!.bytes()).toString()).toContain('положение')
    await expert.sendDocument(Buffer.from('%PDF-1.4 образец'), 'образец.pdf', {
      caption: 'Вот образец.',
      replyTo: card,
    })
    const answer = await stage.head.waitFor((message) => message.file?.name === 'образец.pdf')
    expect(answer.text).toContain('Вот образец.')
    await stage.settled()
    expect(await count('question_files where sha256 is not null')).toBe(2)
  })

  it('that the expert does not understand goes back to its asker', async () => {
    await sendsQuestion(stage.head)
    const card = await expert.waitFor('Вопрос № 1')
    await expert.tap(card, /Беру/)
    const mine = await expert.waitFor('Отвечаете вы')
    await expert.tap(mine, /Уточнить у автора/)
    await expert.waitFor('Что уточнить')
    await expert.send('Сколько школ участвует?')
    const back = await stage.head.waitFor('Уточните вопрос № 1')
    await stage.head.send('Три школы.', { replyTo: back })
    const added = await expert.waitFor('Автор дополнил вопрос № 1')
    expect(added.text).toContain('Три школы.')
    await expert.send('Тогда хватит соглашения.', { replyTo: added })
    await stage.head.waitFor('Тогда хватит соглашения.')
  })

  it('goes back to its asker, who need not reply: a button waits for their words', async () => {
    await sendsQuestion(stage.head)
    await expert.tap(await expert.waitFor('Вопрос № 1'), /Беру/)
    await expert.tap(await expert.waitFor('Отвечаете вы'), /Уточнить у автора/)
    await expert.waitFor('Что уточнить')
    await expert.send('Сколько школ участвует?')
    await stage.head.tap(await stage.head.waitFor('Уточните вопрос № 1'), /Ответить/)
    await stage.head.waitFor('Напишите, что добавить к вопросу № 1')
    await stage.head.send('Три школы.')
    const added = await expert.waitFor('Автор дополнил вопрос № 1')
    expect(added.text).toContain('Три школы.')
  })

  it('that is a line of the menu, typed by hand, is that line', async () => {
    await stage.head.send('мои задачи')
    await stage.head.waitFor('Задач пока нет')
    await stage.head.send('Помощь')
    await stage.head.waitFor('Что я умею')
  })

  it('that sounds like a line of the menu stays an answer where one is waited for', async () => {
    await sendsQuestion(stage.head)
    await expert.tap(await expert.waitFor('Вопрос № 1'), /Беру/)
    await expert.tap(await expert.waitFor('Отвечаете вы'), /Уточнить у автора/)
    await expert.waitFor('Что уточнить')
    await expert.send('Совет или помощь?')
    const back = await stage.head.waitFor('Уточните вопрос № 1')
    await stage.head.send('Помощь', { replyTo: back })
    await expert.waitFor(/Автор дополнил вопрос № 1[\s\S]*Помощь/)
    await stage.head.tap(back, /Ответить/)
    await stage.head.waitFor('Напишите, что добавить к вопросу № 1')
    await stage.head.send('мои задачи')
    await expert.waitFor(/Автор дополнил вопрос № 1[\s\S]*мои задачи/)
  })

  it('of a head that nobody understood is offered as a question', async () => {
    await stage.head.send('робототехника соседний район конференция')
    const offered = await stage.head.waitFor('Если это вопрос')
    await stage.head.tap(offered, /поискать ответ/)
    await stage.head.waitFor('Готового ответа не нашёл')
  })

  it('that the starter answers is answered at once, as typical', async () => {
    await stage.head.send('Нужно ли согласие родителей на работу психолога с ребёнком?')
    const found = await stage.head.waitFor('Вот что нашлось')
    await stage.head.tap(found, '1')
    const entry = await stage.head.waitFor('Типовой ответ')
    expect(entry.text).toContain('Источник:')
    await stage.head.tap(entry, /Не то/)
    await stage.head.waitFor((message) => message.id === entry.id && !message.text.includes('Типовой ответ'))
    expect(await count('faq_feedback where not_it = 1')).toBe(1)
  })
})

describe('a group of the council', () => {
  const member = (id: number) => stage.sandbox.as(id)

  async function binds(chat: number, isForum: boolean): Promise<void> {
    stage.sandbox.addGroup({
      id: chat,
      title: 'Совет района',
      isForum,
      members: [1001, 1003, 1101, 1102],
      addedBy: 1001,
    })
    await member(1003).in(chat).send('/council') // a head may not
    await member(1001).in(chat).send('/council')
    const confirm = await stage.coordinator.waitFor('Сделать группу «Совет района» группой совета')
    await stage.coordinator.tap(confirm, 'Да, это группа совета')
    await member(1101).in(chat).waitFor('Сюда будут приходить вопросы')
    expect(await count(`council_groups where state = 'bound'`)).toBe(1)
    expect(await count('council_groups')).toBe(1)
  }

  it('gets the questions; one takes and answers in reply', async () => {
    await binds(GROUP, false)
    await sendsQuestion(stage.head)
    const inGroup = expert.in(GROUP)
    const card = await inGroup.waitFor('Вопрос № 1')
    await member(1003).in(GROUP).tap(card.id, /Беру/) // the asker
    await inGroup.tap(card, /Беру/)
    await inGroup.waitFor('Отвечает Громов')
    await expert.waitFor('Отвечаете вы')
    await otherExpert.in(GROUP).send('Я бы тоже спросила юриста.', { replyTo: card.id })
    await inGroup.send('Да, по соглашению районов.', { replyTo: card })
    const answer = await stage.head.waitFor('Ответ на вопрос № 1')
    expect(answer.text).toContain('Да, по соглашению районов.')
    await inGroup.waitFor('отправлен автору')
    await stage.settled()
    expect(await count(`answers where kind = 'answer'`)).toBe(1)
    expect(await count(`question_events where kind = 'question-taken'`)).toBe(1)
  })

  it('with topics has a topic for each question', async () => {
    await binds(FORUM, true)
    await sendsQuestion(stage.head)
    const card = await expert.in(FORUM).waitFor('Вопрос № 1')
    expect(card.topic).not.toBeNull()
    await expert.in(FORUM).send('Да, по соглашению районов.', { replyTo: card })
    await stage.head.waitFor('Да, по соглашению районов.')
    const sent = await expert.in(FORUM).waitFor('отправлен автору')
    expect(sent.topic).toBe(card.topic)
  })

  it('that puts the bot out is told to the coordinator, and questions come in person again', async () => {
    await binds(GROUP, false)
    stage.app.engine.database.sql`update council_groups set state = 'left'`.execute()
    await stage.settled()
    await sendsQuestion(stage.head)
    await expert.waitFor('Вопрос № 1')
  })
})
