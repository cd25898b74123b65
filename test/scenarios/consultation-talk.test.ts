import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { organizations } from '../../src/db/schema/index.ts'
import type { PersonInChat } from '../../src/sandbox/people.ts'
import { enters } from '../support/people.ts'
import { aPhoto, cleanSlate, openStage, type Stage } from '../support/stage.ts'

const HARD = 'Можно ли провести конференцию по робототехнике вместе с соседним районом?'
const GROUP = -9000001
const EXPERTS = [
  { id: 1101, name: 'Громов Павел Андреевич', firstName: 'Павел', phone: '79000001101' },
  { id: 1102, name: 'Ясная Нина Львовна', firstName: 'Нина', phone: '79000001102' },
]

let stage: Stage
let expert: PersonInChat
let otherExpert: PersonInChat
beforeAll(async () => {
  stage = await openStage('2026-03-02T06:00:00Z', {}) // Monday, 9:00 in Moscow
  for (const { id, name, firstName, phone } of EXPERTS) {
    stage.sandbox.addPerson({ id, firstName, phone, role: 'Эксперт', colour: '#567' })
    await stage.app.engine.database.asSystem(async (tx) => {
      const [department] = await tx.select().from(organizations).where(eq(organizations.kind, 'department'))
      const { municipalityId, id: departmentId } = department!
      const council = { role: 'council' as const, municipalityId, organizationIds: [departmentId], now: stage.now() }
      await enters(tx, { ...council, chat: String(id), name })
    })
    await stage.sandbox.as(id).start()
  }
  await stage.settled()
  expert = stage.sandbox.as(1101)
  otherExpert = stage.sandbox.as(1102)
})
afterAll(() => stage.close())
beforeEach(async () => {
  await cleanSlate(stage)
  await stage.app.engine.database.sql`truncate questions, council_groups cascade`
  for (const person of [expert, otherExpert]) person.skipSeen()
  for (const person of [expert, stage.head, stage.otherHead]) before.set(person, person.messages().length)
})

/** How many messages were in a chat when the test began. */
const before = new Map<PersonInChat, number>()

const count = async (query: string): Promise<number> => {
  const [row] = await stage.app.engine.database.sql.unsafe(`select count(*)::int as n from ${query}`)
  return row?.n as number
}

/** Runs `work` while the number of what was sent to `chat` is noted late: whoever answers at once is quicker than that. */
async function whileNotedLate(chat: number, work: () => Promise<void>): Promise<void> {
  const { sql } = stage.app.engine.database
  await sql.unsafe(`
    create function note_late() returns trigger language plpgsql as $$ begin perform pg_sleep(2); return new; end $$;
    create trigger note_late before update on deliveries for each row
      when (new.state = 'sent' and old.state = 'sending' and new.chat = '${chat}') execute function note_late()`)
  try {
    await work()
  } finally {
    await sql.unsafe('drop trigger note_late on deliveries; drop function note_late')
  }
}

async function draftOf(head: PersonInChat): Promise<void> {
  await head.tap(await head.waitFor('Готового ответа не нашёл'), 'Спросить совет')
}

async function asks(head: PersonInChat, words = HARD): Promise<void> {
  await head.send(words)
  await draftOf(head)
  await head.tap(await head.waitFor('Отправлю совету'), 'Отправить')
  await head.waitFor('Ваш вопрос №')
}

/** What the bot wrote to `person` in this test. */
const textsOf = (person: PersonInChat): string[] =>
  person
    .messages()
    .slice(before.get(person))
    .filter(({ from }) => from === 'bot')
    .map(({ text }) => text)

describe('what is said about a question', () => {
  it('arrives whole, a question and an answer of 4,096 characters alike', async () => {
    const long = `${HARD} ${'Это важно для школы. '.repeat(200)}`.slice(0, 4080).trimEnd()
    await asks(stage.head, `${long} Конец.`)
    const card = await expert.waitFor('Вопрос № 1')
    await expert.waitFor((message) => message.text.endsWith('Конец.'))
    const answer = `${'Да, так можно сделать. '.repeat(176)}Точка.`.slice(0, 4096)
    await expert.send(answer, { replyTo: card })
    await stage.head.waitFor((message) => message.text.endsWith('Точка.'))
    await stage.settled()
    const told = textsOf(stage.head).slice(-2).join(' ')
    expect(told.match(/Да, так можно сделать\./g)).toHaveLength(176)
  })

  it('is understood however quickly it comes: before the number of the message that it answers is noted', async () => {
    await whileNotedLate(1101, async () => {
      await asks(stage.head)
      const card = await expert.waitFor('Вопрос № 1')
      await expert.send('Да, по договору районов.', { replyTo: card })
      await stage.head.waitFor('Да, по договору районов.')
      await stage.settled()
    })
    expect(textsOf(expert).join(' ')).not.toContain('не понял')
    expect(await count(`inbox where failure is not null or attempts > 2`)).toBe(0)
  })

  it('is put right by an edit: once, for everybody who asks, and not by others', async () => {
    await asks(stage.head)
    const card = await expert.waitFor('Вопрос № 1')
    const said = await expert.send('Да, по договору районов.', { replyTo: card })
    await stage.head.waitFor('Да, по договору районов.')
    await expert.edit(said, 'Да, по соглашению районов.')
    const corrected = await stage.head.waitFor('Исправленный ответ на вопрос № 1')
    expect(corrected.text).toContain('Да, по соглашению районов.')
    await expert.waitFor('Исправление отправлено')
    await expert.edit(said, 'Да, по соглашению районов.')
    await stage.settled()
    expect(textsOf(stage.head).filter((text) => text.includes('Исправленный ответ'))).toHaveLength(1)
    expect(await count(`answers where words = 'Да, по соглашению районов.'`)).toBe(1)
  })

  it('is put right by its asker as well: a draft is looked for anew, a question that was sent is corrected', async () => {
    const asked = await stage.head.send('Можно ли провести конференцию по роботехнике вместе с соседом районом?')
    await stage.head.waitFor('Готового ответа не нашёл')
    await stage.head.edit(asked, HARD)
    await draftOf(stage.head)
    await stage.head.tap(await stage.head.waitFor('Отправлю совету'), 'Отправить')
    const card = await expert.waitFor('Вопрос № 1')
    expect(card.text).toContain('робототехнике вместе с соседним районом')
    await stage.head.edit(asked, `${HARD} У нас три школы.`)
    const correction = await expert.waitFor('Исправление к вопросу № 1')
    expect(correction.text).toContain('У нас три школы.')
    await stage.head.edit(asked, `${HARD} У нас четыре школы.`)
    await expert.waitFor('У нас четыре школы.')
    expect(await count('questions')).toBe(1)
    expect(await count('answers')).toBe(1)
  })

  it('may be an album: one answer, confirmed once', async () => {
    await asks(stage.head)
    const card = await expert.waitFor('Вопрос № 1')
    await expert.tap(card, /Беру/)
    await expert.waitFor('Отвечаете вы')
    const [first, second, third] = await Promise.all([aPhoto(10), aPhoto(20), aPhoto(30)])
    await expert.sendAlbum([
      { kind: 'photo', bytes: first, caption: 'Вот образцы.' },
      { kind: 'photo', bytes: second },
      { kind: 'photo', bytes: third },
    ])
    await stage.head.waitFor('Вот образцы.')
    await stage.settled()
    expect(
      stage.head
        .messages()
        .filter(({ file, from }) => file !== null && from === 'bot')
        .slice(-3),
    ).toHaveLength(3)
    expect(textsOf(expert).filter((text) => text.includes('отправлен автору'))).toHaveLength(1)
    expect(await count(`answers where kind = 'answer'`)).toBe(3)
    expect(await count(`evidence where state <> 'removed'`)).toBe(0)
  })
})

describe('a question with files', () => {
  it('may be an album or come after its files: all of them go with it', async () => {
    const photos = await Promise.all([aPhoto(40), aPhoto(50), aPhoto(60)])
    await stage.head.press('💬 Спросить совет')
    await stage.head.waitFor('Напишите вопрос')
    await stage.head.sendPhoto(photos[0]!)
    await stage.head.waitFor('Теперь напишите сам вопрос')
    await stage.head.sendPhoto(photos[1]!)
    await stage.head.send(HARD)
    await draftOf(stage.head)
    expect((await stage.head.waitFor('Отправлю совету')).text).toContain('2 файла')
    await stage.head.tap(stage.head.last(), 'Не отправлять')
    await stage.settled()

    await stage.head.press('💬 Спросить совет')
    await stage.head.sendAlbum([
      { kind: 'photo', bytes: photos[0]!, caption: HARD },
      { kind: 'photo', bytes: photos[1]! },
      { kind: 'photo', bytes: photos[2]! },
    ])
    await draftOf(stage.head)
    expect((await stage.head.waitFor('Отправлю совету')).text).toContain('3 файла')
    expect(await count(`evidence where state <> 'removed'`)).toBe(0)
  })

  it('may just be sent: a photo with a question under it is asked with the photo', async () => {
    await stage.head.sendPhoto(await aPhoto(70), HARD)
    await draftOf(stage.head)
    expect((await stage.head.waitFor('Отправлю совету')).text).toContain('1 файл')
  })

  it('of an asker who is not to be named lose their own names', async () => {
    await stage.head.press('💬 Спросить совет')
    await stage.head.sendDocument(Buffer.from('%PDF-1.4 план'), 'Орлова МП школа 1.pdf', { caption: HARD })
    await draftOf(stage.head)
    await stage.head.tap(await stage.head.waitFor('Отправлю совету'), /Не называть школу/)
    const draft = await stage.head.waitFor('без имени и названия школы')
    expect(draft.text).toContain('внутри файлов')
    await stage.settled()
    await stage.head.tap(draft, 'Отправить')
    const file = await expert.waitFor((message) => message.file !== null)
    expect(file.file?.name).toBe('file-1.pdf')
    const own = stage.head.messages().findLast((message) => message.text.includes('Ваш вопрос № 1'))
    await stage.head.sendDocument(Buffer.from('%PDF-1.4 смета'), 'Смета Орлова.pdf', { replyTo: own! })
    await stage.settled()
    const names = expert.messages().flatMap(({ file: one }) => (one?.name ? [one.name] : []))
    expect(names.join()).not.toMatch(/Орлова/)
    expect(names.filter((name) => name.startsWith('file-'))).toHaveLength(2)
  })
})

describe('who asks together', () => {
  it('reads the question without what looks like personal data, and is not named when they add something', async () => {
    await asks(stage.head, `${HARD} Звоните Петровой А. Б., 8 912 345-67-89.`)
    await stage.otherHead.send('Можно ли провести с соседним районом конференцию по робототехнике? Звоните в школу.')
    await draftOf(stage.otherHead)
    await stage.otherHead.tap(await stage.otherHead.waitFor('Похожий вопрос уже задали'), /Спросить вместе/)
    const own = await stage.otherHead.waitFor('Вы спрашиваете вместе с коллегами')
    const card = await expert.waitFor((message) => message.text.includes('Спрашивают вместе'))
    expect(card.text).toContain('Петровой А. Б.')
    await stage.otherHead.send('А если школа малая?', { replyTo: own })
    await expert.waitFor('А если школа малая?')
    await expert.send('Можно и малой.', { replyTo: card })
    await stage.otherHead.waitFor('Ответ на вопрос № 1')
    await stage.settled()
    expect(textsOf(stage.otherHead).join('\n')).not.toMatch(/Петровой|345-67-89/)
    const [other] = await stage.app.engine.database.sql<{ full_name: string }[]>`
      select full_name from persons join accounts on person_id = persons.id where address = '1004'`
    await expert.press('🎓 Совет')
    expect(textsOf(expert).join('\n')).not.toContain(other?.full_name)
  })
})

describe("the council's group", () => {
  async function binds(group = GROUP): Promise<void> {
    const members = [1001, 1003, 1101, 1102]
    stage.sandbox.addGroup({ id: group, title: 'Совет района', isForum: false, members, addedBy: 1001 })
    await stage.sandbox.as(1001).in(group).send('/council')
    await stage.coordinator.tap(await stage.coordinator.waitFor('Сделать группу'), 'Да, это группа совета')
    await expert.in(group).waitFor('Сюда будут приходить вопросы')
  }

  it('that becomes a supergroup goes on with the questions that wait, in its new chat', async () => {
    await binds()
    await asks(stage.head)
    await expert.in(GROUP).waitFor('Вопрос № 1')
    const moved = stage.sandbox.faults.migrate(GROUP)
    await stage.settled()
    await stage.passTo('2026-03-02T06:05:00Z')
    const card = await expert.in(moved).waitFor('Вопрос № 1')
    await expert.in(moved).send('Да, по соглашению районов.', { replyTo: card })
    await stage.head.waitFor('Да, по соглашению районов.')
    expect(await count(`council_groups where state = 'bound' and chat = '${moved}'`)).toBe(1)
    await stage.app.engine.database.sql`update council_groups set state = 'left'`
  })

  it('that is lost gives its questions to the members in person', async () => {
    const group = GROUP - 1
    const inPerson = `deliveries where reason = 'question-asked' and chat not like '-%'`
    const already = await count(inPerson)
    await binds(group)
    await asks(stage.head)
    await expert.in(group).waitFor('Вопрос № 1')
    await stage.settled()
    expect(textsOf(expert).filter((text) => text.includes('Вопрос № 1'))).toHaveLength(0)
    await stage.app.engine.database.sql`update council_groups set state = 'left'`
    await stage.passTo('2026-03-02T06:10:00Z')
    await stage.app.tick()
    await expert.waitFor('Вопрос № 1')
    await otherExpert.waitFor('Вопрос № 1')
    await stage.settled()
    expect(await count(inPerson)).toBe(already + 2)
  })
})
