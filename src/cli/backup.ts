import { join, resolve } from 'node:path'
import { backUp, type Manifest, restore } from '../db/backup.ts'
import { Temporal } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import type { Command } from './main.ts'
import { withProduct } from './open-product.ts'
import { print, readCall } from './options.ts'

const USAGE = 'Usage: sovet backup FOLDER [--json] · sovet restore FOLDER [--json]'

/** `sovet backup FOLDER`: the database and the evidence into a new folder, while the program runs. */
export const backupCommand: Command = {
  summary: 'the database and the evidence into a new folder',
  run: (args) =>
    withFolder(args, async (folder, product) =>
      backUp(product.database, join(product.config.dataDir, 'files'), folder, Temporal.Now.instant().toString()),
    ),
}

/** `sovet restore FOLDER`: a backup into an empty database and file store. */
export const restoreCommand: Command = {
  summary: 'a backup into an empty database',
  run: (args) =>
    withFolder(args, async (folder, product) =>
      restore(product.database, join(product.config.dataDir, 'files'), folder),
    ),
}

type Product = Parameters<Parameters<typeof withProduct>[0]>[0]

async function withFolder(
  args: string[],
  work: (folder: string, product: Product) => Promise<Manifest>,
): Promise<number> {
  const { values, positionals } = readCall(args, { json: { type: 'boolean' } }, USAGE)
  const [folder, ...more] = positionals
  if (!folder || more.length > 0) throw new InputProblem(USAGE)
  const manifest = await withProduct((product) => work(resolve(folder), product))
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  print(
    values.json,
    { folder: resolve(folder), tables: manifest.tables.length, rows },
    `${resolve(folder)}: ${manifest.tables.length} tables, ${rows} rows, and the evidence`,
  )
  return 0
}
