// Run by `npm run lock` after the dependencies changed. It gives each package of package-lock.json the address that npm derives from its name and version, at no host in particular:
// .npmrc says that the configured registry takes its place. Without an address npm asks the registry for the whole history of every package, and an install takes ten times as long.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
for (const [path, entry] of Object.entries(lock.packages)) {
  if (!entry.integrity) continue
  const { name = path.split('node_modules/').at(-1), version, resolved: _, ...rest } = entry
  const resolved = `https://registry/${name}/-/${name.split('/').at(-1)}-${version}.tgz`
  lock.packages[path] = { ...(entry.name ? { name } : {}), version, resolved, ...rest }
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
