import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'

/** Where Chromium is on this machine; undefined where it is not: browser tests are then skipped, and it is said. */
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
if (!CHROMIUM) console.warn('No Chromium on this machine: the tests in the browser are skipped')

/** A page that one test after another opens something else in stays in one process: a new one is the most expensive part of a test. */
const ONE_PROCESS = ['--renderer-process-limit=1', '--disable-back-forward-cache']
const QUIET = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Only what hangs is to end by this; milliseconds. */
const LONGEST_MS = 300_000

/** Starts Chromium without a screen; the test closes it. Only where CHROMIUM is found. */
export function openBrowser(): Promise<Browser> {
  const args = ['--headless', '--no-sandbox', '--disable-gpu', ...QUIET, ...ONE_PROCESS]
  return chromium.launch({ executablePath: CHROMIUM ?? '', args, timeout: LONGEST_MS })
}

/** A window of its own storage, which waits as long as a busy machine may need. */
export async function openWindow(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const window = await browser.newContext(options)
  window.setDefaultTimeout(LONGEST_MS)
  return window
}
