import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { markDone } from '../../src/bot/buttons.ts'
import { openDatabase } from '../../src/db/database.ts'

// The peer: raw node:http with the same transaction in plain SQL, in as few flights as it can be: known already? may the sender? the task locked and looked at, the report with its
// receipt, the task's event, the answer and what its curator is told, and only then 200. No rights by row, no words, no calendar, and nothing is called.
const { sql } = openDatabase(process.env.DATABASE_URL ?? '', { max: 20 })
type Press = {
  update_id: number
  callback_query: { from: { id: number }; message: { message_id: number }; data: string }
}

async function keep(press: Press, body: string): Promise<void> {
  const { update_id, callback_query } = press
  const chat = String(callback_query.from.id)
  const [taskId, version] = markDone.read(callback_query.data) ?? [0, 0]
  await sql.begin(async (tx) => {
    const [[fresh], [person], [task]] = await Promise.all([
      tx`insert into inbox (messenger, update_id, chat, payload, state, done_at) values ('telegram', ${update_id}, ${chat}, ${body}::text::jsonb, 'done', now())
             on conflict do nothing returning update_id`,
      tx`select p.id, p.full_name, array_agg(m.organization_id) as organizations
           from accounts a join persons p on p.id = a.person_id join memberships m on m.person_id = p.id and m.ended_at is null
          where a.messenger = 'telegram' and a.address = ${chat} and p.erased_at is null group by p.id`,
      tx`select t.id, t.municipality_id, t.organization_id, t.state, t.version, t.due_on::text, a.title, o.short_name
           from tasks t join activities a on a.id = t.activity_id join organizations o on o.id = t.organization_id where t.id = ${taskId} for update of t`,
    ])
    if (!fresh || !person || !task || task.state !== 'planned' || task.version !== version) return
    if (!person.organizations.includes(task.organization_id)) return
    const [[report], , curators] = await Promise.all([
      tx`with next as (update municipalities set last_receipt_number = last_receipt_number + 1 where id = ${task.municipality_id} returning last_receipt_number)
         insert into reports (municipality_id, task_id, author_id, state, started_at, touched_at, submitted_at, receipt_number)
         select ${task.municipality_id}, ${task.id}, ${person.id}, 'submitted', now(), now(), now(), last_receipt_number from next returning id, receipt_number`,
      tx`with changed as (update tasks set state = 'reported', version = version + 1, updated_at = now() where id = ${task.id})
         insert into task_events (municipality_id, task_id, kind, at, actor_id, from_state, to_state, version, update_id)
         values (${task.municipality_id}, ${task.id}, 'task-reported', now(), ${person.id}, ${task.state}, 'reported', ${version + 1}, ${update_id})`,
      tx`select a.person_id, a.address from memberships m join accounts a on a.person_id = m.person_id and a.state = 'reachable'
          where m.organization_id = ${task.organization_id} and m.role = 'curator' and m.ended_at is null`,
    ])
    const answer = `«${task.title}» отмечено как сделанное. № ${report!.receipt_number}`
    const told = `${task.short_name}: «${task.title}» сделано, срок ${task.due_on}. Отметил ${person.full_name}`
    const to = [
      { person_id: person.id, address: chat, words: answer },
      ...curators.map((one) => ({ ...one, words: told })),
    ]
    await tx`
      insert into deliveries (municipality_id, person_id, messenger, chat, lane, turn, reason, content, subject)
      select ${task.municipality_id}, person_id, 'telegram', address, 0, 0, 'answer', jsonb_build_object('do', 'send', 'screen', jsonb_build_object('text', words)), '{}'
        from json_to_recordset(${JSON.stringify(to)}::text::json) as (person_id bigint, address text, words text)`
  })
}

const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    keep(JSON.parse(body), body).then(
      () => response.end(),
      () => response.writeHead(503).end(),
    )
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`{"address":"http://127.0.0.1:${(server.address() as AddressInfo).port}"}\n`)
})
process.on('SIGTERM', () => process.exit(0))
