import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openDatabase } from '../../src/db/database.ts'

// The peer: raw node:http with the same transaction in plain SQL: known already? may the sender? the state, what is to be sent, and only then 200.
const { sql } = openDatabase(process.env.DATABASE_URL ?? '', { max: 20 })
type Press = { update_id: number; callback_query: { from: { id: number }; message: { message_id: number } } }

async function keep({ update_id, callback_query: { from, message } }: Press): Promise<void> {
  await sql.begin(async (tx) => {
    const [fresh] = await tx`insert into peer_updates (id) values (${update_id}) on conflict do nothing returning id`
    if (!fresh) return
    const [person] = await tx`select person_id from peer_people where account = ${from.id}`
    await Promise.all([
      tx`insert into peer_effects (update_id, person_id) values (${update_id}, ${person?.person_id ?? null})`,
      tx`insert into peer_outbox (chat, message_id, content) values (${from.id}, ${message.message_id}, ${'Отмечено'})`,
    ])
  })
}

await sql.unsafe(`
  drop table if exists peer_updates, peer_people, peer_effects, peer_outbox;
  create table peer_updates (id bigint primary key, at timestamptz not null default now());
  create table peer_people (account bigint primary key, person_id bigint not null);
  insert into peer_people select 1000 + n, n from generate_series(0, 2999) n;
  create table peer_effects (id bigserial primary key, update_id bigint not null, person_id bigint, at timestamptz not null default now());
  create table peer_outbox (id bigserial primary key, chat bigint not null, message_id bigint, content text not null, state text not null default 'queued');
`)
const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    keep(JSON.parse(body)).then(
      () => response.end(),
      () => response.writeHead(503).end(),
    )
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`{"address":"http://127.0.0.1:${(server.address() as AddressInfo).port}"}\n`)
})
process.on('SIGTERM', () => process.exit(0))
