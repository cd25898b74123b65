import { createHash, randomBytes } from 'node:crypto'
import type { Instant } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import type { Invite } from './people.ts'

/** Days for which an invite is good. */
export const INVITE_DAYS = 14
/** Wrong tokens within so many minutes after which an account waits; after so many of all accounts together each of them has one try instead of five. */
export const WRONG_TOKENS = { perAccount: 5, overall: 300, perAccountWhenBraked: 1, minutes: 15 } as const

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

/**
 * Whether an account may try a token, given the wrong ones of the last `WRONG_TOKENS.minutes`. The brake never locks out whoever has not yet
 * tried a wrong one: an attack does not keep invited people away.
 */
export function mayTryToken(wrong: { ofAccount: number; overall: number }): boolean {
  const braked = wrong.overall >= WRONG_TOKENS.overall
  return wrong.ofAccount < (braked ? WRONG_TOKENS.perAccountWhenBraked : WRONG_TOKENS.perAccount)
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
