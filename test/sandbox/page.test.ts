import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Instant, Temporal } from '../../src/kernel/clock.ts'
import { type MovableClock, openMovableClock } from '../../src/sandbox/clock.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { CHROMIUM, openBrowser, openWindow } from '../support/browser.ts'
import { startDemoBot } from './demo-bot.ts'
import { aPhoto, aSandbox, call, coordinator, council, head, result, stranger } from './people.ts'

let browser: Browser
let sandbox: Sandbox
let clock: MovableClock
let stopBot: () => void
let page: Page
let desk: Page

async function open(
  options: { width?: number; hasTouch?: boolean; advance?: (to: Instant) => Promise<void> } = {},
): Promise<void> {
  clock = openMovableClock(null)
  clock.moveTo(Temporal.Instant.from('2026-03-02T06:00:00Z'))
  sandbox = await aSandbox({
    clock,
    samples: [{ name: 'Дорожная карта.docx', bytes: Buffer.from('карта') }],
    introduction: '<p>Сначала координатор.</p>',
    ...(options.advance ? { advance: options.advance } : {}),
  })
  stopBot = (await startDemoBot(sandbox)).stop
  const viewport = { width: options.width ?? 1400, height: 900 }
  page = options.hasTouch ? await (await openWindow(browser, { hasTouch: true })).newPage() : desk
  await page.setViewportSize(viewport)
  await page.goto(sandbox.url)
  await page.locator('.column.active').waitFor()
}

function column(name: string): Locator {
  return page.getByRole('region', { name })
}

function bubbles(name: string): Locator {
  return column(name).locator('.bubble')
}

describe.skipIf(!CHROMIUM)('the page of the sandbox', () => {
  beforeAll(async () => {
    browser = await openBrowser()
    desk = await (await openWindow(browser, {})).newPage()
  })
  afterAll(() => browser?.close())
  afterEach(async () => {
    stopBot()
    await page.goto('about:blank')
    await sandbox.close()
  })

  it('lets a person start the bot, press its keyboard and the buttons under a message', async () => {
    await open()
    const phone = column('Пётр Заречный')
    await phone.getByRole('button', { name: 'Запустить' }).click()
    await phone.getByText('Здравствуйте, Пётр!').waitFor()

    await phone.getByRole('button', { name: 'Мои задачи' }).click()
    const done = phone.getByRole('button', { name: '1. Готово' })
    await done.waitFor()
    expect(await done.getAttribute('class')).toContain('success')
    expect(await phone.getByRole('button', { name: 'Не получается' }).getAttribute('class')).toContain('danger')

    const typing = phone.getByText('печатает…').waitFor() // it is seen for five seconds only
    await phone.getByRole('button', { name: 'Задать вопрос' }).click()
    await typing

    await phone.getByRole('button', { name: 'Подробнее' }).click()
    const alert = page.getByRole('dialog')
    await alert.getByText('подробный рассказ').waitFor()
    await alert.getByRole('button', { name: 'ОК' }).click()

    await done.click()
    await phone.getByText('Задача 1 отмечена').waitFor()
    await phone.locator('.bubble strong', { hasText: 'Задача 1 готова' }).waitFor()
    await phone.getByRole('button', { name: 'Закреплённое сообщение' }).waitFor()
    expect(sandbox.as(head.id).messages().at(-1)?.raw.pinned_message?.text).toBe('Задача 1 готова')
  })

  it('sends text with Enter, breaks the line with Shift+Enter, answers and corrects a message', async () => {
    await open()
    await sandbox.as(head.id).start()
    const phone = column('Пётр Заречный')
    const input = phone.getByRole('textbox', { name: 'Сообщение' })
    await input.fill('Первая строка')
    await input.press('Shift+Enter')
    await input.pressSequentially('вторая')
    await input.press('Enter')
    await sandbox.as(head.id).waitFor('Первая строка\nвторая')

    await phone.getByText('Здравствуйте, Пётр!').dblclick()
    await input.fill('Отвечаю')
    await input.press('Enter')
    await sandbox.as(head.id).waitFor('Отвечаю')
    const answer = sandbox
      .as(head.id)
      .messages()
      .find(({ text, from }) => text === 'Отвечаю' && from === 'me')
    expect(answer?.raw.reply_to_message?.text).toContain('Здравствуйте')

    await input.press('ArrowUp')
    await input.fill('Отвечаю точнее')
    await input.press('Enter')
    await sandbox.as(head.id).waitFor('вы исправили')
    await bubbles('Пётр Заречный')
      .filter({ hasText: 'изменено' })
      .filter({ hasText: 'Отвечаю точнее' })
      .first()
      .waitFor()
  })

  it('shows what people type as they typed it', async () => {
    await open()
    const nasty = '<img src=x onerror="document.title=1"> <b>&amp;</b> [x](javascript:alert(1)) \u202Eabc'
    await sandbox.as(head.id).start()
    await sandbox.as(head.id).send(nasty)
    await result(sandbox, 'sendMessage', {
      chat_id: head.id,
      text: 'не ссылка',
      entities: [{ type: 'text_link', offset: 0, length: 9, url: 'tg://user?id=1' }],
    })
    const own = bubbles('Пётр Заречный').filter({ hasText: 'onerror' })
    await own.first().waitFor()
    expect(await own.first().locator('.text').textContent()).toBe(nasty)
    await page.getByText('не ссылка').waitFor()
    expect(await page.locator('a[href^="javascript"], a[href^="tg:"], .messages img, .messages script').count()).toBe(0)
    expect(await page.title()).toBe('Совет: песочница')
  })

  it('sends several photos as one album with a caption, and files with their names', async () => {
    await open()
    await sandbox.as(head.id).start()
    const phone = column('Пётр Заречный')
    const photos = [await aPhoto(640, 480), await aPhoto(480, 640)]
    const files = photos.map((buffer, index) => ({ name: `фото ${index}.jpg`, mimeType: 'image/jpeg', buffer }))
    await phone.locator('input[type=file]').setInputFiles(files)
    await phone.getByRole('textbox', { name: 'Сообщение' }).fill('Педсовет')
    await phone.getByRole('button', { name: 'Отправить', exact: true }).click()
    await phone.locator('.own .grid-2 img').first().waitFor()
    const album = sandbox
      .as(head.id)
      .messages()
      .filter(({ albumId }) => albumId !== null)
    expect(album.map(({ text, file }) => [text, file?.kind])).toEqual([
      ['Педсовет', 'photo'],
      ['', 'photo'],
    ])
    expect(new Set(album.map(({ albumId }) => albumId)).size).toBe(1)

    await phone
      .locator('input[type=file]')
      .setInputFiles([{ name: 'Протокол № 4.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') }])
    await phone.getByRole('button', { name: 'Отправить', exact: true }).click()
    await phone.getByRole('link', { name: 'Копия Протокол № 4.pdf' }).waitFor()

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      phone.getByRole('link', { name: 'Копия Протокол № 4.pdf' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('Копия Протокол № 4.pdf')
  })

  it('sends an example from the attach menu by one click', async () => {
    await open()
    await sandbox.as(coordinator.id).start()
    await column('Ольга Ветрова').getByRole('button', { name: 'Прикрепить' }).click()
    await page.getByRole('menuitem', { name: 'Дорожная карта.docx' }).click()
    const copy = await sandbox.as(coordinator.id).waitFor(({ file }) => file?.name === 'Копия Дорожная карта.docx')
    expect(String(await copy.file?.bytes())).toBe('карта')
  })

  it('takes files that are dropped on a chat', async () => {
    await open()
    await sandbox.as(head.id).start()
    const phone = column('Пётр Заречный')
    const data = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['отчёт'], 'Отчёт.txt', { type: 'text/plain' }))
      return transfer
    })()`)
    await phone.locator('.messages').dispatchEvent('drop', { dataTransfer: data })
    await phone.getByRole('button', { name: 'Отправить', exact: true }).click()
    await phone.getByRole('link', { name: 'Копия Отчёт.txt' }).waitFor()
  })

  it('takes a picture that is pasted', async () => {
    await open()
    await sandbox.as(head.id).start()
    const phone = column('Пётр Заречный')
    const input = phone.getByRole('textbox', { name: 'Сообщение' })
    const data = await page.evaluateHandle(
      `(async () => {
        const canvas = new OffscreenCanvas(200, 100)
        canvas.getContext('2d').fillRect(0, 0, 50, 50)
        const transfer = new DataTransfer()
        transfer.items.add(new File([await canvas.convertToBlob()], 'image.png', { type: 'image/png' }))
        return transfer
      })()`,
    )
    await input.evaluate(
      (element, transfer) =>
        element.dispatchEvent(Object.assign(new Event('paste', { cancelable: true }), { clipboardData: transfer })),
      data,
    )
    await input.press('Enter')
    await phone.locator('.own .photo img').waitFor()
    const pasted = sandbox
      .as(head.id)
      .messages()
      .find(({ raw }) => raw.photo)
    expect(pasted?.raw.photo?.at(-1)).toMatchObject({ width: 200, height: 100 })
  })

  it('opens a link to the bot here or at the person it is for', async () => {
    await open()
    await sandbox.as(coordinator.id).send('Ссылка')
    await column('Ольга Ветрова').getByRole('link', { name: 'start=invite_42' }).last().click()
    await page.getByRole('menuitem', { name: 'Открыть у другого: Пётр Заречный' }).click()
    await column('Пётр Заречный').getByText('Приглашение: invite_42').waitFor()
    expect(await bubbles('Пётр Заречный').first().locator('.text').textContent()).toBe('/start')
    expect(sandbox.as(head.id).messages()[0]?.text).toBe('/start invite_42')
  })

  it('shares the phone number only after asking', async () => {
    await open()
    await sandbox.as(head.id).start()
    await column('Пётр Заречный').getByRole('button', { name: 'Отправить мой номер' }).click()
    await page.getByRole('dialog').getByText(head.phone).waitFor()
    expect(
      sandbox
        .as(head.id)
        .messages()
        .some(({ raw }) => raw.contact),
    ).toBe(false)
    await page.getByRole('dialog').getByRole('button', { name: 'Отправить' }).click()
    await sandbox.as(head.id).waitFor(`Ваш номер ${head.phone}`)
  })

  it('blocks and unblocks the bot', async () => {
    await open()
    await sandbox.as(head.id).start()
    const phone = column('Пётр Заречный')
    await phone.locator('.person').getByRole('button', { name: 'Действия' }).click()
    await page.getByRole('menuitem', { name: 'Заблокировать бота' }).click()
    await phone.getByRole('button', { name: 'Разблокировать' }).waitFor()
    expect((await call(sandbox, 'sendMessage', { chat_id: head.id, text: 'а' })).error_code).toBe(403)
    await phone.getByRole('button', { name: 'Разблокировать' }).click()
    await phone.getByRole('textbox', { name: 'Сообщение' }).waitFor()
    expect((await call(sandbox, 'sendMessage', { chat_id: head.id, text: 'а' })).ok).toBe(true)
  })

  it('moves the clock through the function it was given and shows that days pass', async () => {
    const goals: string[] = []
    const arrived = Promise.withResolvers<void>()
    await open({
      advance: async (to) => {
        goals.push(to.toString())
        await arrived.promise
        clock.moveTo(to)
      },
    })
    await page.getByText('понедельник, 2 марта 2026').waitFor()
    await page.getByRole('button', { name: 'Следующий понедельник' }).click()
    await page.getByText('часы идут до 10:00, 9 марта 2026').waitFor()
    expect(await page.getByRole('button', { name: '+1 день' }).isDisabled()).toBe(true)
    arrived.resolve()
    await page.getByText('понедельник, 9 марта 2026', { exact: true }).waitFor()
    await page.locator('.step:enabled', { hasText: '+1 день' }).waitFor()
    expect(goals).toEqual(['2026-03-09T07:00:00Z'])
  })

  it('moves the clock to a chosen date, and never back', async () => {
    await open()
    await page.getByRole('button', { name: 'Выбрать дату' }).click()
    await page.getByLabel('Дата и время').fill('2026-05-04T12:30')
    await page.getByRole('dialog').getByRole('button', { name: 'Перевести' }).click()
    await page.getByText('понедельник, 4 мая 2026').waitFor()
    await sandbox.as(head.id).start()
    await column('Пётр Заречный').getByText('4 мая', { exact: true }).waitFor()
    await expect(
      page.evaluate(async () => {
        const answer = await fetch('/page/clock', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ to: '2026-05-01T12:30' }),
        })
        return ((await answer.json()) as { problem: string }).problem
      }),
    ).resolves.toBe('Часы можно перевести только вперёд')
  })

  it('shows one person at a time on a phone, with the unread of the others', async () => {
    await open({ width: 390 })
    expect(await page.locator('.column:visible').count()).toBe(1)
    await sandbox.as(head.id).start()
    await sandbox.as(head.id).waitFor('Здравствуйте')
    const tab = page.getByRole('navigation', { name: 'Люди' }).getByRole('button', { name: 'Пётр' })
    await tab.locator('.badge', { hasText: '1' }).waitFor()
    await tab.click()
    await column('Пётр Заречный').getByText('Здравствуйте, Пётр!').waitFor()
    await tab.locator('.badge').waitFor({ state: 'detached' })
  })

  it('answers a message that is drawn to the left on a touch screen', async () => {
    await open({ width: 390, hasTouch: true })
    await sandbox.as(coordinator.id).start()
    const message = column('Ольга Ветрова').locator('.message.other').first()
    const at = (x: number) => [{ identifier: 0, clientX: x, clientY: 400 }]
    await message.dispatchEvent('touchstart', { touches: at(300), changedTouches: at(300), targetTouches: at(300) })
    await message.dispatchEvent('touchmove', { touches: at(220), changedTouches: at(220), targetTouches: at(220) })
    await message.dispatchEvent('touchend', { touches: [], changedTouches: at(220), targetTouches: [] })
    await column('Ольга Ветрова').getByText('Ответ: Совет').waitFor()
  })

  it('adds a newcomer, and remembers after a reload who is on the screen', async () => {
    await open()
    await page.getByRole('button', { name: 'Люди' }).click()
    await page.getByRole('dialog').getByLabel(stranger.firstName).uncheck()
    await page.getByRole('button', { name: 'Новый человек' }).click()
    await page.getByLabel('Имя', { exact: true }).fill('Мария')
    await page.getByLabel('Кто это').fill('завуч')
    await page.getByLabel('Кто это').press('Enter')
    await column('Мария').getByRole('button', { name: 'Запустить' }).click()
    await column('Мария').getByText('Здравствуйте, Мария!').waitFor()
    await page.reload()
    await column('Мария').getByText('Здравствуйте, Мария!').waitFor()
    expect(await column('Иван').count()).toBe(0)
  })

  it('shows the topics of the group and writes into the chosen one', async () => {
    await open()
    const topic = await result<{ message_thread_id: number }>(sandbox, 'createForumTopic', {
      chat_id: council.id,
      name: 'Документы',
    })
    const phone = column('Ольга Ветрова')
    await phone.getByRole('tab', { name: 'Совет', exact: false }).last().click()
    await phone.getByRole('tab', { name: 'Документы' }).click()
    await phone.getByRole('textbox', { name: 'Сообщение' }).fill('Вопрос по документам')
    await phone.getByRole('textbox', { name: 'Сообщение' }).press('Enter')
    await column('Пётр Заречный').getByRole('tab', { name: 'Совет', exact: false }).last().click()
    await column('Пётр Заречный').locator('.author', { hasText: 'Ольга Ветрова' }).waitFor()
    const written = sandbox
      .as(coordinator.id)
      .in(council.id)
      .messages()
      .find(({ text }) => text === 'Вопрос по документам')
    expect(written?.topic).toBe(topic.message_thread_id)
  })
})
