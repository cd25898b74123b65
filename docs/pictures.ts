import { mkdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { readConfig } from '../src/config.ts'
import { Temporal } from '../src/kernel/clock.ts'
import { openLog } from '../src/log.ts'
import { product } from '../src/product.ts'
import { exampleRoadmap } from '../src/sandbox/example/roadmap.ts'
import { type InSandbox, startInSandbox } from '../src/sandbox/in-sandbox.ts'

/** The pictures of the guides, taken from the sandbox while the story is played: `node docs/pictures.ts` (needs a Chromium). */
const PICTURES = join(import.meta.dirname, 'ru/pictures')
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

async function main(): Promise<void> {
  mkdirSync(PICTURES, { recursive: true })
  const folder = await mkdtemp(join(tmpdir(), 'sovet-pictures-'))
  const config = readConfig({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error' })
  const running = await startInSandbox(config, product, openLog('error'))
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  const page = await browser.newPage({ viewport: { width: 1480, height: 940 } })
  await page.goto(running.url)
  try {
    await play(running, (name) => take(page, name))
  } finally {
    await browser.close()
    await running.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function take(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(900) // the page draws what has just come
  await page.screenshot({ path: join(PICTURES, `${name}.png`) })
}

async function play({ app, sandbox }: InSandbox, picture: (name: string) => Promise<void>): Promise<void> {
  const coordinator = sandbox.as(1001)
  await picture('sandbox-start')
  const roadmap = exampleRoadmap(Temporal.Now.plainDateISO())
  await coordinator.sendDocument(Buffer.from(roadmap.bytes), roadmap.name)
  await app.settle()
  await picture('roadmap-read')
}

await main()
