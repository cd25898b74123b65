import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const PROJECT = join(import.meta.dirname, '../..')
const YEAR_2023 = ['--from', '2023-01-01', '--to', '2023-12-31']

type Outcome = { status: number | null; stdout: string; stderr: string }

/** Runs `sovet deadline` with `words`, and `input` on its standard input. */
function sovetDeadline(words: string[], input = ''): Promise<Outcome> {
  const child = spawn(process.execPath, [join(PROJECT, 'src/cli/main.ts'), 'deadline', ...words], { cwd: PROJECT })
  const outcome: Outcome = { status: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (outcome.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (outcome.stderr += text))
  child.stdin.end(input)
  return new Promise((resolve) => child.on('close', (status) => resolve({ ...outcome, status })))
}

describe('sovet deadline', () => {
  it('prints one schedule as JSON', async () => {
    const { status, stdout, stderr } = await sovetDeadline(['до мая 2023 года', ...YEAR_2023, '--json'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toBe('{"kind":"fixed","windows":[{"from":"2023-01-01","due":"2023-04-30"}],"ambiguous":true}\n')
  })

  it('prints a line for people', async () => {
    expect((await sovetDeadline(['до мая 2023 года', ...YEAR_2023])).stdout).toBe('до 30 апреля 2023 г. — уточните\n')
  })

  it('takes the period from the years of the phrase where none is given', async () => {
    expect((await sovetDeadline(['до 1 мая 2021', '--json'])).stdout).toContain(
      '"from":"2021-01-01","due":"2021-05-01"',
    )
  })

  it('answers each line by one line, empty ones and strange ones too', async () => {
    const lines = ['март', '', '   ', 'постоянно\r', 'апрель\u2028май', 'x'.repeat(100_000), '«»"\\', 'июнь']
    const { stdout } = await sovetDeadline(['--stdin', ...YEAR_2023, '--json'], lines.join('\n'))
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).kind)
    expect(answers).toEqual([
      'fixed',
      'unspecified',
      'unspecified',
      'ongoing',
      'fixed',
      'unspecified',
      'unspecified',
      'fixed',
    ])
  })

  it('answers thousands of lines in one process', async () => {
    const { stdout } = await sovetDeadline(['--stdin', ...YEAR_2023, '--json'], '1 раз в квартал\n'.repeat(5000))
    expect(stdout.split('\n')).toHaveLength(5001)
  })

  it.each`
    words                                                     | says
    ${[]}                                                     | ${'either a phrase or --stdin'}
    ${['март', '--stdin']}                                    | ${'either a phrase or --stdin'}
    ${['март', 'апрель']}                                     | ${'one phrase expected, found 2'}
    ${['март', '--from', '2023-01-01']}                       | ${'--from and --to belong together'}
    ${['март', '--from', '2023-02-30', '--to', '2023-12-31']} | ${'--from must be a day as YYYY-MM-DD, found «2023-02-30»'}
    ${['март', '--from', '2024-01-01', '--to', '2023-12-31']} | ${'--from 2024-01-01 is later than --to 2023-12-31'}
    ${['март', '--from', '1000-01-01', '--to', '2023-12-31']} | ${'longer than 30 years'}
    ${['март', '--form', '2023-01-01']}                       | ${"Unknown option '--form'"}
  `('refuses $words with one line, status 2 and no output', async ({ words, says }) => {
    const { status, stdout, stderr } = await sovetDeadline(words)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain(says)
  })
})
