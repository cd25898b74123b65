import { avatar, h, icon, openDialog } from './dom.js'
import { ask, memory, nameOf, now, store } from './store.js'
import { dayOf, fieldTimeOf, longDateOf, timeOf } from './words.js'

const TICK_MS = 1000

/** The bar at the top: clock, its buttons, people; and «С чего начать» under it. */
export function createBar(board) {
  const element = document.querySelector('#bar')
  const intro = document.querySelector('#intro')
  const date = h('span', { class: 'clock-date' })
  const time = h('time', { class: 'clock-time' })
  const progress = h('span', { class: 'clock-progress', role: 'status', hidden: true })
  const steps = h('div', { class: 'clock-steps', role: 'group', 'aria-label': 'Перевести часы' })
  const problem = h('span', { class: 'bar-problem', role: 'alert', hidden: true })

  async function move(wish) {
    problem.hidden = true
    try {
      await ask('/page/clock', wish)
    } catch (failure) {
      problem.textContent = failure.message
      problem.hidden = false
    }
  }

  async function chooseDate() {
    const input = h('input', { type: 'datetime-local', class: 'field', required: true, 'aria-label': 'Дата и время' })
    input.value = fieldTimeOf(now())
    input.min = input.value
    const words = h('p', {}, 'Все дни до этой даты пройдут по-настоящему: бот разошлёт всё, что должен.')
    const { value } = await openDialog(
      'Перевести часы',
      [words, input],
      [
        ['', 'Отмена'],
        ['yes', 'Перевести', { class: 'main' }],
      ],
    )
    if (value === 'yes' && input.value) move({ to: input.value.slice(0, 16) })
  }

  const STEPS = [
    ['+1 час', () => move({ step: 'hour' })],
    ['+1 день', () => move({ step: 'day' })],
    ['Следующий понедельник', () => move({ step: 'monday' })],
    ['Выбрать дату…', chooseDate],
  ]
  for (const [words, onclick] of STEPS) steps.append(h('button', { type: 'button', class: 'step', onclick }, words))

  const people = h(
    'button',
    { type: 'button', class: 'step people', onclick: choosePeople },
    icon('people'),
    h('span', {}, 'Люди'),
  )
  element.append(
    h(
      'span',
      { class: 'brand' },
      h('img', { src: '/page/icon.svg', alt: '', width: 28, height: 28 }),
      h('b', {}, 'Песочница'),
    ),
    h('div', { class: 'clock' }, icon('clock'), h('span', { class: 'clock-words' }, time, date), progress),
    steps,
    problem,
    people,
  )

  async function choosePeople() {
    const rows = [...store.people.values()].map((person) => {
      const check = h('input', { type: 'checkbox', onchange: () => board.setHidden(person.id, !check.checked) })
      check.checked = !board.isHidden(person.id)
      return h(
        'label',
        { class: 'person-row' },
        check,
        avatar(nameOf(person), person.colour, 'small'),
        h('span', {}, nameOf(person), h('small', {}, person.role)),
      )
    })
    const add = h(
      'button',
      { type: 'button', class: 'step wide', onclick: (event) => addNew(event) },
      icon('plus'),
      h('span', {}, 'Новый человек'),
    )
    await openDialog(
      'Кто на экране',
      [h('div', { class: 'person-rows' }, rows), add],
      [['', 'Готово', { class: 'main' }]],
    )
  }

  async function addNew(event) {
    event.target.closest('dialog').close()
    const field = (name, label, facts = {}) =>
      h('label', { class: 'field-row' }, label, h('input', { name, class: 'field', maxlength: 64, ...facts }))
    const fields = [
      field('firstName', 'Имя', { required: true }),
      field('lastName', 'Фамилия'),
      field('role', 'Кто это', { placeholder: 'например, завуч школы № 2' }),
      field('phone', 'Телефон', {
        placeholder: '+79001234567',
        pattern: '\\+?\\d{5,15}',
        title: 'Только цифры, от 5 до 15',
      }),
    ]
    const { value, form } = await openDialog('Новый человек', fields, [
      ['', 'Отмена'],
      ['yes', 'Добавить', { class: 'main' }],
    ])
    if (value !== 'yes') return
    const facts = Object.fromEntries([...new FormData(form)].filter(([, words]) => words.trim() !== ''))
    await board.addPerson(facts).catch((failure) => {
      problem.textContent = failure.message
      problem.hidden = false
    })
  }

  intro.open = memory.get('intro', innerWidth > 720)
  intro.addEventListener('toggle', () => memory.set('intro', intro.open))

  function refreshIntro() {
    if (intro.childElementCount > 0) return
    // The introduction is the project's own text, given at the start; nobody on the page can change it.
    const more = h('div', { class: 'intro-more' })
    more.innerHTML = store.introduction
    intro.append(h('summary', {}, 'С чего начать'), h('div', { class: 'intro-words' }, ownIntroduction(), more))
  }

  function tick() {
    const at = now()
    time.textContent = timeOf(at)
    date.textContent = longDateOf(at)
  }

  setInterval(tick, TICK_MS)
  return {
    refresh() {
      tick()
      refreshIntro()
      const { goal, isMovable } = store.clock
      steps.hidden = !isMovable
      progress.hidden = goal === null
      progress.textContent = goal === null ? '' : `часы идут до ${timeOf(goal)}, ${dayOf(goal, 0)}…`
      for (const button of steps.children) button.disabled = goal !== null
    },
  }
}

function ownIntroduction() {
  const lines = [
    'Здесь телефоны нескольких людей рядом. Пишите за любого из них, как в обычном Telegram.',
    'Если внизу кнопка «Запустить», нажмите её: человек откроет чат с ботом.',
    'Скрепка прикрепляет фото и файлы; их можно и просто перетащить в чат. Там же лежат примеры.',
    'Ответить на сообщение: дважды нажмите на него. Остальное: по кнопке с точками рядом с ним.',
    'Часы вверху можно перевести вперёд: бот разошлёт всё, что должен был за это время.',
  ]
  return h(
    'ol',
    {},
    lines.map((line) => h('li', {}, line)),
  )
}
