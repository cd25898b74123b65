import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDiskStore } from '../../src/files/disk.ts'
import { type SmallDisk, smallDisk } from '../support/full-disk.ts'
import { aPhoto, cleanSlate, givenReminded, givenTasks, openStage, type Stage, stateOf } from '../support/stage.ts'

let stage: Stage
let disk: SmallDisk | null = null
beforeAll(async () => {
  stage = await openStage('2026-03-02T05:00:00Z')
})
afterAll(() => stage.close())
beforeEach(() => cleanSlate(stage))
afterEach(() => {
  disk?.free()
  disk = null
})

const council = { title: 'Провести педагогический совет', dueOn: '2026-03-05', needsEvidence: true }
const store = () => join(stage.app.engine.config.dataDir, 'files')
const leftovers = (folder: string) => readdir(join(folder, 'incoming'))

/** Lets jobs that wait out a failure be due at once, until `until` is so. */
async function hurried(until: () => Promise<unknown>): Promise<void> {
  const { sql } = stage.app.engine.database
  const hurry = setInterval(
    () => sql`update pgboss.job set start_after = now() where state = 'retry'`.catch(() => {}),
    50,
  )
  await until().finally(() => clearInterval(hurry))
}

/** Fills up the disk under `folder`, or skips the test with a word. */
function fill(context: { skip(why: string): never }, folder: string, kilobytes: number): void {
  disk = smallDisk(folder, kilobytes, ['incoming'])
  if (!disk) context.skip('neither a file system can be mounted here nor the size of files limited')
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const LITTLE = 50 * 2 ** 20

describe('F21: a full disk', () => {
  it('while evidence is fetched: a clear word, the task not marked, nothing left behind, and the rest goes on', async (context) => {
    const [id] = await givenTasks(stage, [council])
    await givenReminded(stage, [id!])
    fill(context, store(), 200)
    await stage.head.sendDocument(Buffer.alloc(2_000_000, 7), 'протокол.pdf')
    await hurried(() => stage.head.waitFor('Не смог сохранить файл «протокол.pdf»', 60_000))
    await stage.settled()
    expect(await stateOf(stage, id)).not.toBe('reported')
    expect(await leftovers(store())).toEqual([])
    await stage.head.send('/tasks')
    await stage.head.waitFor('Мои задачи')

    disk?.free()
    disk = null
    await stage.head.sendDocument(Buffer.alloc(2_000_000, 8), 'протокол.pdf')
    await stage.head.tap(await stage.head.waitFor('Получил: 1 файл', 60_000), 'Это всё')
    await stage.head.waitFor(/Принято № \d+: 1 файл/)
    expect(await stateOf(stage, id)).toBe('reported')
  })

  it('in the store: a refusal, and room again for what is smaller', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'sovet-full-'))
    fill(context, folder, 200)
    const files = await openDiskStore(folder)
    expect(await files.put(1, Buffer.alloc(1_000_000))).toEqual({ ok: false, refusal: { code: 'no-room' } })
    expect(await leftovers(folder)).toEqual([])
    expect(await files.put(1, Buffer.from('протокол'))).toMatchObject({ ok: true })
    disk?.free()
    disk = null
    await rm(folder, { recursive: true, force: true })
  })

  it('while something is exported: one line, no half a file, and what was there before stays', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'sovet-full-'))
    disk = smallDisk(folder, 8, [])
    if (disk?.how !== 'a file system of its own') context.skip('no file system can be mounted here')
    await writeFile(join(folder, 'old.xlsx'), 'прежний')
    const { status, error } = await exportTo(join(folder, 'old.xlsx'))
    expect([status, error]).toEqual([2, expect.stringMatching(/^--out: .* cannot be written \(ENOSPC\)\n$/)])
    expect(await readdir(folder)).toEqual(['old.xlsx'])
    disk?.free()
    disk = null
    await rm(folder, { recursive: true, force: true })
  })
})

function exportTo(out: string): Promise<{ status: number; error: string }> {
  const { config, database } = stage.app.engine
  const { options } = database.sql
  const url = `postgres://${options.user}:${options.pass}@${options.host[0]}:${options.port[0]}/${options.database}`
  const env = { PATH: process.env.PATH, DATABASE_URL: url, DATA_DIR: config.dataDir }
  const args = ['src/cli/main.ts', 'export', 'municipality', 'Заречный район', '--out', out]
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (problem, _, error) =>
      resolve({ status: problem ? Number(problem.code) : 0, error }),
    )
  })
}

describe('F22: large files', () => {
  it('ten of 20 MB at once are kept with little memory, one after the other', async () => {
    const [id] = await givenTasks(stage, [council])
    await givenReminded(stage, [id!])
    const bytes = Buffer.alloc(20 * 2 ** 20, 3)
    collectGarbage()
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    const held = () => process.memoryUsage().arrayBuffers - before
    const watch = setInterval(() => {
      // What is held counts, not what has not been collected yet: the second time waits for what the first gives back beside the program.
      for (let times = 0; times < 2 && held() > LITTLE; times++) collectGarbage()
      most = Math.max(most, held())
    }, 5)
    const part = (n: number) => ({ kind: 'document' as const, bytes, name: `часть ${n}.pdf` })
    await stage.head.sendAlbum(Array.from({ length: 10 }, (_, n) => part(n)))
    await stage.head.tap(await stage.head.waitFor('Получил: 10 файлов', 120_000), 'Это всё')
    await stage.head.waitFor(/Принято № \d+: 10 файлов/, 60_000)
    clearInterval(watch)
    expect(await stateOf(stage, id)).toBe('reported')
    expect(await leftovers(store())).toEqual([])
    expect(most).toBeLessThan(LITTLE) // the files have 200 MB
  }, 180_000)

  it('whose address ran out is asked for anew', async () => {
    const [id] = await givenTasks(stage, [council])
    await givenReminded(stage, [id!])
    stage.sandbox.faults.next(404, 'gone', { method: 'download' })
    stage.sandbox.calls.clear()
    await stage.head.sendPhoto(await aPhoto(7))
    await stage.head.waitFor('Получил: 1 файл', 30_000)
    expect(stage.sandbox.calls.all('getFile')).toHaveLength(2)
  })
})
