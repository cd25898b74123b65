import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import sharp from 'sharp'
import { readConfig } from '../src/config.ts'
import { openLog } from '../src/log.ts'
import { product } from '../src/product.ts'
import { type InSandbox, startInSandbox } from '../src/sandbox/in-sandbox.ts'
import { BEGINS_AT, type Camera, type Shot, tell } from './story.ts'

/** The pictures of the guides, taken from the sandbox while the story is told: `npx node docs/pictures.ts` (needs a Chromium). */
const PICTURES = join(import.meta.dirname, 'ru/pictures')
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const PHONE = { width: 400, height: 640 }
const SCALE = 1.5

async function main(): Promise<void> {
  mkdirSync(PICTURES, { recursive: true })
  for (const old of readdirSync(PICTURES)) rmSync(join(PICTURES, old))
  const folder = await mkdtemp(join(tmpdir(), 'sovet-pictures-'))
  const running = await begin(folder)
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  const page = await browser.newPage({ viewport: { width: 1480, height: 900 }, deviceScaleFactor: SCALE, bypassCSP: true })
  await page.goto(running.url)
  try {
    await tell(running, cameraOn(page))
  } finally {
    await browser.close()
    await running.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The sandbox with its clock set to the day on which the story begins. */
async function begin(folder: string): Promise<InSandbox> {
  const offsetMilliseconds = BEGINS_AT.epochMilliseconds - Date.now()
  mkdirSync(join(folder, 'sandbox'), { recursive: true })
  writeFileSync(join(folder, 'sandbox/clock.json'), JSON.stringify({ offsetMilliseconds }))
  return startInSandbox(readConfig({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error' }), product, openLog('error'))
}

function cameraOn(page: Page): Camera {
  return {
    async page(name) {
      await page.setViewportSize({ width: 1480, height: 900 })
      await page.locator('#intro').evaluate((intro) => intro.removeAttribute('open'))
      await drawn(page)
      await toTheEnd(page)
      await keep(name, await page.screenshot({ scale: 'css' }))
    },
    async phone(name, shot) {
      const people = await page.locator('.column').count()
      await page.setViewportSize({ width: (PHONE.width + 2) * people, height: 1100 })
      await keep(name, await phoneOf(page, shot))
    },
  }
}

/** The phone of one person, as high as what is to be seen. */
async function phoneOf(page: Page, { who, height = PHONE.height, menu = false }: Shot): Promise<Buffer> {
  const style = await page.addStyleTag({ content: `.intro,.away,.down{display:none!important}.column{flex:0 0 ${PHONE.width}px!important;height:${height}px!important}` })
  const phone = page.locator(`.column[aria-label="${who}"]`)
  const keyboard = phone.locator('.reply-keyboard')
  if (!menu) await keyboard.evaluateAll((found) => found.forEach((one) => one.classList.add('away')))
  await drawn(page)
  await toTheEnd(page)
  const bytes = await phone.screenshot()
  await keyboard.evaluateAll((found) => found.forEach((one) => one.classList.remove('away')))
  await style.evaluate((tag) => tag.parentNode?.removeChild(tag))
  return bytes
}

/** Every chat shows its last messages. */
async function toTheEnd(page: Page): Promise<void> {
  const scroll = () => page.locator('.messages').evaluateAll((lists) => lists.forEach((list) => list.scrollTo(0, list.scrollHeight)))
  await scroll()
  await drawn(page)
  await scroll()
}

/** The page draws what has just come, and toasts go. */
async function drawn(page: Page): Promise<void> {
  await page.waitForTimeout(400)
}

async function keep(name: string, bytes: Buffer): Promise<void> {
  await sharp(bytes).png({ palette: true, colours: 128, effort: 8 }).toFile(join(PICTURES, `${name}.png`))
}

await main()
