import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { forgetPerson, personalData } from '../../src/db/personal-data.ts'
import { purge } from '../../src/db/purge.ts'
import { FORGOTTEN_NAME } from '../../src/people/names.ts'
import { aWorld, CAST, enters, type World } from '../support/people.ts'

const { pyotr, olga, anna } = CAST
const worlds: World[] = []
let world: World
beforeEach(async () => {
  world = await aWorld()
  worlds.push(world)
})
afterAll(async () => {
  for (const one of worlds) await one.database.close()
})

/** Everything that a head leaves behind: a report with words and files, events, a note, a wish, reminders, messages both ways. */
async function leavesTraces(): Promise<{ taskId: number; reportId: number }> {
  const { database, municipalityId, persons, schools } = world
  return database.asSystem(async (tx) => {
    const sql = (await import('../../src/db/database.ts')).rawSql(tx)
    const id = persons.pyotr
    const [roadmap] =
      await sql`insert into roadmaps (municipality_id, title, period_from, period_to, created_at) values (${municipalityId}, 'Карта', '2026-01-01', '2026-12-31', now()) returning id`
    const [activity] = await sql`
      insert into activities (municipality_id, roadmap_id, position, number, section, title, deadline_text, schedule, responsible_text, executors, expected_result)
      values (${municipalityId}, ${roadmap!.id}, 1, '1.1', 'Раздел', 'Провести совет', 'март', '{"kind":"fixed","windows":[],"ambiguous":false}', '', '{schools}', 'протокол') returning id`
    const [task] = await sql`
      insert into tasks (municipality_id, activity_id, organization_id, window_from, window_due, due_on, state, assignee_id, obstacle, updated_at)
      values (${municipalityId}, ${activity!.id}, ${schools.first}, '2026-03-01', '2026-03-31', '2026-03-31', 'reported', ${id}, 'Заречный болен', now()) returning id`
    const [report] = await sql`
      insert into reports (municipality_id, task_id, author_id, state, receipt_number, comment, started_at, touched_at, return_reason)
      values (${municipalityId}, ${task!.id}, ${id}, 'submitted', 1, 'Провёл Заречный Пётр Ильич, 24 педагога', now(), now(), 'Пётр Ильич, нет подписи') returning id`
    await sql`insert into task_events (municipality_id, task_id, kind, at, actor_id, version, facts) values (${municipalityId}, ${task!.id}, 'task-blocked', now(), ${id}, 2, '{"obstacle": "у Заречного отпуск"}')`
    await sql`
      insert into evidence (municipality_id, report_id, author_id, kind, state, chat, message_id, sha256, file_name, caption, received_at) values
        (${municipalityId}, ${report!.id}, ${id}, 'photo', 'stored', ${pyotr.chat}, 1, 'aa', 'Заречный.jpg', 'снимал Заречный', now()),
        (${municipalityId}, ${report!.id}, ${id}, 'voice', 'stored', ${pyotr.chat}, 2, 'bb', null, null, now()),
        (${municipalityId}, null, ${id}, 'photo', 'stored', ${pyotr.chat}, 3, 'cc', null, null, now())`
    await sql`insert into files (municipality_id, sha256, size, mime, created_at) select ${municipalityId}, unnest(array['aa', 'bb', 'cc']), 1, 'image/jpeg', now() - interval '400 days'`
    await sql`insert into reminders (task_id, person_id, day, municipality_id, reason) values (${task!.id}, ${id}, '2026-03-10', ${municipalityId}, 'before')`
    await sql`insert into snoozes (municipality_id, task_id, person_id, remind_on) values (${municipalityId}, ${task!.id}, ${id}, '2026-03-12')`
    await sql`insert into postponements (municipality_id, task_id, asked_by_id, asked_at, due_before, due_after, reason) values (${municipalityId}, ${task!.id}, ${id}, now(), '2026-03-31', '2026-04-10', 'Заречный в командировке')`
    await sql`insert into absences (municipality_id, person_id, from_day, until_day, created_at) values (${municipalityId}, ${id}, '2026-07-01', '2026-07-14', now())`
    await sql`insert into inbox (update_id, chat, payload, state) values (1, ${pyotr.chat}, '{"message": "я Заречный"}', 'done'), (2, ${pyotr.chat}, '{"message": "ещё"}', 'waiting')`
    return { taskId: Number(task!.id), reportId: Number(report!.id) }
  })
}

/** Every table whose rows carry the text, by a search over all of the database. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await world.database.sql<
    { name: string }[]
  >`select tablename as name from pg_tables where schemaname = 'public'`
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await world.database.sql.unsafe(`select 1 from ${name} t where t::text ilike '%${text}%' limit 1`)
    if (rows.length > 0) found.push(name)
  }
  return found
}

describe('«Мои данные»', () => {
  it('exports all of one person as a page without scripts, with everything they wrote shown as typed', async () => {
    await leavesTraces()
    await world.bot.write(pyotr.chat, 'мои данные')
    expect(await world.bot.words(pyotr.chat)).toMatch(
      /Заречный Пётр Ильич[\s\S]*Отчёты: 1, файлы: 3[\s\S]*редакция test/,
    )
    await world.bot.tap(pyotr.chat, /файлом/)
    const [attachment] = (await world.bot.shown(pyotr.chat)).at(-1)?.screen.attachments ?? []
    const page = Buffer.from(world.bot.files.get(attachment?.sha256 ?? '')!.bytes).toString()
    for (const trace of [
      '24 педагога',
      'у Заречного отпуск',
      'я Заречный',
      'в командировке',
      'Заречный.jpg',
      '2026-07-14',
      'СОШ № 1',
    ])
      expect(page, trace).toContain(trace)
    expect(page).not.toMatch(/<script|Лугова/)
  })

  it('names every table that refers to a person: a new one must be exported and forgotten too', async () => {
    const rows = await world.database.sql<{ place: string }[]>`
      select conrelid::regclass::text || '.' || a.attname as place from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
       where c.contype = 'f' and c.confrelid = 'persons'::regclass order by 1`
    expect(rows.map((row) => row.place)).toEqual([
      'absences.deputy_id',
      'absences.person_id',
      'accounts.person_id',
      'answers.author_id',
      'boards.person_id',
      'consents.person_id',
      'council_groups.asked_by_id',
      'council_topics.person_id',
      'deliveries.person_id',
      'erasures.person_id',
      'evidence.author_id',
      'faq_keepers.person_id',
      'faq_proposals.decided_by_id',
      'faq_proposals.proposed_by_id',
      'invites.invited_by_id',
      'invites.used_by_id',
      'memberships.person_id',
      'postponements.answered_by_id',
      'postponements.asked_by_id',
      'question_events.actor_id',
      'question_followers.person_id',
      'question_posts.person_id',
      'questions.asker_id',
      'questions.taker_id',
      'reminders.person_id',
      'reports.author_id',
      'reports.reviewer_id',
      'roadmaps.imported_by_id',
      'school_notes.author_id',
      'setting_changes.person_id',
      'snoozes.person_id',
      'task_events.actor_id',
      'tasks.assignee_id',
    ])
  })
})

describe('«Забыть меня»', () => {
  it('leaves no name, account, message or unsorted file of theirs anywhere; the school keeps its report', async () => {
    const { reportId } = await leavesTraces()
    await world.bot.press(pyotr.chat, 'm-absence')
    await world.bot.write(pyotr.chat, '1-14 августа')
    await world.bot.tap(pyotr.chat, olga.name)
    expect(await world.bot.words(olga.chat)).toContain(pyotr.name)
    await world.bot.write(pyotr.chat, 'Забыть меня')
    await world.bot.tap(pyotr.chat, /Нет, остаться/)
    expect((await tablesWith('заречный пётр')).length).toBeGreaterThan(3)
    await world.bot.write(pyotr.chat, 'забыть меня.')
    await world.bot.tap(pyotr.chat, /Да, забыть/)
    expect(await world.bot.words(pyotr.chat)).toContain('я вас забыл')
    expect((await tablesWith('Пётр Ильич')).filter((table) => table !== 'inbox')).toEqual([])
    expect(await tablesWith('у Заречного')).toEqual([])
    expect(await tablesWith('снимал Заречный')).toEqual([])
    const { database, persons } = world
    const [person] =
      await database.sql`select full_name, phone, erased_at is not null as erased from persons where id = ${persons.pyotr}`
    expect(person).toEqual({ full_name: FORGOTTEN_NAME, phone: null, erased: true })
    const [report] =
      await database.sql`select comment, return_reason, receipt_number from reports where id = ${reportId}`
    expect(report).toEqual({
      comment: 'Провёл [имя удалено], 24 педагога',
      return_reason: '[имя удалено], нет подписи',
      receipt_number: 1,
    })
    const evidence = await database.sql`select kind, state, sha256, chat from evidence order by id`
    expect(evidence.map((row) => [row.kind, row.state, row.sha256, row.chat])).toEqual([
      ['photo', 'stored', 'aa', 'forgotten'],
      ['voice', 'removed', null, 'forgotten'],
      ['photo', 'removed', null, 'forgotten'],
    ])
    for (const table of ['accounts', 'deliveries', 'boards', 'reminders', 'snoozes', 'absences'])
      expect(
        await database.sql.unsafe(`select 1 from ${table} where person_id = ${persons.pyotr}`),
        table,
      ).toHaveLength(0)
    expect(await database.sql`select 1 from inbox where state = 'done' and chat = ${pyotr.chat}`).toHaveLength(0)
    expect(
      await database.sql`select 1 from memberships where person_id = ${persons.pyotr} and ended_at is null`,
    ).toHaveLength(0)
    const [act] =
      await database.sql`select asked_by, (counts ->> 'files')::int as files from erasures where person_id = ${persons.pyotr}`
    expect(act).toEqual({ asked_by: 'person', files: 2 })
    expect(await world.bot.words(olga.chat)).toMatch(/отозвал согласие[\s\S]*руководитель школы \(СОШ № 1\)/)
  })

  it('happens once: the second press, and the operator after it, change nothing', async () => {
    await world.bot.write(pyotr.chat, 'забыть меня')
    await world.bot.tap(pyotr.chat, /Да, забыть/)
    await world.bot.press(pyotr.chat, 'm-forgotten')
    const again = await world.database.asSystem((tx) =>
      forgetPerson(tx, { personId: world.persons.pyotr, askedBy: 'operator', now: world.clock.now }),
    )
    expect(again).toEqual({ ok: false, refusal: { code: 'already-forgotten' } })
    expect(await world.database.sql`select 1 from erasures`).toHaveLength(1)
    await world.bot.start(pyotr.chat)
    expect(await world.bot.words(pyotr.chat)).toContain('только с теми, кого пригласили')
  })

  it('is refused to the last coordinator, who is told what to do first; the operator can do it', async () => {
    await world.bot.write(olga.chat, 'забыть меня')
    const after = await world.bot.tap(olga.chat, /Да, забыть/)
    expect(after.tapAnswer?.words).toContain('последний координатор')
    const done = await world.database.asSystem((tx) =>
      forgetPerson(tx, { personId: world.persons.olga, askedBy: 'operator', now: world.clock.now, evenLast: true }),
    )
    expect(done.ok).toBe(true)
  })

  it('is open to somebody who belongs nowhere any more', async () => {
    await world.bot.press(olga.chat, `p-gone:${world.persons.anna.toString(36)}`)
    await world.bot.write(anna.chat, 'забыть меня')
    await world.bot.tap(anna.chat, /Да, забыть/)
    const [person] = await world.database.sql`select full_name from persons where id = ${world.persons.anna}`
    expect(person?.full_name).toBe(FORGOTTEN_NAME)
  })

  it('reaches over all the municipalities of the person', async () => {
    const { other, persons } = world
    await world.database.asSystem((tx) =>
      enters(tx, {
        chat: pyotr.chat,
        name: pyotr.name,
        role: 'head',
        municipalityId: other.municipalityId,
        organizationIds: [other.schoolId],
        now: world.clock.now,
      }),
    )
    await world.bot.write(pyotr.chat, 'забыть меня')
    await world.bot.tap(pyotr.chat, /Да, забыть/)
    expect(
      await world.database.sql`select 1 from memberships where person_id = ${persons.pyotr} and ended_at is null`,
    ).toHaveLength(0)
    expect(await world.database.sql`select 1 from erasures where person_id = ${persons.pyotr}`).toHaveLength(2)
    expect(await world.bot.words(other.chat)).toContain('СОШ № 9')
    expect((await world.database.asSystem((tx) => personalData(tx, persons.pyotr)))?.accounts).toEqual([])
  })

  it('nothing but an erasure rewrites an event', async () => {
    await leavesTraces()
    const rewrite = (erasing: boolean, column: string) =>
      world.database.asSystem(async (tx) => {
        const { sql } = await import('drizzle-orm')
        await tx.execute(sql`select set_config('app.erasing', ${erasing ? 'on' : 'off'}, true)`)
        await tx.execute(sql.raw(`update task_events set ${column}`))
      })
    await expect(rewrite(false, `facts = '{}'`)).rejects.toThrow()
    await expect(rewrite(true, `kind = 'task-accepted'`)).rejects.toThrow()
    await expect(rewrite(true, `facts = '{}'`)).resolves.toBeUndefined()
  })
})

describe('the purge', () => {
  it('destroys what has outlived its term, once, and nothing younger; gives the files that nothing names any more', async () => {
    await leavesTraces()
    const { database, municipalityId } = world
    await database.sql`
      insert into invites (municipality_id, token_hash, person_name, role, organization_ids, expires_at, used_at, revoked_at, created_at)
      select ${municipalityId}, decode(md5(i::text), 'hex'), 'Кто-то Там', 'head', array[${world.schools.first}::bigint], e, u, r, '2026-01-01'
        from (values (1, '2026-02-01'::timestamptz, null::timestamptz, null::timestamptz), (2, '2026-03-05', null, null), (3, '2026-03-30', '2026-02-01', null), (4, '2026-03-30', '2026-03-05', null), (5, '2026-03-30', null, '2026-02-01')) v (i, e, u, r)`
    await database.sql`insert into invite_attempts (messenger, address, at) values ('telegram', '1', '2026-03-08'), ('telegram', '1', '2026-03-10')`
    await database.sql`
      insert into deliveries (municipality_id, chat, lane, reason, content, state, created_at) values
        (${municipalityId}, '1', 0, 'invite-link', '{"do":"send","screen":{"text":"ссылка"}}', 'sent', '2026-03-08'),
        (${municipalityId}, '1', 0, 'invite-link', '{"do":"send","screen":{"text":"свежая ссылка"}}', 'sent', '2026-03-10'),
        (${municipalityId}, '1', 0, 'answer', '{"do":"send","screen":{"text":"старый ответ"}}', 'sent', '2026-02-01'),
        (${municipalityId}, '1', 0, 'answer', '{"do":"send","screen":{"text":"в очереди"}}', 'queued', '2026-02-01'),
        (null, '2', 0, 'door', '{"do":"send","screen":{"text":"чужой"}}', 'sent', '2026-03-08')`
    await database.sql`update evidence set received_at = '2025-12-01' where report_id is null`
    const first = await database.asSystem((tx) => purge(tx, world.clock.now))
    expect(first.counts).toMatchObject({
      'used-invites': 1,
      'expired-invites': 2,
      'wrong-tokens': 1,
      'invite-links': 1,
      'message-texts': 1,
      'door-messages': 1,
      'unsorted-files': 1,
      'orphaned-files': 1,
    })
    expect(first.files).toEqual([{ municipalityId, sha256: 'cc' }])
    const texts =
      await database.sql`select content #>> '{screen,text}' as text from deliveries where chat = '1' order by id`
    expect(texts.map((row) => row.text)).toEqual(['', 'свежая ссылка', '', 'в очереди'])
    const second = await database.asSystem((tx) => purge(tx, world.clock.now))
    expect(Object.values(second.counts).every((destroyed) => destroyed === 0)).toBe(true)
    expect(await tablesWith('Кто-то Там')).toEqual(['invites'])
  })
})
