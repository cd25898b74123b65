// Run after every install, beside patch-package. Node reads the package.json of a library anew for each of its files that it loads. drizzle-orm's is 180 KB, nearly all of it a map
// of entry points for other databases, and it has hundreds of files: without this, a process needs 230 MB and a second more for nothing. Kept are the entry points that we import.
import { readFileSync, writeFileSync } from 'node:fs'

const used = ['./package.json', '.', './version', './sql', './pg-core', './postgres-js', './postgres-js/migrator']
const file = new URL('../node_modules/drizzle-orm/package.json', import.meta.url)

const library = JSON.parse(readFileSync(file, 'utf8'))
library.exports = Object.fromEntries(used.map((name) => [name, library.exports[name]]))
writeFileSync(file, `${JSON.stringify(library, null, 2)}\n`)
