import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDiskStore } from '../../src/files/disk.ts'
import { fileKindOf } from '../../src/files/kind.ts'
import type { FileStore } from '../../src/files/store.ts'
import { InputProblem } from '../../src/kernel/problem.ts'

let folder: string
let store: FileStore
const order = Buffer.from('Приказ № 17')
const sha256 = createHash('sha256').update(order).digest('hex')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sovet-files-'))
  store = await openDiskStore(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const leftovers = () => readdir(join(folder, 'incoming'))

describe('the file store', () => {
  it.each([
    ['bytes', () => order],
    ['a stream', () => Readable.from([order.subarray(0, 5), order.subarray(5)])],
  ])('keeps %s by their content, twice the same once', async (_, bytes) => {
    for (let n = 0; n < 2; n++)
      expect(await store.put(7, bytes())).toEqual({ ok: true, value: { sha256, size: order.length } })
    const kept = await store.open(7, sha256)
    expect(kept && (await buffer(kept)).equals(order)).toBe(true)
    expect(await leftovers()).toEqual([])
  })

  it('keeps municipalities apart', async () => {
    await store.put(7, order)
    expect([await store.has(7, sha256), await store.has(8, sha256), await store.open(8, sha256)]).toEqual([
      true,
      false,
      null,
    ])
    await store.remove(8, sha256)
    expect(await store.has(7, sha256)).toBe(true)
    await store.remove(7, sha256)
    expect(await store.has(7, sha256)).toBe(false)
  })

  it.each<[string, () => Readable | Buffer, object]>([
    ['a file that is too large', () => order, { code: 'too-big', most: 4 }],
    [
      'a stream that breaks',
      () =>
        Readable.from(
          (function* () {
            yield order.subarray(0, 2)
            throw new Error('the line broke')
          })(),
        ),
      { code: 'cut-short' },
    ],
  ])('refuses %s and leaves nothing behind', async (_, bytes, refusal) => {
    expect(await store.put(7, bytes(), { most: 4 })).toEqual({ ok: false, refusal })
    expect(await leftovers()).toEqual([])
    expect(await readdir(folder)).toEqual(['incoming'])
  })

  it('takes no name that leads elsewhere', async () => {
    await expect(store.open(7, '../../etc/passwd')).rejects.toThrow()
    await expect(store.remove(7, `${'a'.repeat(60)}/../x`)).rejects.toThrow()
  })

  it('clears away what a killed process left half done', async () => {
    const half = join(folder, 'incoming', 'half')
    await writeFile(half, 'x')
    await utimes(half, 1, 1)
    await openDiskStore(folder)
    expect(await leftovers()).toEqual([])
  })

  it('takes many first files of municipalities at once', async () => {
    const puts = Array.from({ length: 200 }, (_, n) => store.put(n % 20, Buffer.from(`файл ${n}`)))
    expect((await Promise.all(puts)).filter((put) => !put.ok)).toEqual([])
  })

  it('says in one line that nothing can be written', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    await chmod(file, 0o400)
    await expect(openDiskStore(join(file, 'x'))).rejects.toThrow(InputProblem)
    await expect(openDiskStore('/proc/sovet')).rejects.toThrow(InputProblem)
  })
})

describe('what a file is', () => {
  const ascii = (words: string) => Buffer.from(words, 'latin1')
  it.each<[string, Buffer, string | null, object]>([
    ['by its content', ascii('%PDF-1.7\n%'), 'фото.jpg', { mime: 'application/pdf', risky: false }],
    ['a program', ascii('MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff'), 'отчёт.pdf', { risky: true }],
    ['a program by its name', Buffer.from('echo'), 'отчёт.pdf.BAT', { risky: true }],
    ['macros by its name', ascii('PK\x03\x04'), 'план.docm', { risky: true }],
    ['a script', Buffer.from('#!/bin/sh\nrm'), null, { mime: 'text/plain', risky: true }],
    ['a page', Buffer.from('  <!DOCTYPE html><p>'), null, { risky: true }],
    ['words', Buffer.from('План работы'), 'план.txt', { mime: 'text/plain', risky: false }],
    ['nothing known', Buffer.from([0, 1, 2, 3, 0]), null, { mime: 'application/octet-stream', risky: false }],
    ['nothing at all', Buffer.alloc(0), null, { mime: 'text/plain', risky: false }],
  ])('%s', async (_, bytes, name, expected) => {
    expect(await fileKindOf(bytes, name)).toMatchObject(expected)
  })
})
