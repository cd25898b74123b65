import { blocksOf } from './bubbles.js'
import { createComposer } from './composer.js'
import { arrange, avatar, h, icon, iconButton, openDialog, openMenu } from './dom.js'
import { createPresses } from './presses.js'
import { ask, loadEarlier, memory, nameOf, now, roomsOf, store, unreadIn } from './store.js'
import { gistOf, plural } from './words.js'

const NEAR_END_PX = 80
const TOAST_MS = 4000
const REACTIONS = ['👍', '✅', '❤️', '🔥', '👎']

/** One person's phone: header, chats, messages and composer. `board` opens links at other people: `{ openLink(link, personId) }`. */
export function createColumn(person, board) {
  let roomId = memory.get(`room.${person.id}`, person.id)
  if (!store.rooms.get(roomId)?.members.includes(person.id)) roomId = person.id
  let topic = null
  const nodes = new Map()

  const room = () => store.rooms.get(roomId)
  const chat = {
    personId: person.id,
    room,
    topic: () => topic,
    send,
    fail: (problem) => toast(problem.message),
    shareContact,
    editLast,
  }
  const presses = createPresses({
    send: (messageId, data) => send({ do: 'tap', messageId, data }),
    changed: () => refresh(),
    show: showAnswer,
  })
  const composer = createComposer(chat)
  const head = h('div', { class: 'person' })
  const chats = h('div', { class: 'chats', role: 'tablist', 'aria-label': 'Чаты' })
  const chatHead = h('div', { class: 'chat-head' })
  const topics = h('div', { class: 'topics', role: 'tablist', 'aria-label': 'Темы' })
  const pinned = h('button', { type: 'button', class: 'pinned', hidden: true })
  const list = h('div', {
    class: 'messages',
    role: 'log',
    'aria-live': 'polite',
    'aria-label': 'Сообщения',
    tabindex: '0',
  })
  const welcome = h('div', { class: 'welcome' })
  const down = iconButton('down', 'К последним сообщениям', () => scrollDown('smooth'), { class: 'icon-button down' })
  const toasts = h('div', { class: 'toasts', role: 'status' })
  const dropArea = h('div', { class: 'drop-area', 'aria-hidden': 'true' }, h('span', {}, 'Отпустите файлы здесь'))
  const scene = h('div', { class: 'scene' }, list, down, toasts, dropArea)
  const element = h(
    'section',
    { class: 'column', 'aria-label': nameOf(person) },
    head,
    chats,
    chatHead,
    topics,
    pinned,
    scene,
    composer.element,
  )

  let isFollowing = true
  let lastTop = 0
  list.addEventListener('scroll', () => {
    const isNearEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX
    // Only a person scrolls up; a list that grew or shrank by itself is followed further.
    isFollowing = isNearEnd || (isFollowing && list.scrollTop >= lastTop)
    lastTop = list.scrollTop
    down.hidden = isFollowing
    if (isFollowing) markRead()
  })
  new ResizeObserver(() => isFollowing && scrollDown()).observe(list)
  // Pictures grow when they arrive; the end of the chat stays in sight.
  list.addEventListener('load', () => isFollowing && scrollDown(), true)
  acceptDrops(element, dropArea, (files) => composer.addFiles(files))

  async function send(action) {
    try {
      const answer = await ask('/page/do', { ...action, person: person.id, chat: roomId })
      isFollowing = true
      return answer
    } catch (problem) {
      toast(problem.message)
      return null
    }
  }

  async function shareContact() {
    const words = `Бот «${store.bot.name}» узнает ваш номер ${person.phone}.`
    const buttons = [
      ['', 'Отмена'],
      ['yes', 'Отправить', { class: 'main' }],
    ]
    const { value } = await openDialog('Поделиться номером телефона?', [h('p', {}, words)], buttons)
    if (value === 'yes') await send({ do: 'contact' })
  }

  function editLast() {
    const last = [...room().messages.values()].findLast(({ message }) => message.from.id === person.id && message.text)
    if (last) composer.edit(last.message)
  }

  const on = {
    link(url, event) {
      if (!isBotLink(url)) return
      event.preventDefault()
      board.openLink(url, person.id, event.currentTarget)
    },
    command: (text) => send({ do: 'send', text, ...(topic === null ? {} : { topic }) }),
    jump,
    reply: (message) => composer.reply(message),
    photo: showPhoto,
    react: (message, emoji) => send({ do: 'react', messageId: message.message_id, emoji }),
    press,
    actions,
  }

  async function press(message, button) {
    if (button.copy_text) {
      await navigator.clipboard.writeText(button.copy_text.text)
      toast('Скопировано')
    } else if (button.callback_data !== undefined) {
      await presses.press(message.message_id, button.callback_data)
    }
  }

  function showAnswer(answer) {
    const ok = [['', 'ОК', { class: 'main' }]]
    if (answer.text && answer.showAlert) openDialog(store.bot.name, [h('p', {}, answer.text)], ok)
    else if (answer.text) toast(answer.text)
    if (answer.url && isBotLink(answer.url)) send({ do: 'open', link: answer.url })
  }

  function actions(unit, _event, anchor) {
    const [{ message }] = unit
    const own = message.from.id === person.id
    const text = unit.map((kept) => kept.message.text ?? kept.message.caption).find(Boolean)
    const entries = [['reply', 'Ответить', () => composer.reply(message)]]
    if (own && (message.text || message.caption) && !message.forward_origin)
      entries.push(['edit', 'Изменить', () => composer.edit(message)])
    if (text) entries.push(['copy', 'Копировать текст', () => navigator.clipboard.writeText(text)])
    for (const target of roomsOf(person.id)) {
      const where = target.id === person.id ? 'боту' : `в «${target.chat.title}»`
      entries.push(['forward', `Переслать ${where}`, () => forwardAll(unit, target.id)])
    }
    const faces = REACTIONS.map((emoji) => {
      const give = () => {
        menu.hidePopover()
        on.react(message, emoji)
      }
      return h('button', { type: 'button', class: 'face', onclick: give, 'aria-label': `Реакция ${emoji}` }, emoji)
    })
    const menu = openMenu(anchor, entries, h('div', { class: 'faces' }, faces))
  }

  async function forwardAll(unit, to) {
    for (const { message } of unit) await send({ do: 'forward', messageId: message.message_id, to })
    if (to !== roomId) toast('Переслано')
  }

  function openPersonMenu(event) {
    const entries = []
    const own = store.rooms.get(person.id)
    if (own.standing === 'open')
      entries.push([
        'block',
        'Заблокировать бота',
        () => ask('/page/do', { do: 'block', person: person.id, chat: person.id }),
      ])
    if (own.standing === 'blocked')
      entries.push([
        'block',
        'Разблокировать бота',
        () => ask('/page/do', { do: 'unblock', person: person.id, chat: person.id }),
      ])
    entries.push(['link', 'Открыть ссылку-приглашение…', () => pasteLink()])
    entries.push(['close', 'Убрать с экрана', () => board.hide(person.id)])
    openMenu(event.currentTarget, entries)
  }

  async function pasteLink() {
    const input = h('input', {
      name: 'link',
      type: 'text',
      class: 'field',
      placeholder: `t.me/${store.bot.username}?start=…`,
      'aria-label': 'Ссылка',
    })
    const { value } = await openDialog(
      'Открыть ссылку-приглашение',
      [input],
      [
        ['', 'Отмена'],
        ['yes', 'Открыть', { class: 'main' }],
      ],
    )
    if (value === 'yes' && input.value.trim()) open(input.value.trim())
  }

  /** Opens a link to the bot in the private chat, as pressing it and then «Start» does. */
  function open(link) {
    showRoom(person.id)
    return send({ do: 'open', link })
  }

  function showRoom(id) {
    roomId = id
    topic = null
    isFollowing = true
    memory.set(`room.${person.id}`, id)
    nodes.clear()
    list.replaceChildren()
    composer.enter()
    refresh()
    scrollDown()
  }

  function jump(id) {
    const target = list.querySelector(`[data-ids~="${id}"]`)
    if (!target) return toast('Сообщение выше, чем загружено')
    target.scrollIntoView({ block: 'center', behavior: 'smooth' })
    target.classList.remove('flash')
    requestAnimationFrame(() => target.classList.add('flash'))
  }

  function showPhoto(url) {
    openDialog(
      'Фотография',
      [h('img', { src: url, alt: 'Фотография', class: 'full-photo' })],
      [['', 'Закрыть', { class: 'main' }]],
    )
  }

  function toast(words) {
    const note = h('div', { class: 'toast' }, words)
    toasts.append(note)
    setTimeout(() => note.remove(), TOAST_MS)
  }

  function scrollDown(behavior = 'instant') {
    isFollowing = true
    list.scrollTo({ top: list.scrollHeight, behavior })
    down.hidden = true
    markRead()
  }

  function markRead() {
    if (document.hidden || element.offsetParent === null) return
    const current = room()
    const last = [...current.messages.keys()].at(-1)
    if (!last || unreadIn(current, person.id) === 0) return
    current.read[person.id] = last
    ask('/page/do', { do: 'read', person: person.id, chat: roomId, messageId: last }).catch(() => {})
    board.countUnread()
  }

  function refreshHead() {
    head.replaceChildren(
      avatar(nameOf(person), person.colour),
      h('span', { class: 'person-facts' }, h('b', {}, nameOf(person)), h('span', { title: person.role }, person.role)),
      iconButton('more', `Действия: ${nameOf(person)}`, openPersonMenu),
    )
  }

  function refreshChats() {
    const all = roomsOf(person.id)
    chats.hidden = all.length < 2
    chats.replaceChildren(
      ...all.map((one) => {
        const name = one.id === person.id ? store.bot.name : one.chat.title
        const count = one.id === roomId ? 0 : unreadIn(one, person.id)
        const facts = {
          type: 'button',
          role: 'tab',
          'aria-selected': `${one.id === roomId}`,
          onclick: () => showRoom(one.id),
        }
        return h(
          'button',
          facts,
          h('span', {}, one.id === person.id ? `Бот «${name}»` : name),
          count > 0 && h('span', { class: 'badge' }, count),
        )
      }),
    )
  }

  function refreshChatHead() {
    const current = room()
    const isPrivate = current.chat.type === 'private'
    const name = isPrivate ? store.bot.name : current.chat.title
    const isTyping = (current.typingUntil ?? 0) > performance.now()
    const members = current.members.length + 1
    const about = isPrivate
      ? 'бот'
      : `${members} ${plural(members, { one: 'участник', few: 'участника', many: 'участников' })}`
    chatHead.replaceChildren(
      avatar(name, isPrivate ? '#3390ec' : '#a695e7', 'small'),
      h(
        'span',
        { class: 'person-facts' },
        h('b', {}, name),
        h('span', { class: isTyping ? 'typing' : '' }, isTyping ? 'печатает…' : about),
      ),
      h('span', { class: 'whose' }, person.role),
      iconButton('more', `Действия: ${nameOf(person)}`, openPersonMenu),
    )
  }

  function refreshTopics() {
    const current = room()
    topics.hidden = current.topics.length === 0
    const choose = (id) => () => {
      topic = id
      isFollowing = true
      refresh()
      scrollDown()
    }
    const tab = (id, name) =>
      h('button', { type: 'button', role: 'tab', 'aria-selected': `${topic === id}`, onclick: choose(id) }, name)
    topics.replaceChildren(tab(null, 'Все темы'), ...current.topics.map(({ id, name }) => tab(id, name)))
  }

  function refreshPinned() {
    const current = room()
    const id = current.pinned.at(-1)
    const kept = current.messages.get(id)
    pinned.hidden = !kept
    if (!kept) return
    pinned.onclick = () => jump(id)
    pinned.replaceChildren(
      h('span', { class: 'context-words' }, h('b', {}, 'Закреплённое сообщение'), h('span', {}, gistOf(kept.message))),
      icon('pin'),
    )
  }

  function refreshWelcome() {
    const current = room()
    const isEmpty = current.messages.size === 0 && current.chat.type === 'private'
    if (!isEmpty) return []
    const words =
      store.bot.description || 'Здесь ещё нет сообщений. Нажмите «Запустить» внизу или откройте ссылку-приглашение.'
    welcome.replaceChildren(h('div', { class: 'welcome-card' }, h('b', {}, 'Что умеет этот бот?'), h('p', {}, words)))
    return [welcome]
  }

  function refreshList() {
    const current = room()
    const view = { personId: person.id, topic, pressed: presses.pressed, now: now(), on }
    const blocks = blocksOf(current, view)
    const wanted = new Set(blocks.map(({ key }) => key))
    for (const key of nodes.keys()) if (!wanted.has(key)) nodes.delete(key)
    const made = blocks.map(({ key, make }) => {
      if (!nodes.has(key)) nodes.set(key, make())
      return nodes.get(key)
    })
    const earlier = current.hasEarlier ? [earlierButton] : []
    const wasFollowing = isFollowing
    arrange(list, [...refreshWelcome(), ...earlier, ...made])
    if (wasFollowing) scrollDown()
  }

  const earlierButton = h(
    'button',
    { type: 'button', class: 'earlier', onclick: showEarlier },
    'Показать прежние сообщения',
  )
  async function showEarlier() {
    const height = list.scrollHeight
    isFollowing = false
    await loadEarlier(room())
    list.scrollTop += list.scrollHeight - height
  }

  /** Draws again all that may have changed. */
  function refresh() {
    if (!room()) roomId = person.id
    refreshHead()
    refreshChats()
    refreshChatHead()
    refreshTopics()
    refreshPinned()
    refreshList()
    composer.refresh()
  }

  composer.enter()
  refresh()
  return {
    element,
    personId: person.id,
    refresh,
    refreshChats,
    refreshChatHead,
    answered: presses.answered,
    open,
    shown: () => {
      if (isFollowing) scrollDown()
    },
    isShowing: (id) => id === roomId,
  }
}

function isBotLink(url) {
  const username = store.bot.username.toLowerCase()
  const address = /^(?:https?:\/\/)?(?:t\.me|telegram\.me)\/([A-Za-z0-9_]+)/i.exec(url)
  return address?.[1].toLowerCase() === username
}

function acceptDrops(element, area, take) {
  let depth = 0
  const show = (isShown) => area.classList.toggle('shown', isShown)
  element.addEventListener('dragenter', (event) => {
    if (!event.dataTransfer.types.includes('Files')) return
    depth++
    show(true)
  })
  element.addEventListener('dragleave', () => {
    depth = Math.max(0, depth - 1)
    show(depth > 0)
  })
  element.addEventListener('dragover', (event) => event.preventDefault())
  element.addEventListener('drop', (event) => {
    event.preventDefault()
    depth = 0
    show(false)
    const files = [...event.dataTransfer.files]
    if (files.length > 0) take(files)
  })
}
