import { parseArgs } from 'node:util'
import type { Bench, Figure } from './figure.ts'
import { type Measured, writeFigures } from './write-figures.ts'

/** Each bench is loaded only when it runs. Its name is what `--only` takes. */
const benches: Record<string, () => Promise<Bench>> = {
  webhook: async () => (await import('./webhook.ts')).webhookBench,
  broadcast: async () => (await import('./broadcast.ts')).broadcastBench,
  fairness: async () => (await import('./fairness.ts')).fairnessBench,
  country: async () => (await import('./country.ts')).countryBench,
  soak: async () => (await import('./soak.ts')).soakBench,
  kills: async () => (await import('./kills.ts')).killsBench,
  'odd-updates': async () => (await import('./odd-updates.ts')).oddUpdatesBench,
  'faq-search': async () => (await import('./faq-search.ts')).faqSearchBench,
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    explain: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  process.stdout.write(
    `npm run bench -- [--only NAME]… [--quick] [--explain] [--write] [--json]\nNames: ${Object.keys(benches).join(', ')}\n`,
  )
  process.exit(0)
}

const names = values.only ?? Object.keys(benches)
const unknown = names.filter((name) => !(name in benches))
if (unknown.length > 0) {
  process.stderr.write(`No such bench: ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}\n`)
  process.exit(2)
}

const measured: Measured[] = []
for (const name of names) {
  const bench = await benches[name]!()
  if (!values.json) process.stdout.write(`${bench.title}\n`)
  const figures = await bench.run({ quick: values.quick, explain: values.explain })
  measured.push({ title: bench.title, figures })
  if (!values.json) for (const figure of figures) process.stdout.write(`${line(figure)}\n`)
  if (values.write) await writeFigures({ title: bench.title, figures }, values.quick)
}
const figures = measured.flatMap((bench) => bench.figures)
if (values.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
process.exitCode = figures.every((figure) => figure.held !== false) ? 0 : 1

function line({ promise, what, value, goal, held }: Figure): string {
  const mark = held === undefined ? ' ' : held ? '✓' : '✗'
  return `  ${mark} ${promise.padEnd(4)} ${what}: ${value}${goal ? ` (goal ${goal})` : ''}`
}
