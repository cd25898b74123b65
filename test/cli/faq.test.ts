import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/db/database.ts'
import { createMunicipality } from '../../src/db/people.ts'
import { writeXlsx } from '../../src/documents/faq-file.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { freshDatabase } from '../support/database.ts'

const folder = mkdtempSync(join(tmpdir(), 'sovet-faq-cli-'))

function aFile(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

type Run = { status: number | null; out: string; err: string }

/** Runs `sovet faq …`; `left` are the throw-away databases that it left. `interrupt` sends a signal at the first line of output. */
function faq(
  args: string[],
  { input = '', interrupt, env = {} }: { input?: string; interrupt?: NodeJS.Signals; env?: NodeJS.ProcessEnv } = {},
): Promise<Run & { left: string[] }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['src/cli/main.ts', 'faq', ...args], { env: { ...process.env, ...env } })
    const run = { out: '', err: '' }
    child.stdout.on('data', (chunk) => {
      run.out += chunk
      if (interrupt) child.kill(interrupt)
    })
    child.stderr.on('data', (chunk) => {
      run.err += chunk
    })
    child.on('close', (status) => resolve({ status, ...run, left: leftovers() }))
    child.stdin.write(input)
    if (!interrupt) child.stdin.end()
  })
}

const throwaways = () => readdirSync(tmpdir()).filter((name) => name.startsWith('sovet-throwaway-'))
const alreadyThere = new Set(throwaways())

/** Folders of throw-away databases that were made by these tests and are still there. */
function leftovers(): string[] {
  return throwaways().filter((name) => !alreadyThere.has(name))
}

const FAQ =
  'answer,question,id\nОт 7 рублей.,Сколько стоит проезд?,p-1\n"В кассе, до 20:00.",Где купить проездной билет?,007\n'

describe('sovet faq search --from FILE --stdin --json', () => {
  it('answers each line with one line, whatever it is', async () => {
    const lines = [
      'где купит билеты',
      '',
      '   ',
      '{"json": 1}',
      'а\u2028б',
      '\u0000',
      'как вырастить кактус',
      'x'.repeat(100_000),
      'цена проезда\r',
    ]
    const { status, out, err, left } = await faq(['search', '--from', aFile('faq.csv', FAQ), '--stdin', '--json'], {
      input: lines.join('\n'),
    })
    expect({ status, err, left }).toEqual({ status: 0, err: '', left: [] })
    const answers = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(answers).toHaveLength(lines.length)
    expect(answers[0]).toEqual({ answers: [{ id: '007', score: expect.any(Number) }], confident: true })
    expect(answers[6]).toEqual({ answers: [], confident: false })
    expect(answers[8].answers[0].id).toBe('p-1')
    for (const { answers: found } of answers) {
      expect(found.length).toBeLessThanOrEqual(5)
      for (const { score } of found) expect(score >= 0 && score <= 1).toBe(true)
    }
  })

  it('reads an .xlsx, and answers a question given as a word', async () => {
    const rows = [
      ['Вопрос', 'Ответ'],
      ['Сколько стоит проезд?', '7 рублей'],
    ]
    const { status, out } = await faq([
      'search',
      'проезд сколько стоит',
      '--from',
      aFile('faq.xlsx', await writeXlsx(rows, 'FAQ')),
      '--json',
    ])
    expect(status).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ answers: [{ id: '1' }], confident: true })
  })

  it('names rows that failed on standard error and answers from the others', async () => {
    const { status, out, err } = await faq([
      'search',
      'проезд',
      '--from',
      aFile('bad.csv', `${FAQ},Без ответа?,x\n`),
      '--json',
    ])
    expect({ status, err }).toEqual({ status: 0, err: 'строка 4, столбец answer: нет ответа\n' })
    expect(out.split('\n')).toHaveLength(2)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves nothing behind when it is ended by %s', async (interrupt) => {
    const { status, left } = await faq(['search', '--from', aFile('faq.csv', FAQ), '--stdin', '--json'], {
      input: 'проезд\n',
      interrupt,
    })
    expect(status).not.toBe(0)
    expect(left).toEqual([])
  })
})

describe('a bad call is one clear line, exit status 2, nothing on standard output', () => {
  it.each`
    args                                                                  | says
    ${['search', '--from', '/no/such/file.csv', '--stdin']}               | ${/cannot be read \(ENOENT\)/}
    ${['search', '--from', aFile('empty.csv', ''), '--stdin']}            | ${/нет столбца «question»/}
    ${['search', '--from', aFile('pk.csv', 'PK\u0003\u0004'), '--stdin']} | ${/pk\.csv: Книга повреждена\./}
    ${['search', '--from', 'a.csv']}                                      | ${/give one question, or --stdin/}
    ${['search', 'вопрос', '--stdin', '--from', 'a.csv']}                 | ${/give one question, or --stdin/}
    ${['найди']}                                                          | ${/expected search or import/}
    ${['search', '--what']}                                               | ${/--what/}
  `('$args', async ({ args, says }) => {
    const { status, out, err } = await faq(args)
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(err).toMatch(says)
    expect(err).not.toMatch(/at .*\.ts:\d/)
  })
})

describe("the product's own database", () => {
  it('takes a file for a municipality, and finds its answers there and nowhere else', async () => {
    const databaseUrl = await freshDatabase()
    const database = openDatabase(databaseUrl, { max: 1 })
    await database.asSystem(async (tx) => {
      for (const name of ['Заречный район', 'Дальний район'])
        await createMunicipality(tx, {
          name,
          timezone: 'Europe/Moscow',
          departmentName: 'Отдел',
          now: systemClock.now(),
        })
    })
    await database.close()
    const env = { DATABASE_URL: databaseUrl }
    const imported = await faq(['import', aFile('own.csv', FAQ), '--municipality', 'Заречный район'], { env })
    expect(imported).toMatchObject({ status: 0, out: 'новых: 2, изменено: 0, без изменений: 0, с ошибкой: 0\n' })
    const again = await faq(['import', aFile('own.csv', FAQ), '--municipality', 'Заречный район'], { env })
    expect(again.out).toBe('новых: 0, изменено: 0, без изменений: 2, с ошибкой: 0\n')
    const search = async (municipality: string) => {
      const { out } = await faq(['search', 'проезд сколько стоит', '--municipality', municipality, '--json'], { env })
      return JSON.parse(out).answers.map(({ id }: { id: string }) => id)
    }
    expect(await search('Заречный район')).toContain('007')
    expect(await search('2')).not.toContain('007')
    const unknown = await faq(['search', 'проезд', '--municipality', 'Ближний', '--json'], { env })
    expect(unknown).toMatchObject({ status: 2, out: '' })
    expect(unknown.err).toContain('1 «Заречный район», 2 «Дальний район»')
  })
})
