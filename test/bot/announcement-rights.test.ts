import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Announcement } from '../../src/announcements/announcement.ts'
import { NOBODY } from '../../src/announcements/audience.ts'
import * as buttons from '../../src/bot/buttons-announcements.ts'
import { addMeetings, announcementById, createAnnouncement } from '../../src/db/announcements.ts'
import { makeGroup } from '../../src/db/audiences.ts'
import { at } from '../support/builders.ts'
import { aWorld, CAST, type World } from '../support/people.ts'

let world: World
let draft: Announcement
let sent: Announcement
let group: number
beforeAll(async () => {
  world = await aWorld()
  draft = await given('Черновик', ['head'])
  sent = await given('Семинар', ['curator'])
  await world.bot.press(CAST.olga.chat, buttons.sendAnnouncement(sent.id, 0))
  sent = await byId(sent.id)
  group = await world.database.asSystem((tx) => makeGroup(tx, world.municipalityId, 'Новые', world.clock.now))
})
afterAll(() => world.database.close())

async function given(title: string, roles: ('head' | 'curator')[]): Promise<Announcement> {
  const id = await world.database.asSystem(async (tx) => {
    const made = await createAnnouncement(tx, {
      municipalityId: world.municipalityId,
      authorId: world.persons.olga,
      title,
      html: title,
      place: null,
      wantsAnswer: true,
      answerUntil: null,
      places: null,
      audience: { ...NOBODY, roles },
      activityId: null,
      album: null,
      now: world.clock.now,
    })
    const span = { startsAt: at('2026-03-26T08:00:00Z'), endsAt: at('2026-03-26T09:00:00Z') }
    await addMeetings(tx, { id: made, municipalityId: world.municipalityId }, [span], 0)
    return made
  })
  return byId(id)
}

async function byId(id: number): Promise<Announcement> {
  const found = await world.database.asSystem((tx) => announcementById(tx, id))
  return found!
}

/** Everything that is kept of announcements, as one text. */
async function everything(): Promise<string> {
  const tables = ['announcements', 'announcement_meetings', 'announcement_recipients', 'announcement_notices']
  const more = ['rsvps', 'attendances', 'feedbacks', 'audience_groups', 'audience_group_members']
  const rows = []
  for (const table of [...tables, ...more])
    rows.push(await world.database.sql`select * from ${world.database.sql(table)} order by 1, 2, 3`)
  return JSON.stringify(rows)
}

const COORDINATORS: [string, () => string][] = [
  ['the card', () => buttons.openAnnouncement(draft.id)],
  ['the preview', () => buttons.previewAnnouncement(draft.id)],
  ['a field', () => buttons.askField(draft.id, 'title')],
  ['clearing a field', () => buttons.clearField(draft.id, 'when')],
  ['whether an answer is wanted', () => buttons.setWantsAnswer(draft.id, 0)],
  ['deleting', () => buttons.discardDraft(draft.id)],
  ['sending', () => buttons.sendAnnouncement(draft.id, 15)],
  ['planning', () => buttons.sendWhenLoud(draft.id, 0)],
  ['planning no more', () => buttons.unschedule(draft.id)],
  ['the audience', () => buttons.openAudience(draft.id)],
  ['a list of the audience', () => buttons.openAudienceList(draft.id, 'except', 0)],
  ['marking the audience', () => buttons.markAudience(draft.id, 'roles', 0, 0)],
  ['the recipients', () => buttons.openRecipients(draft.id, 0)],
  ['the call list', () => buttons.openCalls(draft.id)],
  ['keeping a group', () => buttons.saveGroup(draft.id)],
  ['the groups', () => buttons.openGroups()],
  ['a group', () => buttons.openGroup(group, 0)],
  ['a member of a group', () => buttons.markMember(group, world.persons.pyotr, 0)],
  ['deleting a group', () => buttons.removeGroupOf(group)],
  ['pausing', () => buttons.pauseSending(sent.id)],
  ['going on', () => buttons.goOnSending(sent.id)],
  ['stopping', () => buttons.stopSending(sent.id)],
  ['sending to the capped', () => buttons.sendToCapped(sent.id)],
  ['the answers', () => buttons.openAnswers(sent.id, 0)],
  ['the table', () => buttons.sendAnswersTable(sent.id)],
  ['reminding the silent', () => buttons.nudgeSilent(sent.id)],
  ['the changes', () => buttons.openChanges(sent.id)],
  ['a change', () => buttons.askChange(sent.id, 'text')],
  ['moving', () => buttons.confirmMove(sent.id)],
  ['asking to cancel', () => buttons.askCancel(sent.id)],
  ['cancelling', () => buttons.cancelEvent(sent.id)],
  ['the dates', () => buttons.openAttendances(sent.id)],
  ['the attendance', () => buttons.openAttendance(sent.meetings[0]!.id, 0)],
  ['marking who was there', () => buttons.markAttendance(sent.meetings[0]!.id, world.persons.irina, 0)],
  ['marking all', () => buttons.markAllPromised(sent.meetings[0]!.id)],
  ['the code', () => buttons.showCode(sent.meetings[0]!.id)],
  ['materials', () => buttons.askMaterials(sent.id)],
  ['sending materials', () => buttons.sendMaterials(sent.id, 1)],
  ['asking for opinions', () => buttons.askFeedback(sent.id)],
  ['the results', () => buttons.openResults(sent.id)],
  ['the paper for the roadmap', () => buttons.attachParticipants(sent.id)],
  ['the list of announcements', () => buttons.openAnnouncements()],
  ['a new announcement', () => buttons.startAnnouncement()],
]

describe('what coordinators alone may do', () => {
  it.each(COORDINATORS)(
    '%s: not a head, not a curator, not a coordinator of another municipality',
    async (what, data) => {
      const before = await everything()
      for (const chat of [CAST.pyotr.chat, CAST.irina.chat, world.other.chat]) {
        const isOwn =
          chat === world.other.chat && ['the groups', 'the list of announcements', 'a new announcement'].includes(what)
        await world.bot.write(chat, 'Здравствуйте') // an empty chat before the press
        const after = await world.bot.press(chat, data())
        const told = `${after.tapAnswer?.words ?? ''} ${await world.bot.words(chat)}`
        expect(told).not.toMatch(/Черновик|Семинар(?!,)|Новые/)
        if (!isOwn) expect(told).toMatch(/недоступно|Не нашёл|устарела/)
        expect(
          await world.database
            .sql`select from dialogs where chat = ${chat} and state ->> 'kind' like 'announcement%' and ${!isOwn}`,
        ).toHaveLength(0)
      }
      expect(await everything()).toBe(before)
    },
  )
})

describe('what recipients may do', () => {
  it.each([
    ['answer', () => buttons.answerYes(sent.id, 1)],
    ['decline', () => buttons.answerNo(sent.id, 1)],
    ['send a deputy', () => buttons.answerDeputy(sent.id, 1)],
    ['see it', () => buttons.openMine(sent.id)],
    ['take the calendar', () => buttons.sendCalendar(sent.id)],
    ['give a mark', () => buttons.giveScore(sent.id, 5)],
  ] as [string, () => string][])('%s: not who was not told of it', async (_, data) => {
    const before = await everything()
    for (const chat of [CAST.pyotr.chat, world.other.chat]) {
      const after = await world.bot.press(chat, data())
      expect(after.tapAnswer?.words).toMatch(/было не вам|Не нашёл/)
    }
    expect(await everything()).toBe(before)
  })

  it('a mark is not taken from who was not asked for one', async () => {
    const after = await world.bot.press(CAST.irina.chat, buttons.giveScore(sent.id, 5))
    expect(after.tapAnswer?.words).toMatch(/было не вам/)
  })

  it('who was told answers', async () => {
    await world.bot.press(CAST.irina.chat, buttons.answerYes(sent.id, 1))
    expect(await world.database.sql`select person_id::int, answer from rsvps`).toEqual([
      { person_id: world.persons.irina, answer: 'yes' },
    ])
  })

  it('a button of older dates changes nothing', async () => {
    const after = await world.bot.press(CAST.irina.chat, buttons.answerNo(sent.id, 0))
    expect(after.tapAnswer?.words).toContain('ответьте ещё раз')
    expect(await world.database.sql`select answer from rsvps`).toEqual([{ answer: 'yes' }])
  })
})
