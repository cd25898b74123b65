import type { Role } from '../access/rights.ts'
import type { Instant, PlainDate, PlainTime } from '../kernel/clock.ts'
import type { ReminderPolicy } from '../reminders/policy.ts'

/** The tenant. Slots and hours are local to `timezone`. */
export type Municipality = {
  id: number
  name: string
  timezone: string
  locale: string
  workFrom: PlainTime
  workTo: PlainTime
  reminderSlot: PlainTime
  digestSlot: PlainTime
  reminderPolicy: ReminderPolicy | null
  evidenceRequired: boolean
  announcementsPerDay: number
}

export type OrganizationKind = 'school' | 'department' | 'centre'

export type Organization = {
  id: number
  municipalityId: number
  kind: OrganizationKind
  name: string
  shortName: string
  pausedUntil: PlainDate | null
}

export type Membership = { municipalityId: number; organizationId: number; organizationName: string; role: Role }

/** Somebody who came through an invite, at the account they wrote from. */
export type KnownPerson = {
  personId: number
  accountId: number
  fullName: string
  consented: boolean
  activeMunicipalityId: number | null
  /** False: the messenger said so when we last wrote there. */
  reachable: boolean
  memberships: Membership[]
}

/** How a person gets in: a personal link, or their own phone number on the list. */
export type Invite = {
  id: number
  municipalityId: number
  municipalityName: string
  personName: string
  role: Role
  organizationIds: number[]
  organizationNames: string[]
  phone: string | null
  invitedById: number | null
  inviterName: string | null
  expiresAt: Instant
  usedAt: Instant | null
  usedById: number | null
  revokedAt: Instant | null
}

/** How a person is addressed: by first name and patronymic where the name ends with one («Соколова Елена Викторовна»), else as written. */
export function politeName(fullName: string): string {
  const [, first, patronymic, ...more] = fullName.trim().split(/\s+/)
  return more.length === 0 && /(вич|вна|ична|ьич)$/iu.test(patronymic ?? '') ? `${first} ${patronymic}` : fullName
}
