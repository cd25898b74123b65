import { createHash, randomBytes } from 'node:crypto'
import type { Instant } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import type { Invite } from './people.ts'

/** Days for which an invite is good. */
export const INVITE_DAYS = 14
/** Wrong tokens after which an account waits, and the minutes within which they are counted. */
export const WRONG_TOKENS = { perAccount: 5, overall: 300, minutes: 15 } as const

/** A new token of 192 random bits, in letters that a t.me link may carry, and the hash that is kept of it. */
export function newInviteToken(): { token: string; hash: Uint8Array } {
  const token = randomBytes(24).toString('base64url')
  return { token, hash: hashOfToken(token) }
}

/** SHA-256 of `token`: what the database knows of it. */
export function hashOfToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

/** Whether `token` can be one of ours at all. */
export function looksLikeToken(token: string): boolean {
  return /^[A-Za-z0-9_-]{32}$/.test(token)
}

/** The personal link that opens the bot with `token`. */
export function inviteLink(botUsername: string, token: string): string {
  return `https://t.me/${botUsername}?start=${token}`
}

export type InviteRefusal = { code: 'used' } | { code: 'revoked' } | { code: 'expired' }

/** Whether `invite` may still be used at `now`. */
export function usable(invite: Invite, now: Instant): Result<Invite, InviteRefusal> {
  if (invite.revokedAt) return refuse({ code: 'revoked' })
  if (invite.usedAt) return refuse({ code: 'used' })
  if (invite.expiresAt.epochMilliseconds <= now.epochMilliseconds) return refuse({ code: 'expired' })
  return ok(invite)
}

/** `phone` as it is kept and compared: digits with the country's code, Russian numbers as 7XXXXXXXXXX; null where it is no number. */
export function foldedPhone(phone: string): string | null {
  const digits = phone.replace(/\D/g, '')
  if (digits.length === 10) return `7${digits}`
  if (digits.length === 11 && digits.startsWith('8')) return `7${digits.slice(1)}`
  return digits.length >= 11 && digits.length <= 15 ? digits : null
}
