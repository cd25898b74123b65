import { Writable } from 'node:stream'
import postgres from 'postgres'
import { describe, expect, inject, it } from 'vitest'
import { openLog } from '../src/log.ts'

function lines(): { text: () => string; where: Writable } {
  let text = ''
  const where = new Writable({
    write: (chunk, _, done) => {
      text += chunk
      done()
    },
  })
  return { text: () => text, where }
}

describe('the log', () => {
  it('holds no words, names, phones or addresses, even where they are handed over', () => {
    const { text, where } = lines()
    openLog('info', where).info(
      {
        person: 5,
        phone: '+79001112233',
        incoming: { text: 'Ветрова', displayName: 'Ветрова' },
        url: 'https://api/botTOKEN',
      },
      'handled',
    )
    expect(text()).toContain('"person":5')
    for (const word of ['Ветрова', '+7900', 'TOKEN']) expect(text()).not.toContain(word)
  })

  it('tells of a failure where it was, not whom it was about', async () => {
    const { text, where } = lines()
    const sql = postgres(inject('postgresUrl'), { max: 1 })
    const error = await sql`select ${'Ветрова +79001112233'}::text::int`.catch((failure: unknown) => failure)
    await sql.end()
    openLog('info', where).error({ error }, 'a job failed')
    expect(text()).toContain('22P02')
    expect(text()).not.toContain('Ветрова')
  })
})
