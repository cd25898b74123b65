import { join, resolve } from 'node:path'
import { backUp, type Manifest, restore } from '../db/backup.ts'
import { openDiskStore } from '../files/disk.ts'
import { makeJobTables } from '../jobs/queues.ts'
import { Temporal } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import type { Command } from './main.ts'
import { type Product, withProduct } from './open-product.ts'
import { print, readCall } from './options.ts'

const USAGE = 'Usage: sovet backup FOLDER [--json] · sovet restore FOLDER [--json]'

/** `sovet backup FOLDER`: the database and the files into a new folder, while the program runs. */
export const backupCommand: Command = {
  summary: 'the database and the files into a new folder',
  run: (args) =>
    withFolder(args, async (folder, { database, config }) =>
      backUp(database, await openDiskStore(join(config.dataDir, 'files')), folder, Temporal.Now.instant().toString()),
    ),
}

/** `sovet restore FOLDER`: a backup into an empty database and file store. */
export const restoreCommand: Command = {
  summary: 'a backup into an empty database',
  run: (args) =>
    withFolder(args, async (folder, { database, config, url }) =>
      restore(database, await openDiskStore(join(config.dataDir, 'files')), folder, () => makeJobTables(url)),
    ),
}

async function withFolder(
  args: string[],
  work: (folder: string, product: Product) => Promise<Manifest>,
): Promise<number> {
  const { values, positionals } = readCall(args, { json: { type: 'boolean' } }, USAGE)
  const [typed, ...more] = positionals
  if (!typed || more.length > 0) throw new InputProblem(USAGE)
  const folder = resolve(typed)
  const { tables, files, lost } = await withProduct((product) => work(folder, product))
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const words = [
    `${folder}: ${tables.length} tables, ${rows} rows, ${files.length} files`,
    ...(lost > 0 ? [`${lost} files that rows name were not in the store, or were damaged there: they are lost`] : []),
  ]
  print(values.json, { folder, tables: tables.length, rows, files: files.length, lost }, words.join('\n'))
  return 0
}
