import { and, asc, desc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Role } from '../access/rights.ts'
import { escapeHtml } from '../delivery/screen.ts'
import type { Instant } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import { FORGOTTEN_NAME, NAME_REMOVED, withoutName } from '../people/names.ts'
import type { Tx } from './database.ts'
import {
  absences,
  accounts,
  announcementRecipients,
  announcements,
  answers,
  attendances,
  audienceGroupMembers,
  audienceGroups,
  consents,
  councilTopics,
  deliveries,
  erasures,
  evidence,
  faqProposals,
  feedbacks,
  inbox,
  invites,
  memberships,
  municipalities,
  organizations,
  persons,
  postponements,
  questionFollowers,
  questions,
  reports,
  roadmaps,
  rsvpEvents,
  schoolNotes,
  settingChanges,
  snoozes,
  taskEvents,
  tasks,
} from './schema/index.ts'
import { hasOtherCoordinator } from './staff.ts'

/** Everything that is kept of one person, by kind: rows as they are, moments as ISO 8601 in UTC. What `sovet export person` prints. */
export type PersonalData = {
  person: Record<string, unknown>
  [kind: string]: Record<string, unknown> | Record<string, unknown>[]
}

/** All of one person over all municipalities; null where there is none. Letters with links for others are named without the link, which is a key. Needs the program's own rights. */
export async function personalData(tx: Tx, personId: number): Promise<PersonalData | null> {
  const [person] = await tx.select().from(persons).where(eq(persons.id, personId))
  if (!person) return null
  const own = await tx.select().from(accounts).where(eq(accounts.personId, personId))
  return {
    person,
    accounts: own,
    consents: await tx
      .select({
        municipality: municipalities.name,
        version: consents.version,
        givenAt: consents.givenAt,
        withdrawnAt: consents.withdrawnAt,
      })
      .from(consents)
      .innerJoin(municipalities, eq(municipalities.id, consents.municipalityId))
      .where(eq(consents.personId, personId))
      .orderBy(asc(consents.id)),
    memberships: await tx
      .select({
        municipality: municipalities.name,
        organization: organizations.name,
        role: memberships.role,
        since: memberships.since,
        endedAt: memberships.endedAt,
      })
      .from(memberships)
      .innerJoin(municipalities, eq(municipalities.id, memberships.municipalityId))
      .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
      .where(eq(memberships.personId, personId))
      .orderBy(asc(memberships.id)),
    invites: await tx
      .select({
        personName: invites.personName,
        phone: invites.phone,
        role: invites.role,
        createdAt: invites.createdAt,
        usedAt: invites.usedAt,
      })
      .from(invites)
      .where(eq(invites.usedById, personId))
      .orderBy(asc(invites.id)),
    absences: await tx.select().from(absences).where(eq(absences.personId, personId)).orderBy(asc(absences.id)),
    reports: await tx.select().from(reports).where(eq(reports.authorId, personId)).orderBy(asc(reports.id)),
    reviews: await tx
      .select({
        reportId: reports.id,
        state: reports.state,
        reviewedAt: reports.reviewedAt,
        returnReason: reports.returnReason,
      })
      .from(reports)
      .where(eq(reports.reviewerId, personId))
      .orderBy(asc(reports.id)),
    evidence: await tx.select().from(evidence).where(eq(evidence.authorId, personId)).orderBy(asc(evidence.id)),
    events: await tx.select().from(taskEvents).where(eq(taskEvents.actorId, personId)).orderBy(asc(taskEvents.id)),
    postponements: await tx
      .select()
      .from(postponements)
      .where(or(eq(postponements.askedById, personId), eq(postponements.answeredById, personId)))
      .orderBy(asc(postponements.id)),
    notes: await tx.select().from(schoolNotes).where(eq(schoolNotes.authorId, personId)).orderBy(asc(schoolNotes.id)),
    questions: await tx.select().from(questions).where(eq(questions.askerId, personId)).orderBy(asc(questions.id)),
    answers: await tx.select().from(answers).where(eq(answers.authorId, personId)).orderBy(asc(answers.id)),
    questionsFollowed: await tx.select().from(questionFollowers).where(eq(questionFollowers.personId, personId)),
    councilTopics: await tx.select().from(councilTopics).where(eq(councilTopics.personId, personId)),
    faqProposals: await tx.select().from(faqProposals).where(eq(faqProposals.proposedById, personId)),
    snoozes: await tx.select().from(snoozes).where(eq(snoozes.personId, personId)),
    assignedTasks: await tx
      .select({ taskId: tasks.id, dueOn: tasks.dueOn, state: tasks.state })
      .from(tasks)
      .where(eq(tasks.assigneeId, personId)),
    roadmaps: await tx
      .select({ title: roadmaps.title, createdAt: roadmaps.createdAt, sourceName: roadmaps.sourceName })
      .from(roadmaps)
      .where(eq(roadmaps.importedById, personId))
      .orderBy(asc(roadmaps.id)),
    announcements: await tx
      .select({ title: announcements.title, sentAt: announcements.sentAt })
      .from(announcements)
      .where(eq(announcements.authorId, personId))
      .orderBy(asc(announcements.id)),
    announcedToThem: await tx
      .select({ title: announcements.title, outcome: announcementRecipients.outcome })
      .from(announcementRecipients)
      .innerJoin(announcements, eq(announcements.id, announcementRecipients.announcementId))
      .where(eq(announcementRecipients.personId, personId))
      .orderBy(asc(announcements.id)),
    rsvps: await tx.select().from(rsvpEvents).where(eq(rsvpEvents.personId, personId)).orderBy(asc(rsvpEvents.id)),
    attendances: await tx.select().from(attendances).where(eq(attendances.personId, personId)),
    feedbacks: await tx.select().from(feedbacks).where(eq(feedbacks.personId, personId)),
    groups: await tx
      .select({ name: audienceGroups.name })
      .from(audienceGroupMembers)
      .innerJoin(audienceGroups, eq(audienceGroups.id, audienceGroupMembers.groupId))
      .where(eq(audienceGroupMembers.personId, personId)),
    settingChanges: await tx
      .select()
      .from(settingChanges)
      .where(eq(settingChanges.personId, personId))
      .orderBy(asc(settingChanges.id)),
    messagesToThem: await tx
      .select({
        sentAt: deliveries.sentAt,
        reason: deliveries.reason,
        state: deliveries.state,
        content: sql<unknown>`case when ${deliveries.reason} = 'invite-link' then null else ${deliveries.content} end`,
      })
      .from(deliveries)
      .where(or(eq(deliveries.personId, personId), inChats(deliveries.messenger, deliveries.chat, own)))
      .orderBy(asc(deliveries.id)),
    messagesFromThem: await tx
      .select({ receivedAt: inbox.receivedAt, payload: inbox.payload })
      .from(inbox)
      .where(inChats(inbox.messenger, inbox.chat, own))
      .orderBy(asc(inbox.receivedAt)),
  }
}

type Chat = { messenger: string; address: string }

/** Whether a row belongs to one of the private chats `own`; never true where there is none. */
function inChats(
  messenger: typeof inbox.messenger | typeof deliveries.messenger,
  chat: typeof inbox.chat | typeof deliveries.chat,
  own: readonly Chat[],
): SQL | undefined {
  if (own.length === 0) return sql`false`
  return or(...own.map((one) => and(eq(messenger, one.messenger), eq(chat, one.address))))
}

/** The persons of this name or id, to choose from at the command line. */
export async function findPersons(tx: Tx, by: { id: number } | { name: string }) {
  return tx
    .select({ personId: persons.id, fullName: persons.fullName, erasedAt: persons.erasedAt })
    .from(persons)
    .where('id' in by ? eq(persons.id, by.id) : sql`lower(${persons.fullName}) = lower(${by.name})`)
    .orderBy(asc(persons.id))
}

/** What a forgotten person was, without a name: for those who must find a successor. */
export type Vacancy = { municipalityId: number; role: Role; organizationName: string }

export type ForgetRefusal =
  | { code: 'not-found' }
  | { code: 'already-forgotten' }
  | { code: 'last-coordinator'; municipality: string }

export type Forgotten = { vacancies: Vacancy[]; counts: Record<string, number> }

/**
 * Forgets a person everywhere: the name, phone and accounts, what waited for them, what they were told and wrote to the bot, files that belong to no report,
 * voice and video. Reports, events and accepted files stay as the school's record, without the name, also in their words. The act is kept by
 * numbers. Needs the program's own rights. `evenLast`: at the operator's word a municipality may be left without a coordinator.
 */
export async function forgetPerson(
  tx: Tx,
  given: { personId: number; askedBy: 'person' | 'operator'; now: Instant; evenLast?: boolean },
): Promise<Result<Forgotten, ForgetRefusal>> {
  const [person] = await tx.select().from(persons).where(eq(persons.id, given.personId)).for('update')
  if (!person) return refuse({ code: 'not-found' })
  if (person.erasedAt) return refuse({ code: 'already-forgotten' })
  const vacancies = await vacanciesOf(tx, person.id)
  const alone = given.evenLast ? null : await coordinatedAlone(tx, person.id, vacancies)
  if (alone) return refuse({ code: 'last-coordinator', municipality: alone })
  const places = await tx
    .selectDistinct({ municipalityId: memberships.municipalityId })
    .from(memberships)
    .where(eq(memberships.personId, person.id))
  const counts = { ...(await removeRows(tx, person)), ...(await removeName(tx, person.id, person.fullName)) }
  await tx
    .update(memberships)
    .set({ endedAt: given.now })
    .where(and(eq(memberships.personId, person.id), isNull(memberships.endedAt)))
  await tx
    .update(consents)
    .set({ withdrawnAt: given.now })
    .where(and(eq(consents.personId, person.id), isNull(consents.withdrawnAt)))
  await tx
    .update(persons)
    .set({ fullName: FORGOTTEN_NAME, phone: null, erasedAt: given.now })
    .where(eq(persons.id, person.id))
  if (places.length > 0)
    await tx.insert(erasures).values(
      places.map(({ municipalityId }) => ({
        municipalityId,
        personId: person.id,
        askedBy: given.askedBy,
        counts,
        at: given.now,
      })),
    )
  return ok({ vacancies, counts })
}

async function vacanciesOf(tx: Tx, personId: number): Promise<Vacancy[]> {
  return tx
    .select({
      municipalityId: memberships.municipalityId,
      role: memberships.role,
      organizationName: organizations.shortName,
    })
    .from(memberships)
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .where(and(eq(memberships.personId, personId), isNull(memberships.endedAt)))
    .orderBy(asc(memberships.municipalityId), asc(memberships.id))
}

async function coordinatedAlone(tx: Tx, personId: number, vacancies: Vacancy[]): Promise<string | null> {
  for (const { municipalityId, role } of vacancies) {
    if (role !== 'coordinator' || (await hasOtherCoordinator(tx, municipalityId, personId))) continue
    const [municipality] = await tx
      .select({ name: municipalities.name })
      .from(municipalities)
      .where(eq(municipalities.id, municipalityId))
    return municipality?.name ?? ''
  }
  return null
}

/** Removes the rows that are the person's own. The updates that came are kept by their numbers alone, so that one that comes twice still has one effect. */
async function removeRows(tx: Tx, person: { id: number; phone: string | null }): Promise<Record<string, number>> {
  const id = person.id
  const own = await tx.select().from(accounts).where(eq(accounts.personId, id))
  const chats = sql`(select messenger, address from accounts where person_id = ${id})`
  const statements: Record<string, SQL> = {
    updates: sql`update inbox set payload = '{}', chat = 'forgotten', failure = null where state <> 'waiting' and (messenger, chat) in ${chats}`,
    messages: sql`delete from deliveries where person_id = ${id} or (messenger, chat) in ${chats}`,
    boards: sql`delete from boards where person_id = ${id}`,
    dialogs: sql`delete from dialogs where (messenger, chat) in ${chats}`,
    paces: sql`delete from chat_paces where (messenger, chat) in ${chats}`,
    wrongTokens: sql`delete from invite_attempts where (messenger, address) in ${chats}`,
    reminders: sql`delete from reminders where person_id = ${id}`,
    snoozes: sql`delete from snoozes where person_id = ${id}`,
    absences: sql`delete from absences where person_id = ${id}`,
    groups: sql`delete from audience_group_members where person_id = ${id}`,
    notices: sql`delete from announcement_notices where person_id = ${id}`,
    feedbackWords: sql`update feedbacks set words = null where person_id = ${id} and words is not null`,
    deputyNames: sql`update rsvps set deputy_name = null where person_id = ${id} and deputy_name is not null`,
    deputyNamesBefore: sql`update rsvp_events set deputy_name = null where person_id = ${id} and deputy_name is not null`,
    announcedChats: sql`update announcement_recipients set chat = null where person_id = ${id}`,
    standingIn: sql`update absences set deputy_id = null where deputy_id = ${id}`,
    assignments: sql`update tasks set assignee_id = null where assignee_id = ${id}`,
    invites: sql`delete from invites where used_by_id = ${id} or (phone is not null and phone = ${person.phone})`,
    invitesMade: sql`update invites set invited_by_id = null where invited_by_id = ${id}`,
    drafts: sql`delete from questions where asker_id = ${id} and state = 'draft'`,
    followed: sql`delete from question_followers where person_id = ${id}`,
    posts: sql`delete from question_posts where person_id = ${id}`,
    topics: sql`delete from council_topics where person_id = ${id}`,
    kept: sql`update faq_keepers set person_id = null where person_id = ${id}`,
    accounts: sql`delete from accounts where person_id = ${id}`,
  }
  const counts: Record<string, number> = {}
  for (const [kind, statement] of Object.entries(statements)) counts[kind] = (await tx.execute(statement)).count
  counts.chats = own.length
  return counts
}

/** Takes files that no report needs, and the name out of the words that stay. */
async function removeName(tx: Tx, personId: number, fullName: string): Promise<Record<string, number>> {
  const files = await tx
    .update(evidence)
    .set({ state: 'removed', sha256: null, messengerFileId: null, messengerFileKey: null, fileName: null, url: null })
    .where(
      and(eq(evidence.authorId, personId), or(isNull(evidence.reportId), inArray(evidence.kind, ['voice', 'video']))),
    )
    .returning({ id: evidence.id })
  await tx
    .update(evidence)
    .set({ chat: 'forgotten', messageId: sql`-${evidence.id}`, replyToMessageId: null, album: null })
    .where(eq(evidence.authorId, personId))
  await tx.execute(
    sql`update answers set chat = 'forgotten', message_id = -id where author_id = ${personId} and chat <> 'faq'`,
  )
  const words = [
    await cleanRows(tx, fullName, 'evidence', ['caption', 'file_name'], sql`author_id = ${personId}`),
    await cleanRows(
      tx,
      fullName,
      'reports',
      ['comment', 'return_reason'],
      sql`author_id = ${personId} or reviewer_id = ${personId}`,
    ),
    await cleanRows(
      tx,
      fullName,
      'postponements',
      ['reason'],
      sql`asked_by_id = ${personId} or answered_by_id = ${personId}`,
    ),
    await cleanRows(tx, fullName, 'school_notes', ['words'], sql`author_id = ${personId}`),
    await cleanRows(tx, fullName, 'questions', ['words'], sql`asker_id = ${personId} or taker_id = ${personId}`),
    await cleanRows(
      tx,
      fullName,
      'answers',
      ['words'],
      sql`author_id = ${personId} or question_id in (select id from questions where asker_id = ${personId})`,
    ),
    await cleanRows(tx, fullName, 'faq_proposals', ['question', 'answer', 'source'], sql`proposed_by_id = ${personId}`),
    await cleanRows(
      tx,
      fullName,
      'school_notes',
      ['words'],
      sql`organization_id in (select organization_id from memberships where person_id = ${personId})`,
    ),
    await cleanRows(
      tx,
      fullName,
      'organizations',
      ['note'],
      sql`id in (select organization_id from memberships where person_id = ${personId})`,
    ),
    await cleanRows(
      tx,
      fullName,
      'tasks',
      ['obstacle'],
      sql`id in (select task_id from task_events where actor_id = ${personId})`,
    ),
    await cleanEvents(tx, personId, fullName),
    await cleanMessages(tx, personId, fullName),
  ]
  return { files: files.length, words: words.reduce((sum, count) => sum + count, 0) }
}

/** Rewrites `columns` of the rows where the name stands in them; gives how many rows. */
async function cleanRows(tx: Tx, fullName: string, table: string, columns: string[], where: SQL): Promise<number> {
  const names = sql.join(
    columns.map((column) => sql.identifier(column)),
    sql`, `,
  )
  const rows = await tx.execute<Record<string, string | null>>(
    sql`select id, ${names} from ${sql.identifier(table)} where (${where}) and coalesce(${names}) is not null`,
  )
  let changed = 0
  for (const row of rows) {
    const dirty = columns.filter((column) => row[column] && withoutName(row[column], fullName) !== row[column])
    if (dirty.length === 0) continue
    const values = sql.join(
      dirty.map((column) => sql`${sql.identifier(column)} = ${withoutName(row[column] ?? '', fullName)}`),
      sql`, `,
    )
    await tx.execute(sql`update ${sql.identifier(table)} set ${values} where id = ${row.id}`)
    changed += 1
  }
  return changed
}

/** Takes the full name out of the messages that others of the same municipalities were or are to be sent. */
async function cleanMessages(tx: Tx, personId: number, fullName: string): Promise<number> {
  const json = JSON.stringify(escapeHtml(fullName)).slice(1, -1)
  const cleaned = await tx.execute(sql`
    update deliveries set content = replace(content::text, ${json}, ${NAME_REMOVED})::jsonb
     where municipality_id in (select municipality_id from memberships where person_id = ${personId})
       and strpos(content::text, ${json}) > 0`)
  return cleaned.count
}

/** An event is never rewritten but for this: a name taken out of its facts. The database allows it only while `app.erasing` says so. */
async function cleanEvents(tx: Tx, personId: number, fullName: string): Promise<number> {
  const rows = await tx
    .select({ id: taskEvents.id, facts: taskEvents.facts })
    .from(taskEvents)
    .where(
      and(
        sql`${taskEvents.facts} <> '{}'::jsonb`,
        or(
          eq(taskEvents.actorId, personId),
          sql`${taskEvents.taskId} in (select task_id from reports where author_id = ${personId} or reviewer_id = ${personId})`,
        ),
      ),
    )
    .orderBy(desc(taskEvents.id))
  await tx.execute(sql`select set_config('app.erasing', 'on', true)`)
  let changed = 0
  for (const { id, facts } of rows) {
    const clean = Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [
        name,
        typeof value === 'string' ? withoutName(value, fullName) : value,
      ]),
    )
    if (JSON.stringify(clean) === JSON.stringify(facts)) continue
    await tx.update(taskEvents).set({ facts: clean }).where(eq(taskEvents.id, id))
    changed += 1
  }
  await tx.execute(sql`select set_config('app.erasing', 'off', true)`)
  return changed
}

/** Takes what the messages to and from a stranger tell of them: whoever declines leaves nothing but the numbers of their updates. Needs the program's own rights. */
export async function forgetStranger(tx: Tx, { messenger, address }: Chat): Promise<void> {
  await tx.execute(
    sql`update inbox set payload = '{}', failure = null where state <> 'waiting' and messenger = ${messenger} and chat = ${address}`,
  )
  await tx.execute(
    sql`delete from deliveries where messenger = ${messenger} and chat = ${address} and person_id is null and state <> 'sending'`,
  )
}

/** What «Мои данные» tells in figures, within the municipality of the transaction; the consent that holds, or null. */
export async function dataCounts(tx: Tx, municipalityId: number, personId: number) {
  const own = (table: typeof reports | typeof evidence) =>
    tx.$count(table, and(eq(table.municipalityId, municipalityId), eq(table.authorId, personId)))
  const [consent] = await tx
    .select({ version: consents.version, givenAt: consents.givenAt })
    .from(consents)
    .where(
      and(eq(consents.municipalityId, municipalityId), eq(consents.personId, personId), isNull(consents.withdrawnAt)),
    )
    .orderBy(desc(consents.id))
    .limit(1)
  return { reports: await own(reports), files: await own(evidence), consent: consent ?? null }
}
