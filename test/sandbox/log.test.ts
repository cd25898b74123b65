import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Change, openLog, readChanges } from '../../src/sandbox/log.ts'

describe('the log of changes', () => {
  let folder: string
  let file: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sovet-sandbox-'))
    file = join(folder, 'chats.jsonl')
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const confirmed = (updateId: number): Change => ({ is: 'confirmed', updateId })

  it('is there again line by line', () => {
    expect(readChanges(file)).toEqual([])
    const log = openLog(file, () => [confirmed(1)])
    log.append(confirmed(2))
    expect(readChanges(file)).toEqual([confirmed(1), confirmed(2)])
    log.close()
  })

  it('is made short again after many lines, with the state of that moment', async () => {
    let state = [confirmed(0)]
    const log = openLog(file, () => state, 3)
    state = [confirmed(100)]
    for (const id of [1, 2, 3, 4]) log.append(confirmed(id))
    log.close()
    expect(readChanges(file)).toEqual([confirmed(100), confirmed(4)])
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3)
  })
})
