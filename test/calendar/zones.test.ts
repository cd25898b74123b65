import { describe, expect, it } from 'vitest'
import { parseZone, russianZones, zoneLabel } from '../../src/calendar/zones.ts'
import { Temporal } from '../../src/kernel/clock.ts'

describe('the time zones of Russia', () => {
  it('are eleven', () => expect(russianZones).toHaveLength(11))

  it.each(russianZones)('$zone is called $ru, and that is its distance from Moscow', ({ zone, ru, en }) => {
    const now = Temporal.Instant.from('2026-11-23T00:00Z')
    const offset = (name: string) => now.toZonedDateTimeISO(name).offsetNanoseconds / 3.6e12
    const written = /МСК([+−]\d+)?\)/.exec(ru)?.[1]?.replace('−', '-') ?? '0'
    expect(offset(zone) - offset('Europe/Moscow')).toBe(Number(written))
    expect(zoneLabel(zone, 'ru')).toBe(ru)
    expect(zoneLabel(zone, 'en')).toBe(en)
    expect(parseZone(zone)).toEqual({ ok: true, value: zone })
  })

  it.each`
    name                  | zone
    ${'asia/omsk'}        | ${'Asia/Omsk'}
    ${' Europe/Moscow '}  | ${'Europe/Moscow'}
    ${'Asia/Novosibirsk'} | ${'Asia/Novosibirsk'}
  `('$name is understood as $zone', ({ name, zone }) => {
    expect(parseZone(name)).toEqual({ ok: true, value: zone })
  })

  it.each(['', 'Омск', 'MSK', '+03:00', '-3', 'Europe/Atlantis', '../etc/passwd', 'Asia/Omsk\0'])(
    '%j is refused',
    (found) => {
      expect(parseZone(found)).toEqual({ ok: false, refusal: { code: 'unknown-zone', found } })
    },
  )

  it('a zone outside the eleven is called by its name', () => {
    expect(zoneLabel('Asia/Novosibirsk', 'ru')).toBe('Asia/Novosibirsk')
  })
})
