// Run after every install, beside patch-package. Node reads the package.json of a library anew for each of its files that it loads. drizzle-orm's is 180 KB, nearly all of it a map
// of entry points for other databases, and it has hundreds of files: loading them took 230 MB and a second for nothing. Kept are the entry points that we import, and drizzle-kit's.
import { readFileSync, writeFileSync } from 'node:fs'

const ours = ['.', './pg-core', './postgres-js', './postgres-js/migrator', './sql']
const ofKit = ['./casing', './gel-core', './mysql-core', './relations', './singlestore-core', './sqlite-core', './version']
const file = new URL('../node_modules/drizzle-orm/package.json', import.meta.url)

const library = JSON.parse(readFileSync(file, 'utf8'))
const kept = [...ours, ...ofKit].map((name) => [name, library.exports[name]])
const missing = kept.filter(([, entry]) => entry === undefined).map(([name]) => name)
if (missing.length > 0) throw new Error(`drizzle-orm has no entry point ${missing.join(', ')} any more`)
library.exports = Object.fromEntries(kept)
writeFileSync(file, `${JSON.stringify(library, null, 2)}\n`)
