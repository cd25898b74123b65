/** What the page knows: the sandbox's state as the events tell it, and what only this browser keeps. */
export const store = {
  bot: { id: 0, name: '', username: '', description: '' },
  people: new Map(),
  rooms: new Map(),
  clock: { now: Date.now(), isMovable: false, goal: null, timeZone: 'Europe/Moscow' },
  samples: [],
  introduction: '',
  isReady: false,
}

const listeners = new Set()

/** Calls `listener` with what changed: `{ what, room?, … }`. */
export function onChange(listener) {
  listeners.add(listener)
}

function tell(change) {
  for (const listener of listeners) listener(change)
}

let clockReadAt = performance.now()
let lastVersion = 0

/** Milliseconds since 1970 by the sandbox's clock. */
export function now() {
  return store.clock.now + (performance.now() - clockReadAt)
}

function roomFrom(facts, former) {
  const room = { ...facts, messages: new Map(), hasEarlier: facts.hasEarlier ?? false }
  for (const kept of facts.messages ?? []) keep(room, kept, former?.messages.get(kept.message.message_id))
  return room
}

/** A message that is the same as before keeps its version, so that what is on the screen stays untouched. */
function keep(room, kept, former) {
  const gist = JSON.stringify(kept)
  const version = former?.gist === gist ? former.version : ++lastVersion
  room.messages.set(kept.message.message_id, { ...kept, gist, version })
}

function setClock(clock) {
  store.clock = clock
  clockReadAt = performance.now()
}

const handlers = {
  state(state) {
    const former = store.rooms
    store.bot = state.bot
    store.people = new Map(state.people.map((person) => [person.id, person]))
    store.rooms = new Map(state.rooms.map((room) => [room.id, roomFrom(room, former.get(room.id))]))
    store.samples = state.samples
    store.introduction = state.introduction
    store.isReady = true
    setClock(state.clock)
    for (const [id, room] of store.rooms) room.typingUntil = former.get(id)?.typingUntil
    tell({ what: 'state' })
  },
  message({ room: id, kept }) {
    const room = store.rooms.get(id)
    if (!room) return
    const isNew = !room.messages.has(kept.message.message_id)
    keep(room, kept)
    if (isNew && kept.message.from.id === store.bot.id) room.typingUntil = 0
    tell({ what: 'message', room, isNew, kept })
  },
  deleted({ room: id, messageId }) {
    const room = store.rooms.get(id)
    room?.messages.delete(messageId)
    if (room) tell({ what: 'room', room })
  },
  room(facts) {
    const known = store.rooms.get(facts.id)
    if (known) Object.assign(known, facts)
    else store.rooms.set(facts.id, roomFrom({ ...facts, messages: [] }))
    tell({ what: known ? 'room' : 'state', room: store.rooms.get(facts.id) })
  },
  person(person) {
    store.people.set(person.id, person)
    tell({ what: 'people' })
  },
  answer(facts) {
    tell({ what: 'answer', ...facts })
  },
  action({ room: id }) {
    const room = store.rooms.get(id)
    if (!room) return
    room.typingUntil = performance.now() + 5000
    tell({ what: 'typing', room })
    setTimeout(() => tell({ what: 'typing', room }), 5050)
  },
  clock(clock) {
    setClock(clock)
    tell({ what: 'clock' })
  },
}

/** Listens to the sandbox for as long as the page is open; the browser itself tries again after a break. */
export function connect() {
  const source = new EventSource('/page/events')
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)))
  }
  source.addEventListener('open', () => tell({ what: 'link', isUp: true }))
  source.addEventListener('error', () => tell({ what: 'link', isUp: false }))
}

/** Asks the sandbox for something. Throws Error with words for the person. */
export async function ask(path, body) {
  const isForm = body instanceof FormData
  const response = await fetch(path, {
    method: 'POST',
    body: isForm ? body : JSON.stringify(body),
    ...(isForm ? {} : { headers: { 'content-type': 'application/json' } }),
  }).catch(() => {
    throw new Error('Нет связи с песочницей')
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.problem ?? 'Не получилось')
  return answer
}

/** Loads the messages before the earliest one known. */
export async function loadEarlier(room) {
  const [first] = room.messages.keys()
  const response = await fetch(`/page/earlier?chat=${room.id}&before=${first ?? 0}`)
  const { messages, hasEarlier } = await response.json()
  const later = room.messages
  room.messages = new Map()
  for (const kept of messages) keep(room, kept)
  for (const [id, kept] of later) room.messages.set(id, kept)
  room.hasEarlier = hasEarlier
  tell({ what: 'room', room })
}

/** What this browser keeps between visits. */
export const memory = {
  get(key, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`sandbox.${key}`)) ?? otherwise
    } catch {
      return otherwise
    }
  },
  set(key, value) {
    localStorage.setItem(`sandbox.${key}`, JSON.stringify(value))
  },
}

/** The name of a person as a chat shows it. */
export function nameOf(person) {
  return [person.firstName, person.lastName].filter(Boolean).join(' ')
}

/** The chats of a person: with the bot first, then the groups. */
export function roomsOf(personId) {
  const own = [...store.rooms.values()].filter((room) => room.members.includes(personId))
  return own.sort((one, other) => Number(other.id === personId) - Number(one.id === personId))
}

/** How many messages of others the person has not seen in the chat. */
export function unreadIn(room, personId) {
  const read = room.read[personId] ?? 0
  let count = 0
  for (const { message } of room.messages.values()) {
    if (message.message_id > read && message.from.id !== personId) count++
  }
  return count
}
