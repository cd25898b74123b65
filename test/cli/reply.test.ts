import { spawn } from 'node:child_process'
import { describe, expect, it } from 'vitest'

type Run = { status: number | null; out: string; err: string }

function sovet(args: string[], input = ''): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['src/cli/main.ts', 'reply', ...args])
    const run: Run = { status: null, out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      run.out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      run.err += text
    })
    child.on('error', reject)
    child.on('close', (status) => resolve({ ...run, status }))
    child.stdin.end(input)
  })
}

const TODAY = ['--today', '2026-03-18']

describe('sovet reply', () => {
  it('prints one object of JSON', async () => {
    const { status, out, err } = await sovet(['сделали 12 марта, были 24 педагога', ...TODAY, '--json'])
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(JSON.parse(out)).toEqual({
      parts: [{ tasks: [], intent: 'done', date: '2026-03-12', postponeTo: null, reason: null }],
      numbers: [{ value: 24, of: 'педагога' }],
      links: [],
    })
  })

  it('takes the number of tasks, a lone dash and words that begin with one', async () => {
    const excepted = await sovet(['все, кроме 2', '--tasks', '3', ...TODAY, '--json'])
    expect(JSON.parse(excepted.out).parts).toMatchObject([{ tasks: [1, 3], intent: 'done' }])
    for (const words of ['-', '- не готово', '']) {
      const { status, out } = await sovet([words, ...TODAY, '--json'])
      expect([status, JSON.parse(out).parts[0].intent]).toEqual([0, 'unclear'])
    }
  })

  it('answers a line for each line read, whatever it holds', async () => {
    const lines = ['готово', '', '   ', '\u2028готово\u2028', '{"a":1}', '\u0000', 'не готово\r', '👍']
    const { status, out } = await sovet(['--stdin', ...TODAY], lines.join('\n'))
    const read = out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).parts[0].intent)
    expect([status, read]).toEqual([0, ['done', 'unclear', 'unclear', 'done', 'unclear', 'unclear', 'unclear', 'done']])
    expect((await sovet(['--stdin', ...TODAY], '')).out).toBe('')
    expect((await sovet(['--stdin', ...TODAY], '\n')).out.split('\n')).toHaveLength(2)
  })

  it('tells people in Russian without --json', async () => {
    const { out } = await sovet(['1 готово, 2 перенесите на 20 апреля: заболел учитель, 5 педагогов', ...TODAY])
    expect(out).toContain('Задачи 1: выполнено')
    expect(out).toContain('20 апреля 2026')
    expect(out).toContain('5 педагогов')
  })

  it.each([
    [[], 'no words'],
    [['готово', '--stdin'], '--stdin takes no words'],
    [['готово', '--today', '2026-02-30'], '2026-02-30'],
    [['готово', '--today', 'вчера'], 'вчера'],
    [['готово', '--tasks', '0'], '--tasks'],
    [['готово', '--tasks', 'три'], '--tasks'],
    [['готово', '--nonsense'], '--nonsense'],
    [['готово', '--today'], '--today'],
  ])('a bad call %j is one line and status 2', async (args, named) => {
    const { status, out, err } = await sovet(args)
    expect([status, out]).toEqual([2, ''])
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect(err).toContain(named)
  })
})
