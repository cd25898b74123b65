import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp } from '../../src/app.ts'
import { openLog } from '../../src/log.ts'
import { product } from '../../src/product.ts'
import { freshDatabase } from '../support/database.ts'
import { settings } from '../support/engine.ts'
import { type Outcome, sovet } from '../support/sovet.ts'
import { openStage, type Stage } from '../support/stage.ts'

let stage: Stage
let folder: string
let here: NodeJS.ProcessEnv

beforeAll(async () => {
  stage = await openStage('2026-03-02T06:00:00Z')
  folder = await mkdtemp(join(tmpdir(), 'sovet-cli-backup-'))
  const { databaseUrl, dataDir } = stage.app.engine.config
  here = { HOME: folder, DATABASE_URL: databaseUrl!, DATA_DIR: dataDir }
})
afterAll(async () => {
  await stage.close()
  await rm(folder, { recursive: true, force: true })
})

describe('sovet backup and restore', () => {
  it('while the program runs, and whoever was in the middle of a talk goes on where they were', async () => {
    const { head, app, sandbox } = stage
    await head.send('Кто платит за саженцы и перчатки в школьном лесничестве?')
    const none = await head.waitFor('Готового ответа не нашёл')
    await head.tap(none, 'Спросить совет')
    const draft = await head.waitFor('Отправлю совету')
    await stage.settled()

    const copy = join(folder, 'copy')
    const backedUp = await sovet(['backup', copy, '--json'], here)
    expect(backedUp).toMatchObject({ status: 0, error: '' })
    expect(JSON.parse(backedUp.out)).toMatchObject({ folder: copy, lost: 0 })
    await app.close()

    const there = { HOME: folder, DATABASE_URL: await freshDatabase(), DATA_DIR: join(folder, 'new') }
    expect(await sovet(['restore', copy], there)).toMatchObject({ status: 0, error: '' })
    const again = await startApp({
      config: (
        await settings({
          databaseUrl: there.DATABASE_URL,
          token: sandbox.token,
          apiRoot: sandbox.apiRoot,
          more: { DATA_DIR: there.DATA_DIR },
        })
      ).config,
      features: product,
      log: openLog('silent'),
      upstreamIdle: () => sandbox.pendingUpdates === 0,
    })
    await head.tap(draft, 'Отправить')
    await head.waitFor('Ваш вопрос №')
    await again.settle()
    const asked = await again.engine.database.sql<
      { words: string }[]
    >`select words from questions where state = 'asked'`
    expect(asked).toEqual([{ words: expect.stringContaining('школьном лесничестве') }])
    await again.close()
  })

  it('refuse in one line what they cannot do', async () => {
    const copy = join(folder, 'copy')
    expect(await sovet(['backup', copy], here)).toMatchObject({
      status: 2,
      error: `${copy} is not empty: name a new folder\n`,
    })
    expect(await sovet(['restore', copy], here)).toMatchObject({
      status: 2,
      error: 'The database is not empty: restore into a new one\n',
    })
    expect(await sovet(['restore', folder], here)).toMatchObject({
      status: 2,
      error: expect.stringMatching(/^[^\n]*manifest\.json[^\n]*\n$/),
    })
  })

  it('leave nothing behind where the disk does not take it', async () => {
    const copy = join(folder, 'too-much')
    const outcome = await limited(1, ['backup', copy])
    expect(outcome).toMatchObject({ status: 2, error: expect.stringMatching(/^[^\n]*nothing was left there\n$/) })
    expect(await readdir(copy)).toEqual([])
  })
})

/** `sovet` that may write no file above so many blocks of 512 bytes: the system refuses it, as it does on a full disk. */
function limited(blocks: number, args: string[]): Promise<Outcome> {
  const command = `ulimit -f ${blocks}; exec "$0" src/cli/main.ts "$@"`
  return new Promise((resolve) => {
    execFile(
      '/bin/sh',
      ['-c', command, process.execPath, ...args],
      { env: { PATH: process.env.PATH, ...here } },
      (problem, out, error) => resolve({ status: problem ? Number(problem.code) : 0, out, error, seconds: 0 }),
    )
  })
}
