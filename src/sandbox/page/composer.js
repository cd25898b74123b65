import { h, icon, iconButton, openMenu } from './dom.js'
import { ask, memory, store } from './store.js'
import { recordVoice } from './voice.js'
import { gistOf, sizeOf } from './words.js'

/**
 * The bottom of a chat: what is answered or edited, files to be sent, the line to type in, the bot's keyboard. `chat` is the
 * column's view of its chat: `{ personId, room(), topic(), send(action), fail(problem) }`.
 */
export function createComposer(chat) {
  let mode = null
  let files = []
  let asFiles = false
  let isKeyboardShown = true
  const draftKey = () => `draft.${chat.personId}.${chat.room().id}`

  const input = h('textarea', {
    rows: 1,
    class: 'composer-input',
    placeholder: 'Сообщение',
    'aria-label': 'Сообщение',
    oninput: () => {
      memory.set(draftKey(), input.value)
      grow()
      refreshButtons()
    },
    onkeydown: onKey,
    onpaste: onPaste,
  })
  const picker = h('input', { type: 'file', multiple: true, hidden: true, onchange: onPicked })
  const attach = iconButton('clip', 'Прикрепить', () => openAttachMenu())
  const commands = iconButton('edit', 'Команды бота', () => openCommands(), { class: 'icon-button commands' })
  commands.replaceChildren('/')
  const keys = iconButton('keys', 'Клавиатура бота', () => {
    isKeyboardShown = !isKeyboardShown
    refresh()
  })
  const sendButton = iconButton('send', 'Отправить', () => submit(), { class: 'icon-button send' })
  const micButton = iconButton('mic', 'Записать голосовое сообщение', () => startVoice(), { class: 'icon-button send' })
  const context = h('div', { class: 'context', hidden: true })
  const tray = h('div', { class: 'tray', hidden: true })
  const line = h('div', { class: 'composer-line' }, attach, input, commands, keys, micButton, sendButton, picker)
  const keyboard = h('div', { class: 'reply-keyboard', role: 'group', 'aria-label': 'Клавиатура бота' })
  const closed = h('button', { type: 'button', class: 'closed-button' })
  const element = h('footer', { class: 'composer' }, context, tray, line, keyboard, closed)

  function grow() {
    input.style.height = 'auto'
    if (input.scrollHeight > 0) input.style.height = `${Math.min(input.scrollHeight, 160)}px`
  }

  function onKey(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault()
      submit()
    } else if (event.key === 'Escape' && mode) {
      event.stopPropagation()
      setMode(null)
    } else if (event.key === 'ArrowUp' && input.value === '' && !mode) {
      chat.editLast()
    }
  }

  function onPaste(event) {
    const pasted = [...event.clipboardData.files]
    if (pasted.length === 0) return
    event.preventDefault()
    addFiles(pasted)
  }

  function onPicked() {
    addFiles([...picker.files])
    picker.value = ''
  }

  function addFiles(added, areFiles = false) {
    files = [...files, ...added]
    asFiles = asFiles || areFiles
    refreshTray()
    input.focus()
  }

  function openAttachMenu() {
    const pick = (accept, areFiles) => {
      picker.accept = accept
      asFiles = areFiles
      picker.click()
    }
    const entries = [
      ['image', 'Фото или видео', () => pick('image/*,video/mp4', false)],
      ['file', 'Файл', () => pick('', true)],
      ['contact', 'Мой номер телефона', () => chat.send({ do: 'contact' })],
    ]
    for (const { name, size } of store.samples) {
      entries.push(['download', `Пример: ${name} (${sizeOf(size)})`, () => sendSample(name), { class: 'sample' }])
    }
    openMenu(attach, entries)
  }

  function sendSample(name) {
    chat.send({ do: 'sample', name, ...placeOf() })
    setMode(null)
  }

  function openCommands() {
    const list = chat.room().commands
    const entries = list.map(({ command, description }) => [
      'forward',
      `/${command}: ${description}`,
      () => chat.send({ do: 'send', text: `/${command}`, ...placeOf() }),
    ])
    openMenu(commands, entries)
  }

  function placeOf() {
    const topic = chat.topic()
    return {
      ...(mode?.kind === 'reply' ? { replyTo: mode.message.message_id } : {}),
      ...(topic === null ? {} : { topic }),
    }
  }

  async function submit() {
    const text = input.value.trim()
    if (files.length > 0) return submitFiles(text)
    if (text === '') return
    const action =
      mode?.kind === 'edit'
        ? { do: 'edit', messageId: mode.message.message_id, text }
        : { do: 'send', text, ...placeOf() }
    clear()
    if (!(await chat.send(action))) restoreDraft(text)
  }

  function restoreDraft(text) {
    input.value = text
    grow()
    refreshButtons()
  }

  async function submitFiles(caption) {
    const form = new FormData()
    const place = { person: chat.personId, chat: chat.room().id, kind: asFiles ? 'document' : 'auto', ...placeOf() }
    for (const [name, value] of Object.entries(place)) form.append(name, value)
    if (caption) form.append('caption', caption)
    for (const file of files) form.append('files', file, file.name)
    const kept = files
    files = []
    clear()
    await ask('/page/files', form).catch((problem) => {
      chat.fail(problem)
      files = kept
      restoreDraft(caption)
      refreshTray()
    })
  }

  function clear() {
    input.value = ''
    memory.set(draftKey(), '')
    asFiles = files.length > 0 && asFiles
    setMode(null)
    grow()
    refreshTray()
  }

  function setMode(next) {
    if (mode?.kind === 'edit' && next === null) input.value = ''
    mode = next
    context.hidden = mode === null
    if (mode) {
      if (mode.kind === 'edit') input.value = mode.message.text ?? mode.message.caption ?? ''
      const title = mode.kind === 'edit' ? 'Изменение' : `Ответ: ${mode.message.from.first_name}`
      const sign = icon(mode.kind === 'edit' ? 'edit' : 'reply')
      const words = h('span', { class: 'context-words' }, h('b', {}, title), h('span', {}, gistOf(mode.message)))
      context.replaceChildren(
        sign,
        words,
        iconButton('close', 'Отменить', () => setMode(null)),
      )
      input.focus()
    }
    grow()
    refreshButtons()
  }

  function refreshTray() {
    tray.hidden = files.length === 0
    const items = files.map((file, index) => {
      const remove = () => {
        files = files.filter((_file, other) => other !== index)
        refreshTray()
      }
      const isImage = file.type.startsWith('image/') && !asFiles
      const look = isImage ? h('img', { src: URL.createObjectURL(file), alt: '' }) : icon('file')
      const name = h('span', { class: 'tray-name' }, file.name)
      return h(
        'span',
        { class: 'tray-item', title: file.name },
        look,
        name,
        iconButton('close', `Убрать ${file.name}`, remove),
      )
    })
    const check = h('input', {
      type: 'checkbox',
      onchange: () => {
        asFiles = check.checked
        refreshTray()
      },
    })
    check.checked = asFiles
    const option = h('label', { class: 'tray-option' }, check, 'Отправить без сжатия, как файл')
    const hasImages = files.some((file) => file.type.startsWith('image/'))
    tray.replaceChildren(h('div', { class: 'tray-items' }, items), hasImages ? option : '')
    refreshButtons()
  }

  function refreshButtons() {
    const isEmpty = input.value.trim() === '' && files.length === 0
    const canRecord = Boolean(navigator.mediaDevices)
    sendButton.hidden = isEmpty && canRecord
    micButton.hidden = !isEmpty || !canRecord
    commands.hidden = !isEmpty || chat.room().commands.length === 0
  }

  async function startVoice() {
    const voice = await recordVoice(line).catch(() => chat.fail(new Error('Микрофон недоступен')))
    if (!voice) return
    const form = new FormData()
    const facts = { person: chat.personId, chat: chat.room().id, kind: 'voice', duration: voice.seconds, ...placeOf() }
    for (const [name, value] of Object.entries(facts)) form.append(name, value)
    form.append('files', voice.blob, 'voice.ogg')
    setMode(null)
    ask('/page/files', form).catch(chat.fail)
  }

  function refreshKeyboard(room) {
    const rows = room.keyboard?.keyboard ?? []
    keys.hidden = rows.length === 0
    keys.setAttribute('aria-expanded', `${isKeyboardShown}`)
    keyboard.hidden = rows.length === 0 || !isKeyboardShown
    const key = JSON.stringify(rows)
    if (keyboard.dataset.key === key) return
    keyboard.dataset.key = key
    isKeyboardShown = true
    keyboard.hidden = rows.length === 0
    keyboard.replaceChildren(
      ...rows.map((row) =>
        h(
          'div',
          { class: 'reply-row' },
          row.map((button) => replyButton(button)),
        ),
      ),
    )
  }

  function replyButton(button) {
    const classes = `reply-button ${button.style ?? ''}`
    const press = () => (button.request_contact ? chat.shareContact() : chat.send({ do: 'press', text: button.text }))
    return h(
      'button',
      { type: 'button', class: classes, onclick: press },
      button.text,
      button.request_contact && icon('contact'),
    )
  }

  /** Draws what the state of the chat calls for: the line, or one big button in its place. */
  function refresh() {
    const room = chat.room()
    const label = CLOSED[room.standing]
    closed.hidden = !label
    closed.textContent = label?.words ?? ''
    closed.disabled = !label?.do
    closed.onclick = label?.do ? () => chat.send({ do: label.do }) : null
    line.hidden = Boolean(label)
    context.hidden = mode === null || Boolean(label)
    input.placeholder = room.keyboard?.input_field_placeholder || 'Сообщение'
    refreshKeyboard(room)
    if (label) keyboard.hidden = true
    refreshButtons()
  }

  /** Takes up the draft of the chat that the column shows now. */
  function enter() {
    mode = null
    input.value = memory.get(draftKey(), '')
    grow()
    refresh()
  }

  return {
    element,
    refresh,
    enter,
    addFiles,
    reply: (message) => setMode({ kind: 'reply', message }),
    edit: (message) => setMode({ kind: 'edit', message }),
  }
}

const CLOSED = {
  'never-started': { words: 'Запустить', do: 'start' },
  blocked: { words: 'Разблокировать', do: 'unblock' },
  deactivated: { words: 'Аккаунт удалён' },
}
