import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { InputProblem } from '../src/kernel/problem.ts'

const problemOf = (env: NodeJS.ProcessEnv): string => {
  try {
    readConfig(env)
  } catch (problem) {
    if (problem instanceof InputProblem) return problem.message
    throw problem
  }
  throw new Error('the settings were taken')
}

describe('the settings', () => {
  it('need nothing to be set', () => {
    expect(readConfig({})).toMatchObject({
      botToken: null,
      port: 8080,
      host: '127.0.0.1',
      telegramRate: 30,
      defaultLocale: 'ru',
    })
  })

  it('take an empty value for one that is not set, and end PUBLIC_URL without a slash', () => {
    expect(readConfig({ BOT_TOKEN: ' ', PUBLIC_URL: 'https://sovet.example/' })).toMatchObject({
      botToken: null,
      publicUrl: 'https://sovet.example',
    })
  })

  it('cannot be changed later', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true)
  })

  it.each`
    name                   | value                    | because
    ${'BOT_TOKEN'}         | ${'12:short'}            | ${'a token has at least 30 signs'}
    ${'TELEGRAM_API_ROOT'} | ${'ftp://api'}           | ${'only http and https speak the Bot API'}
    ${'TELEGRAM_PROXY'}    | ${'socks4://proxy:1080'} | ${'socks4 cannot carry names'}
    ${'DATABASE_URL'}      | ${'mysql://db'}          | ${'only PostgreSQL'}
    ${'PUBLIC_URL'}        | ${'sovet.example'}       | ${'an address has a protocol'}
    ${'PORT'}              | ${'65536'}               | ${'the largest port is 65535'}
    ${'PORT'}              | ${'0x50'}                | ${'digits only'}
    ${'TELEGRAM_RATE'}     | ${'0'}                   | ${'nothing would ever be sent'}
    ${'TELEGRAM_RATE'}     | ${'1.5'}                 | ${'whole messages only'}
    ${'LOG_LEVEL'}         | ${'loud'}                | ${'not a level'}
    ${'DEFAULT_LOCALE'}    | ${'de'}                  | ${'no such words'}
    ${'WEBHOOK_SECRET'}    | ${'secret'}              | ${'at least 32 signs'}
  `('refuse $name=$value: $because', ({ name, value }) => {
    expect(problemOf({ [name]: value })).toContain(`${name}`)
  })

  it('name all that is wrong at once, and repeat no secret', () => {
    const message = problemOf({ BOT_TOKEN: '12:secret-part', PORT: 'x', DATABASE_URL: 'mysql://user:secret-part@db' })
    expect(message.split('\n')).toHaveLength(4)
    expect(message).not.toContain('secret-part')
  })
})

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sovet-secret-'))
  const path = join(folder, 'token')
  const token = `12:${'a'.repeat(35)}`
  writeFileSync(path, `${token}\n`)
  afterAll(() => rmSync(folder, { recursive: true }))

  it('is taken without the end of its line', () => {
    expect(readConfig({ BOT_TOKEN_FILE: path }).botToken).toBe(token)
  })

  it('is named where it cannot be read, is given twice, or holds something else, and never repeated', () => {
    expect(problemOf({ BOT_TOKEN_FILE: join(folder, 'none') })).toMatch(
      /BOT_TOKEN_FILE: .*none» cannot be read \(ENOENT\)/,
    )
    expect(problemOf({ BOT_TOKEN_FILE: path, BOT_TOKEN: token })).toMatch(/both set/)
    const wrong = problemOf({ WEBHOOK_SECRET_FILE: path, PORT: 'x' })
    expect(wrong).toMatch(/WEBHOOK_SECRET: expected/)
    expect(wrong).toMatch(/PORT is «x»/)
    expect(wrong).not.toContain(token)
  })
})
