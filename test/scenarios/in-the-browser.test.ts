import { mkdirSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { openLog } from '../../src/log.ts'
import { product } from '../../src/product.ts'
import { openMovableClock } from '../../src/sandbox/clock.ts'
import { type InSandbox, startInSandbox } from '../../src/sandbox/in-sandbox.ts'
import { CHROMIUM, openBrowser, openWindow } from '../support/browser.ts'
import { freshDatabase } from '../support/database.ts'
import { aPhoto } from '../support/stage.ts'

/** Where pictures of the story are kept for somebody to look at; nowhere without it. */
const PICTURES = process.env.PICTURES

const [coordinator, curator, head] = ['Елена Соколова', 'Ирина Белова', 'Мария Орлова'] as const

let folder: string
let running: InSandbox
let browser: Browser
let page: Page

const column = (name: string): Locator => page.getByRole('region', { name })
const newest = (name: string, words: string | RegExp): Locator =>
  column(name).locator('.message-column').filter({ hasText: words }).last()

async function press(name: string, words: string | RegExp, label: string | RegExp): Promise<void> {
  await newest(name, words).getByRole('button', { name: label }).first().click()
}

async function clock(step: string, times = 1): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    await page.getByRole('button', { name: step }).click()
    await page.locator('.step:enabled', { hasText: step }).waitFor()
  }
}

async function picture(name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`) })
}

describe.skipIf(!CHROMIUM)('the whole story on the page', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sovet-story-'))
    mkdirSync(join(folder, 'sandbox'))
    openMovableClock(join(folder, 'sandbox')).moveTo(Temporal.Instant.from('2026-09-07T05:30:00Z')) // Monday, 8:30 in Moscow
    const config = readConfig({ DATA_DIR: folder, DATABASE_URL: await freshDatabase(), PORT: '0', LOG_LEVEL: 'error' })
    running = await startInSandbox(config, product, openLog('silent'))
    browser = await openBrowser()
    page = await (await openWindow(browser, { viewport: { width: 1800, height: 950 } })).newPage()
    await page.goto(running.url)
    await page.locator('.column.active').waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await running?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('the coordinator sends the sample and publishes it through the dialogue', async () => {
    await column('Елена Соколова').getByRole('button', { name: 'Прикрепить' }).click()
    await page.getByRole('menuitem', { name: /Дорожная карта [\d-]+\.docx/ }).click()
    await newest(coordinator, 'Нужен ваш ответ: 2').waitFor()
    await picture('1-read')
    await press(coordinator, 'Нужен ваш ответ: 2', /Посмотреть и опубликовать/)
    await column(coordinator)
      .getByRole('button', { name: /✅ Опубликовать/ })
      .last()
      .click()
    await newest(coordinator, 'Опубликовано').waitFor()
    await picture('2-published')
  })

  it('days pass; the head is reminded, taps «Готово» and attaches a photo', async () => {
    await clock('+1 день', 4)
    await clock('+1 час', 2)
    await picture('3-reminded')
    await press(head, 'Напоминаю', /Готово/)
    await newest(head, 'Осталось подтвердить').waitFor()
    await column(head)
      .locator('input[type=file]')
      .setInputFiles([{ name: 'приказ.jpg', mimeType: 'image/jpeg', buffer: await aPhoto(120) }])
    await column(head).getByRole('button', { name: 'Отправить', exact: true }).click()
    await press(head, 'Получил: 1 файл', 'Это всё')
    await newest(head, /Принято № 0001: 1 файл/).waitFor()
    await picture('4-receipt')
  })

  it('the curator accepts, the head hears, and on Monday there is the digest', async () => {
    await press(curator, 'отчёт № 0001', 'Принять')
    await newest(head, 'Отчёт № 0001 принят').waitFor()
    await clock('Следующий понедельник')
    await clock('+1 час', 3)
    const digest = newest(curator, 'Сводка по вашим школам')
    await digest.waitFor()
    expect(await digest.textContent()).toContain('Школа № 1')
    await picture('5-digest')
    const tasks = running.sandbox
      .as(1003)
      .messages()
      .filter((message) => message.text.includes('Отчёт № 0001 принят'))
    expect(tasks).toHaveLength(1)
  })

  it('reads well on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    for (const [n, tab] of ['Мария', 'Ирина', 'Елена'].entries()) {
      await page.getByRole('navigation', { name: 'Люди' }).getByRole('button', { name: tab }).click()
      await picture(`6-phone-${n}`)
    }
    const [scroll, width] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [
      number,
      number,
    ]
    expect(scroll).toBeLessThanOrEqual(width)
  })
})
