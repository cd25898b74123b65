import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plans } from '../roadmaps/reading/plans.ts'

type Outcome = { status: number; stdout: string; stderr: string }

/** Runs `sovet` as a person does, in a process of its own. */
async function sovet(...words: string[]): Promise<Outcome> {
  const run = promisify(execFile)
  const main = new URL('../../src/cli/main.ts', import.meta.url).pathname
  try {
    return { status: 0, ...(await run(process.execPath, [main, ...words], { maxBuffer: 10_000_000 })) }
  } catch (problem) {
    const { code, stdout, stderr } = problem as { code: number; stdout: string; stderr: string }
    return { status: code, stdout, stderr }
  }
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sovet-cli-'))
  await writeFile(join(folder, 'plan.docx'), plans[4]?.bytes() ?? '')
  await writeFile(join(folder, 'letter.txt'), 'Добрый день!')
  await writeFile(join(folder, 'broken.docx'), 'PK\u0003\u0004 broken')
})
afterAll(() => rm(folder, { recursive: true }))

describe('sovet roadmap parse', () => {
  it('prints one JSON object of the agreed shape', async () => {
    const { status, stdout, stderr } = await sovet('roadmap', 'parse', join(folder, 'plan.docx'), '--json')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const roadmap = JSON.parse(stdout)
    expect(Object.keys(roadmap)).toEqual(['title', 'period', 'activities'])
    expect(roadmap.period).toEqual({ from: '2024-09-01', to: '2025-08-31' })
    expect(roadmap.activities[0]).toEqual({
      number: '1.1',
      section: 'Подготовительный этап',
      title: 'Круглый стол с директорами школ',
      deadlineText: 'сентябрь',
      schedule: { kind: 'fixed', windows: [{ from: '2024-09-01', due: '2024-09-30' }], ambiguous: false },
      responsibleText: 'Отдел образования',
      executors: ['municipal'],
      expectedResult: 'Протокол',
      parent: null,
      warnings: [],
    })
  })

  it('takes the period that it is given', async () => {
    const { stdout } = await sovet(
      'roadmap',
      'parse',
      join(folder, 'plan.docx'),
      '--json',
      '--from',
      '2030-09-01',
      '--to',
      '2031-08-31',
    )
    expect(JSON.parse(stdout).activities[0].schedule.windows).toEqual([{ from: '2030-09-01', due: '2030-09-30' }])
  })

  it('shows a table for people, doubtful rows marked, with a summary', async () => {
    const { stdout } = await sovet('roadmap', 'parse', join(folder, 'plan.docx'))
    expect(stdout).toContain('Период: 01.09.24 – 31.08.25')
    expect(stdout).toMatch(/^\? {2}2\.4 /m)
    expect(stdout).toMatch(/^ {3}1\.1 .*Круглый стол/m)
    expect(stdout).toContain('Прочитано: 9 мероприятий, 2 раздела. Стоит проверить: 1 строка (отмечены знаком «?»).')
  })

  it.each([
    ['a document without a plan', ['parse', 'letter.txt'], 'нет таблицы с мероприятиями'],
    ['a broken file', ['parse', 'broken.docx'], 'обрывается'],
    ['a file that is not there', ['parse', 'nothing.docx'], 'такого файла нет'],
    ['a folder', ['parse', '.'], 'это папка'],
    ['no file', ['parse'], 'нужен один файл'],
    ['two files', ['parse', 'plan.docx', 'letter.txt'], 'нужен один файл'],
    ['an unknown option', ['parse', 'plan.docx', '--yaml'], '--yaml'],
    ['a day that does not exist', ['parse', 'plan.docx', '--from', '2024-02-30', '--to', '2024-12-31'], '2024-02-30'],
    ['half a period', ['parse', 'plan.docx', '--from', '2024-02-01'], '--to'],
    [
      'a period that ends before it begins',
      ['parse', 'plan.docx', '--from', '2024-02-01', '--to', '2024-01-01'],
      'позже',
    ],
    ['an unknown action', ['read', 'plan.docx'], 'нет действия'],
  ])('%s: one line on standard error, status 2, nothing on standard output', async (_, words, said) => {
    const files = words.map((word) => (/^\.$|\.(docx|txt)$/.test(word) ? join(folder, word) : word))
    const { status, stdout, stderr } = await sovet('roadmap', ...files)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(said)])
  })
})
