import { createBar } from './bar.js'
import { createColumn } from './column.js'
import { avatar, h, openMenu } from './dom.js'
import { ask, connect, memory, nameOf, onChange, roomsOf, store, unreadIn } from './store.js'

const columns = new Map()
const boardElement = document.querySelector('#board')
const tabs = document.querySelector('#tabs')
const lost = document.querySelector('#lost')

const board = {
  openLink,
  hide: (id) => setHidden(id, true),
  countUnread: refreshTabs,
}
const bar = createBar({ setHidden, isHidden, addPerson })

function hiddenPeople() {
  return new Set(memory.get('hidden', []))
}

function isHidden(id) {
  return hiddenPeople().has(id)
}

function setHidden(id, isGone) {
  const hidden = hiddenPeople()
  if (isGone) hidden.add(id)
  else hidden.delete(id)
  memory.set('hidden', [...hidden])
  refreshAll()
}

async function addPerson(facts) {
  const { id } = await ask('/page/people', facts)
  memory.set('active', id)
}

/** The person whose chat a narrow screen shows. */
function activeId() {
  const shown = [...columns.keys()]
  const wanted = memory.get('active', 0)
  return shown.includes(wanted) ? wanted : shown[0]
}

function activate(id) {
  memory.set('active', id)
  refreshTabs()
  columns.get(id)?.shown()
}

/** A link to the bot is opened by whoever it is for: the person who pressed it comes first. */
function openLink(link, personId, anchor) {
  const people = [...store.people.values()].sort(
    (one, other) => Number(other.id === personId) - Number(one.id === personId),
  )
  const entries = people.map((person) => {
    const words = person.id === personId ? `Открыть здесь: ${nameOf(person)}` : `Открыть у другого: ${nameOf(person)}`
    return ['forward', words, () => openAt(person.id, link)]
  })
  entries.push(['copy', 'Копировать ссылку', () => navigator.clipboard.writeText(link)])
  openMenu(anchor, entries)
}

function openAt(id, link) {
  if (isHidden(id)) setHidden(id, false)
  activate(id)
  columns.get(id)?.open(link)
}

function refreshAll() {
  if (!store.isReady) return
  const hidden = hiddenPeople()
  const shown = [...store.people.values()].filter(({ id }) => !hidden.has(id))
  const wanted = new Set(shown.map(({ id }) => id))
  for (const [id, column] of columns) {
    if (wanted.has(id)) continue
    column.element.remove()
    columns.delete(id)
  }
  for (const person of shown) {
    if (columns.has(person.id)) columns.get(person.id).refresh()
    else {
      const column = createColumn(person, board)
      columns.set(person.id, column)
    }
  }
  shown.forEach(({ id }, index) => {
    const { element } = columns.get(id)
    if (boardElement.children[index] !== element)
      boardElement.insertBefore(element, boardElement.children[index] ?? null)
  })
  refreshTabs()
  for (const column of columns.values()) column.shown()
}

function refreshTabs() {
  const active = activeId()
  tabs.replaceChildren(
    ...[...columns.values()].map(({ personId, element }) => {
      const person = store.people.get(personId)
      const count = roomsOf(personId).reduce((sum, room) => sum + unreadIn(room, personId), 0)
      element.classList.toggle('active', personId === active)
      const facts = {
        type: 'button',
        class: 'tab',
        'aria-pressed': `${personId === active}`,
        onclick: () => activate(personId),
      }
      return h(
        'button',
        facts,
        avatar(nameOf(person), person.colour),
        h('span', {}, person.firstName),
        count > 0 && h('span', { class: 'badge' }, count),
      )
    }),
  )
}

const waiting = new Set()
/** Several changes in one frame are drawn once. */
function soon(column) {
  if (waiting.size === 0)
    requestAnimationFrame(() => {
      const due = [...waiting]
      waiting.clear()
      for (const one of due) one.refresh()
      refreshTabs()
    })
  waiting.add(column)
}

onChange((change) => {
  if (change.what === 'state' || change.what === 'people' || change.what === 'clock') bar.refresh()
  if (change.what === 'state' || change.what === 'people') refreshAll()
  if (change.what === 'link') lost.hidden = change.isUp
  if (change.what === 'answer') columns.get(change.person)?.answered(change.queryId, change.answer)
  if (change.what === 'typing')
    for (const column of columns.values()) if (column.isShowing(change.room.id)) column.refreshChatHead()
  if (change.what === 'message' || change.what === 'room') {
    for (const column of columns.values()) {
      if (column.isShowing(change.room.id)) soon(column)
      else if (change.room.members.includes(column.personId)) column.refreshChats()
    }
  }
})

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) for (const column of columns.values()) column.shown()
})
// A file dropped beside a chat must not replace the page.
for (const name of ['dragover', 'drop']) addEventListener(name, (event) => event.preventDefault())
connect()
