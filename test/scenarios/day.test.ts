import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addOrganization } from '../../src/db/people.ts'
import type { PersonInChat, VisibleMessage } from '../../src/sandbox/sandbox.ts'
import { enters } from '../support/people.ts'
import { aPhoto, givenTasks, openStage, type Stage, stateOf } from '../support/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage('2026-03-02T05:00:00Z') // Monday, 8:00 in Moscow
})
afterAll(() => stage.close())

/** What a day costs a person: how often they touch the phone, and how many messages of the bot they get. */
function counted(person: PersonInChat) {
  const ofTheBot = () => person.messages().filter((message) => message.from === 'bot' && message.text !== '').length // pinning leaves a line without a text
  const before = ofTheBot()
  let touches = 0
  return {
    tap: async (message: VisibleMessage, label: string | RegExp) => {
      touches += 1
      await person.tap(message, label)
    },
    send: async (words: string, replyTo?: VisibleMessage) => {
      touches += 1
      await person.send(words, replyTo ? { replyTo } : {})
    },
    photo: async (shade: number) => {
      touches += 1
      await person.sendPhoto(await aPhoto(shade))
    },
    figures: async () => {
      await stage.settled()
      return { touches, messages: ofTheBot() - before }
    },
  }
}

describe('a day in the life', () => {
  it('of a head with eight tasks: one reminder, then a touch or two and one answer for each', async () => {
    const titles = ['педсовет', 'карта рисков', 'справка', 'наставники', 'собрание', 'анкеты', 'расписание', 'экзамен']
    const ids = await givenTasks(
      stage,
      titles.map((title, n) => ({
        title: `Мероприятие: ${title}`,
        dueOn: '2026-03-05',
        needsEvidence: n === 3 || n === 4,
      })),
    )
    const day = counted(stage.head)
    await stage.passTo('2026-03-02T06:01:00Z')
    const reminder = await stage.head.waitFor('Напоминаю: 8 задач')
    for (const n of [1, 2, 3]) {
      await day.tap(reminder, `✅ ${n}. Готово`)
      await stage.head.waitFor(/Записал №/)
    }
    for (const n of [4, 5]) {
      await day.tap(reminder, `✅ ${n}. Готово`)
      await stage.head.waitFor('Осталось подтвердить')
      await day.photo(n)
      await day.tap(await stage.head.waitFor('Получил: 1 файл'), 'Это всё')
      await stage.head.waitFor(/Принято №/)
    }
    await day.send(
      '6 не получается: нет учителя, 7 перенесите на 20 апреля, 8 не для нас, у нас нет 11 класса',
      reminder,
    )
    await stage.settled()
    expect(await Promise.all(ids.map((id) => stateOf(stage, id)))).toEqual([
      'reported',
      'reported',
      'reported',
      'reported',
      'reported',
      'blocked',
      'planned',
      'cancelled',
    ])
    expect(await day.figures()).toEqual({ touches: 10, messages: 12 })
  })

  it('of a curator with eight schools: a touch for each report', async () => {
    const heads = await fiveMoreSchools()
    await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-13', schools: [7] }])
    for (const head of [stage.head, stage.otherHead, stage.sandbox.as(1005), ...heads]) {
      await head.send('/tasks')
      const list = await head.waitFor(/Мои задачи[\s\S]*педагогический/)
      const line = /(\d+)\. Провести педагогический/.exec(list.text)![1]!
      await head.tap(list, line)
      await head.tap(await head.waitFor(/педагогический совет[\s\S]*Срок/), 'Готово')
      await head.waitFor(/Записал №/)
    }
    await stage.settled()
    await stage.app.engine.database.sql`
      update reports set state = 'accepted' where task_id in (select t.id from tasks t join activities a on a.id = t.activity_id where a.title like 'Мероприятие%') and state = 'submitted'`
    const day = counted(stage.curator)
    stage.curator.skipSeen()
    await day.send('/review')
    for (const left of [8, 7, 6, 5, 4, 3, 2])
      await day.tap(await stage.curator.waitFor(`Ждут проверки: ${left}`), 'Принять')
    await day.tap(
      await stage.curator.waitFor((message) => message.buttons.flat().some(({ label }) => label === 'Принять')),
      'Принять',
    )
    await stage.curator.waitFor('Проверять нечего')
    expect(await day.figures()).toEqual({ touches: 9, messages: 9 })
  })
})

/** Five more schools of the curator, each with a head at their phone. */
async function fiveMoreSchools(): Promise<PersonInChat[]> {
  const { database } = stage.app.engine
  const [row] =
    await database.sql`select municipality_id, person_id from memberships join accounts using (person_id) where address = '1002' limit 1`
  const municipalityId = Number(row!.municipality_id)
  const heads: PersonInChat[] = []
  for (const n of [4, 5, 6, 7, 8]) {
    const id = 1100 + n
    const head = stage.sandbox.addPerson({
      id,
      firstName: 'Анна',
      phone: `7900000${id}`,
      role: 'Директор',
      colour: '#555',
    })
    await database.asSystem(async (tx) => {
      const name = `Школа № ${n}`
      const school = await addOrganization(tx, {
        municipalityId,
        kind: 'school',
        name,
        shortName: name,
        now: stage.now(),
      })
      await enters(tx, {
        chat: String(id),
        name: `Тихая Анна ${n}`,
        role: 'head',
        municipalityId,
        organizationIds: [school],
        now: stage.now(),
      })
    })
    await head.start()
    heads.push(head)
  }
  await database.sql`
    insert into memberships (municipality_id, organization_id, person_id, role, since)
    select ${municipalityId}, o.id, ${Number(row!.person_id)}, 'curator', now() from organizations o
     where o.kind = 'school' and o.name like 'Школа № _' and not exists (select from memberships m where m.organization_id = o.id and m.role = 'curator')`
  return heads
}
