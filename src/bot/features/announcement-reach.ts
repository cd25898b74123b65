import { may } from '../../access/rights.ts'
import type { Announcement } from '../../announcements/announcement.ts'
import { announcementById, lockAnnouncement } from '../../db/announcements.ts'
import { endBoard } from '../../db/boards.ts'
import type { Screen } from '../../delivery/screen.ts'
import { cardBoard, cardOf, showCard } from '../announcing/desk.ts'
import type { Turn } from '../turn.ts'
import { sayNo } from './coordinating.ts'

/** The announcement to be shown, if the person may announce in its municipality; says so and gives null if not. */
export async function reachAnnouncement(turn: Turn, id: number): Promise<Announcement | null> {
  return allowedOne(turn, await announcementById(turn.tx, id))
}

/** The announcement to be changed, locked: two coordinators take turns. */
export async function holdAnnouncement(turn: Turn, id: number): Promise<Announcement | null> {
  return allowedOne(turn, await lockAnnouncement(turn.tx, id))
}

/** The draft to be changed, locked; null where people have been told of it already, which is then said. */
export async function holdDraft(turn: Turn, id: number): Promise<Announcement | null> {
  const announcement = await holdAnnouncement(turn, id)
  if (!announcement) return null
  if (announcement.sentAt === null && announcement.state !== 'discarded') return announcement
  sayNo(turn, announcement.state === 'discarded' ? 'common.notFound' : 'announcement.field.alreadySent')
  return null
}

/** The announcement that was sent, locked; null where it is still a draft or is off. */
export async function holdSent(turn: Turn, id: number): Promise<Announcement | null> {
  const announcement = await holdAnnouncement(turn, id)
  if (!announcement) return null
  if (announcement.sentAt !== null && announcement.state !== 'cancelled') return announcement
  sayNo(turn, announcement.state === 'cancelled' ? 'announcement.cancel.already' : 'menu.staleButton')
  return null
}

function allowedOne(turn: Turn, announcement: Announcement | null): Announcement | null {
  if (announcement && may(turn.actor, 'announce', announcement)) return announcement
  sayNo(turn, announcement ? 'common.notYours' : 'common.notFound')
  return null
}

/** Shows a screen in place of the tapped one; over a card that is kept up to date it comes as a message of its own. */
export function reveal(turn: Turn, screen: Screen, announcementId: number): void {
  const subject = { announcement: announcementId }
  if (turn.subject?.live) turn.send(screen, { subject })
  else turn.show(screen, subject)
}

/** Shows the card of an announcement: a draft in place of the tapped message, a sent one as a message that follows what happens. */
export async function revealCard(turn: Turn, announcement: Announcement): Promise<void> {
  turn.forget()
  if (announcement.sentAt === null && announcement.state !== 'cancelled')
    return turn.show(await cardOf(turn, announcement), { announcement: announcement.id })
  await renewCard(turn, announcement)
}

/** Shows the card as a new message, which from now on is the one that is kept up to date. */
export async function renewCard(turn: Turn, announcement: Announcement): Promise<void> {
  await endBoard(turn.tx, cardBoard(turn, announcement.id, readerOf(turn)))
  await showCard(turn, announcement, readerOf(turn))
}

/** Shows the card where it stands. */
export async function updateCard(turn: Turn, announcementId: number): Promise<void> {
  const announcement = await announcementById(turn.tx, announcementId)
  if (announcement) await showCard(turn, announcement, readerOf(turn))
}

function readerOf(turn: Turn): { personId: number; chat: string } {
  return { personId: turn.actor.personId, chat: turn.incoming.chat }
}
