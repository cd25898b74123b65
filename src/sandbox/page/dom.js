/**
 * Makes an element. What people and bots typed goes in as text nodes only, never as HTML. `facts` are attributes; a function
 * under `onclick` and the like listens, true makes an empty attribute, and null, undefined or false leave it out.
 */
export function h(tag, facts = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(facts)) setFact(element, name, value)
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

function setFact(element, name, value) {
  if (value === null || value === undefined || value === false) return
  if (typeof value === 'function') element.addEventListener(name.slice(2), value)
  else element.setAttribute(name, value === true ? '' : value)
}

const SVG = 'http://www.w3.org/2000/svg'

const SHAPES = {
  send: 'M3 20.5 21.5 12 3 3.5 3 10l12 2-12 2z',
  clip: 'M16.5 6.5v10a4.5 4.5 0 0 1-9 0V5.8a3 3 0 0 1 6 0v9.7a1.5 1.5 0 0 1-3 0V7',
  mic: 'M12 15a3.5 3.5 0 0 0 3.5-3.5v-5a3.5 3.5 0 0 0-7 0v5A3.5 3.5 0 0 0 12 15zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3',
  more: 'M12 5.5v.01M12 12v.01M12 18.5v.01',
  close: 'M6 6l12 12M18 6 6 18',
  pin: 'M9 4h6l-1 6 4 4H6l4-4zM12 14v6',
  reply: 'M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7',
  down: 'M6 10l6 6 6-6',
  keys: 'M4 7h16v10H4zM7.5 10.5v.01M11 10.5v.01M14.5 10.5v.01M8 14h8',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2',
  file: 'M7 3h7l4 4v14H7zM14 3v5h4',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.01',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.5 3-6 6.5-6s6.5 2.500 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14.500c2 .8 3.500 2.800 3.500 5.500',
  play: 'M8 5v14l11-7z',
  pause: 'M8 5v14M16 5v14',
  link: 'M8 16 16.500 7.500M9.500 7.500h7v7',
  ticks: 'M2.500 13l4 4L15 8M11 16l1 1 9-9',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  edit: 'M4 20l1-4L16 5l3 3L8 19z',
  forward: 'M14 6l6 6-6 6M20 12h-9a7 7 0 0 0-7 7',
  copy: 'M8 8h11v12H8zM5 16V4h11',
  block: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12',
  plus: 'M12 5v14M5 12h14',
  contact: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20.500c0-4 3.500-6.500 8-6.500s8 2.500 8 6.500',
}
const FILLED = new Set(['send', 'play'])

/** A drawn sign; it says nothing to a screen reader, the button around it does. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('class', `icon icon-${name}${FILLED.has(name) ? ' filled' : ''}`)
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', SHAPES[name])
  svg.append(path)
  return svg
}

/** A button with a sign and a name that is read out and shown on hovering. */
export function iconButton(name, label, onclick, facts = {}) {
  return h(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick, ...facts },
    icon(name),
  )
}

/** A circle with initials, or with the bot's sign. */
export function avatar(name, colour, size = '') {
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
  const circle = h('span', { class: `avatar ${size}`, 'aria-hidden': 'true' }, initials.toUpperCase())
  circle.style.setProperty('--colour', colour)
  return circle
}

/** Puts `nodes` into `parent` in that order, touching only what is out of place: what plays or has the focus stays. */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes)
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove()
  nodes.forEach((node, index) => {
    if (parent.childNodes[index] !== node) parent.insertBefore(node, parent.childNodes[index] ?? null)
  })
}

/** A list of choices beside `anchor`; closes on a choice, Escape, or a press elsewhere. Entries: `[icon, label, action]`. */
export function openMenu(anchor, entries, head = null) {
  document.querySelector('.menu')?.remove()
  const menu = h('div', { class: 'menu', role: 'menu', popover: 'auto' })
  if (head) menu.append(head)
  for (const [sign, label, action, facts] of entries) {
    const choose = () => {
      menu.hidePopover()
      action()
    }
    menu.append(
      h('button', { type: 'button', role: 'menuitem', onclick: choose, ...facts }, icon(sign), h('span', {}, label)),
    )
  }
  menu.addEventListener('toggle', (event) => event.newState === 'closed' && menu.remove())
  menu.addEventListener('keydown', (event) => moveFocus(menu, event))
  document.body.append(menu)
  menu.showPopover()
  place(menu, anchor)
  menu.querySelector('button')?.focus({ preventScroll: true })
  return menu
}

function moveFocus(menu, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step) return
  event.preventDefault()
  const buttons = [...menu.querySelectorAll('button')]
  buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length]?.focus()
}

function place(menu, anchor) {
  const box = anchor instanceof Element ? anchor.getBoundingClientRect() : anchor
  const { offsetWidth: width, offsetHeight: height } = menu
  const below = box.bottom + 4 + height < innerHeight
  const left = Math.min(Math.max(8, box.left), innerWidth - width - 8)
  const top = below ? box.bottom + 4 : Math.max(8, box.top - height - 4)
  menu.style.left = `${left}px`
  menu.style.top = `${top}px`
}

/** A window over the page with `children`; resolves with the value of the button that closed it, '' for Escape. */
export function openDialog(title, children, buttons) {
  return new Promise((resolve) => {
    const form = h('form', { method: 'dialog' }, h('h2', {}, title), ...children)
    const row = h('div', { class: 'dialog-buttons' })
    const dialog = h('dialog', { class: 'dialog', 'aria-label': title }, form)
    for (const [value, label, facts] of buttons) {
      // Enter in a field presses the first button that submits: never the one that cancels.
      const way = value === '' ? { type: 'button', onclick: () => dialog.close('') } : { value }
      row.append(h('button', { ...way, ...facts }, label))
    }
    form.append(row)
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve({ value: dialog.returnValue, form })
    })
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close(''))
    document.body.append(dialog)
    dialog.showModal()
  })
}
