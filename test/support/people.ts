import type { Role } from '../../src/access/rights.ts'
import type { AfterCommit, Incoming, IncomingFile } from '../../src/bot/incoming.ts'
import { createProcessor } from '../../src/bot/processor.ts'
import type { JobRequest, Services } from '../../src/bot/services.ts'
import { type Database, openDatabase, type Tx } from '../../src/db/database.ts'
import { enqueueDeliveries } from '../../src/db/deliveries.ts'
import { keepFileRow } from '../../src/db/files.ts'
import { acceptInvite, addOrganization, createInvite, createMunicipality, findInvite } from '../../src/db/people.ts'
import type { Button, Screen } from '../../src/delivery/screen.ts'
import type { Temporal } from '../../src/kernel/clock.ts'
import { at } from './builders.ts'
import { freshDatabase } from './database.ts'

/** The fixed cast: the chat by which each is known, their name and what they are. */
export const CAST = {
  olga: { chat: '501', name: 'Ветрова Ольга Павловна', role: 'coordinator' },
  irina: { chat: '502', name: 'Белова Ирина Олеговна', role: 'curator' },
  pyotr: { chat: '503', name: 'Заречный Пётр Ильич', role: 'head' },
  anna: { chat: '504', name: 'Лугова Анна Сергеевна', role: 'head' },
} as const satisfies Record<string, { chat: string; name: string; role: Role }>
export type Cast = keyof typeof CAST

/** A municipality with two schools, a coordinator, the curator of both, and a head each; another one with a coordinator of its own. */
export type World = {
  database: Database
  municipalityId: number
  departmentId: number
  schools: { first: number; second: number }
  persons: Record<Cast, number>
  other: { municipalityId: number; departmentId: number; schoolId: number; coordinatorId: number; chat: string }
  /** The moment that the bot takes for now. */
  clock: { now: Temporal.Instant }
  bot: Bot
}

export type Shown = { messageId: number; screen: Screen; reason: string; personId: number | null }

export type Bot = {
  start(chat: string, token?: string | null): Promise<AfterCommit>
  write(chat: string, text: string): Promise<AfterCommit>
  command(chat: string, name: string): Promise<AfterCommit>
  share(chat: string, phone: string): Promise<AfterCommit>
  send(chat: string, file: Partial<IncomingFile>): Promise<AfterCommit>
  /** Presses the button of the newest message that has one with this label. Throws where there is none. */
  tap(chat: string, label: string | RegExp): Promise<AfterCommit>
  /** Presses a button with this data, whether the bot showed it or not. */
  press(chat: string, data: string): Promise<AfterCommit>
  /** What the chat was shown since the last question, oldest first. */
  shown(chat: string): Promise<Shown[]>
  /** All content that the chat was ever shown, as JSON. */
  everShown(chat: string): Promise<string[]>
  /** The same as one text. */
  words(chat: string): Promise<string>
  jobs: JobRequest[]
  files: Map<string, { bytes: Uint8Array; fileName: string }>
  services: Services
}

/** The cast in a database of its own. The test closes `database`. */
export async function aWorld(): Promise<World> {
  const database = openDatabase(await freshDatabase(), { max: 4 })
  const clock = { now: at('2026-03-10T07:00:00Z') }
  return database.asSystem(async (tx) => {
    const { municipality, departmentId } = await createMunicipality(tx, {
      name: 'Заречный район',
      timezone: 'Asia/Omsk',
      departmentName: 'Управление образования',
      now: clock.now,
    })
    const municipalityId = municipality.id
    const school = (name: string, shortName: string, ofId = municipalityId) =>
      addOrganization(tx, { municipalityId: ofId, kind: 'school', name, shortName, now: clock.now })
    const schools = {
      first: await school('МБОУ СОШ № 1', 'СОШ № 1'),
      second: await school('МБОУ СОШ с. Берёзовка', 'Берёзовка'),
    }
    const enter = (who: Cast, organizationIds: number[]) =>
      enters(tx, { ...CAST[who], municipalityId, organizationIds, now: clock.now })
    const persons = {
      olga: await enter('olga', [departmentId]),
      irina: await enter('irina', [schools.first, schools.second]),
      pyotr: await enter('pyotr', [schools.first]),
      anna: await enter('anna', [schools.second]),
    }
    const away = await createMunicipality(tx, {
      name: 'Дальний район',
      timezone: 'Asia/Yakutsk',
      departmentName: 'Отдел образования',
      now: clock.now,
    })
    const other = {
      municipalityId: away.municipality.id,
      departmentId: away.departmentId,
      schoolId: await school('МБОУ СОШ № 9', 'СОШ № 9', away.municipality.id),
      chat: '901',
      coordinatorId: await enters(tx, {
        chat: '901',
        name: 'Чужая Вера Ивановна',
        role: 'coordinator',
        municipalityId: away.municipality.id,
        organizationIds: [away.departmentId],
        now: clock.now,
      }),
    }
    return { database, municipalityId, departmentId, schools, persons, other, clock, bot: aBot(database, clock) }
  })
}

/** Somebody comes in by an invite, as everybody does; gives the person's id. */
export async function enters(
  tx: Tx,
  who: {
    chat: string
    name: string
    role: Role
    municipalityId: number
    organizationIds: number[]
    now: Temporal.Instant
    phone?: string
  },
): Promise<number> {
  const { inviteId } = await createInvite(tx, {
    ...who,
    personName: who.name,
    phone: who.phone ?? null,
    invitedById: null,
  })
  const invite = await findInvite(tx, { id: inviteId })
  if (!invite) throw new Error('no invite')
  return acceptInvite(tx, invite, {
    messenger: 'telegram',
    address: who.chat,
    consentVersion: 'test',
    phone: who.phone ?? null,
    now: who.now,
  })
}

function aBot(database: Database, clock: { now: Temporal.Instant }): Bot {
  const jobs: JobRequest[] = []
  const files: Bot['files'] = new Map()
  const services = servicesOf(clock, jobs, files)
  const process = createProcessor(services)
  let updateId = 1000
  const take = async (chat: string, what: Record<string, unknown>): Promise<AfterCommit> => {
    updateId += 1
    const source = {
      updateId,
      messenger: 'telegram',
      account: chat,
      displayName: '',
      languageCode: null,
      chat,
      chatKind: 'private',
      threadId: null,
      at: clock.now,
    }
    await database.sql`update deliveries set state = 'sent', sent_at = now(), message_id = coalesce(message_id, id), subject = subject || '{"seen": true}' where chat = ${chat}`
    const after = await database.asSystem((tx) =>
      process(tx, { messageId: updateId + 50_000, ...source, ...what } as Incoming),
    )
    await database.sql`update deliveries set state = 'sent', sent_at = now(), message_id = coalesce((content #>> '{target,messageId}')::bigint, id) where state = 'queued'`
    return after
  }
  const text = { html: '', replyTo: null, edited: false, forwarded: false, links: [] }
  const all = async (chat: string): Promise<(Shown & { seen: boolean })[]> => {
    const rows = await database.sql<
      {
        id: string
        message_id: string
        content: { screen?: Screen }
        reason: string
        person_id: string | null
        seen: boolean
      }[]
    >`
      select id, message_id, content, reason, person_id, coalesce((subject ->> 'seen')::boolean, false) as seen from deliveries where chat = ${chat} order by id`
    return rows.map((row) => ({
      messageId: Number(row.message_id),
      screen: row.content.screen ?? { text: '' },
      reason: row.reason,
      personId: row.person_id === null ? null : Number(row.person_id),
      seen: row.seen,
    }))
  }
  const bot: Bot = {
    jobs,
    files,
    services,
    start: (chat, token = null) => take(chat, { kind: 'start', token }),
    write: (chat, words) => take(chat, { kind: 'text', text: words, ...text }),
    command: (chat, name) => take(chat, { kind: 'command', command: name, words: '' }),
    share: (chat, phone) => take(chat, { kind: 'contact', phone, own: true }),
    send: (chat, file) =>
      take(chat, {
        kind: 'file',
        caption: '',
        captionHtml: '',
        album: null,
        ...text,
        file: {
          kind: 'document',
          messengerFileId: 'f1',
          messengerFileKey: 'k1',
          fileName: 'list.xlsx',
          mime: null,
          size: 1000,
          ...file,
        },
      }),
    press: (chat, data) => take(chat, { kind: 'tap', tapId: 't', messageId: 1, data }),
    tap: async (chat, label) => {
      const fits = (button: Button): boolean =>
        typeof label === 'string' ? button.label === label : label.test(button.label)
      for (const { screen, messageId } of (await all(chat)).reverse()) {
        const button = screen.buttons?.flat().find(fits)
        if (button && 'action' in button) return take(chat, { kind: 'tap', tapId: 't', messageId, data: button.action })
      }
      throw new Error(`chat ${chat} shows no button ${label}`)
    },
    shown: async (chat) => (await all(chat)).filter((one) => !one.seen),
    everShown: async (chat) => {
      const rows = await database.sql<
        { content: string }[]
      >`select content::text from deliveries where chat = ${chat} order by id`
      return rows.map((row) => row.content)
    },
    words: async (chat) => (await bot.shown(chat)).map((one) => one.screen.text).join('\n---\n'),
  }
  return bot
}

function servicesOf(clock: { now: Temporal.Instant }, jobs: JobRequest[], files: Bot['files']): Services {
  return {
    botUsername: 'sovet_test_bot',
    now: () => clock.now,
    enqueue: enqueueDeliveries,
    startJob: async (_, job) => {
      jobs.push(job)
    },
    keepFile: async (tx, file) => {
      const { createHash } = await import('node:crypto')
      const sha256 = createHash('sha256').update(file.bytes).digest('hex')
      files.set(sha256, { bytes: file.bytes, fileName: file.fileName })
      await keepFileRow(tx, {
        municipalityId: file.municipalityId,
        sha256,
        size: file.bytes.length,
        mime: file.mime,
        at: clock.now,
      })
      return { kind: file.kind, sha256, fileName: file.fileName, mime: file.mime }
    },
  }
}

/** The token in the letter that the chat was shown last. */
export async function tokenIn(bot: Bot, chat: string): Promise<string> {
  const [, token] = /\?start=([\w-]+)/.exec(await bot.words(chat)) ?? []
  if (!token) throw new Error('no link was shown')
  return token
}
