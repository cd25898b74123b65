import { ok, type Result, refuse } from '../kernel/result.ts'
import type { Language } from './dates-in-words.ts'

/** The eleven time zones of Russia from west to east, for buttons: the IANA name, and what people call it. */
export const russianZones = [
  { zone: 'Europe/Kaliningrad', ru: 'Калининград (МСК−1)', en: 'Kaliningrad (MSK−1)' },
  { zone: 'Europe/Moscow', ru: 'Москва (МСК)', en: 'Moscow (MSK)' },
  { zone: 'Europe/Samara', ru: 'Самара (МСК+1)', en: 'Samara (MSK+1)' },
  { zone: 'Asia/Yekaterinburg', ru: 'Екатеринбург (МСК+2)', en: 'Yekaterinburg (MSK+2)' },
  { zone: 'Asia/Omsk', ru: 'Омск (МСК+3)', en: 'Omsk (MSK+3)' },
  { zone: 'Asia/Krasnoyarsk', ru: 'Красноярск (МСК+4)', en: 'Krasnoyarsk (MSK+4)' },
  { zone: 'Asia/Irkutsk', ru: 'Иркутск (МСК+5)', en: 'Irkutsk (MSK+5)' },
  { zone: 'Asia/Yakutsk', ru: 'Якутск (МСК+6)', en: 'Yakutsk (MSK+6)' },
  { zone: 'Asia/Vladivostok', ru: 'Владивосток (МСК+7)', en: 'Vladivostok (MSK+7)' },
  { zone: 'Asia/Magadan', ru: 'Магадан (МСК+8)', en: 'Magadan (MSK+8)' },
  { zone: 'Asia/Kamchatka', ru: 'Камчатка (МСК+9)', en: 'Kamchatka (MSK+9)' },
] as const

export type UnknownZone = { code: 'unknown-zone'; found: string }

/**
 * `name` as a time zone that every part of the product understands: an IANA name in its proper spelling (`asia/omsk` becomes
 * `Asia/Omsk`). Zones outside the eleven, such as `Asia/Novosibirsk`, are welcome. A bare offset such as `+03:00` is refused: it does
 * not say what happens when the law changes the clocks.
 */
export function parseZone(name: string): Result<string, UnknownZone> {
  const zone = /^[+-]/.test(name.trim()) ? undefined : knownZone(name.trim())
  return zone === undefined ? refuse({ code: 'unknown-zone', found: name }) : ok(zone)
}

/** What `zone` is called on a screen: the label of one of the eleven, else its IANA name. */
export function zoneLabel(zone: string, language: Language): string {
  return russianZones.find((known) => known.zone === zone)?.[language] ?? zone
}

function knownZone(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
