/**
 * The verbs of a report. «Did» and «will do» are told apart by their endings alone («сделали», «сделаем»), so every form is made
 * from a row here and none is guessed from a stem.
 */
export type VerbMeaning =
  | 'held' // a thing that took place: «провели», «состоялось»
  | 'made' // a thing that was made or done: «сделали», «подготовлен»
  | 'sent' // a thing handed over: «отправили», «размещено»
  | 'will do'
  | 'will send'
  | 'to do' // an infinitive: wished, asked for or planned, but not done
  | 'to send'
  | 'order' // «отправьте», «пришлите»: something is asked for
  | 'urge' // «сделайте», «проверьте»
  | 'doing'
  | 'was doing' // begun, never said to be finished: «делали»
  | 'to be doing'

/** Perfective verbs: stem of the past | «мы» of the future | passive participle | infinitive, where it is not the stem with -ть. */
const HELD = `
  прове проведем проведен провести
  организова организуем организован
  посети посетим посещен
  обсуди обсудим обсужден
  рассмотре рассмотрим рассмотрен
  поучаствова поучаствуем -
  участвова - -
  выступи выступим -
  съезди съездим -
  сходи - -
  проинформирова проинформируем проинформирован
  оповести оповестим оповещен
  уведоми уведомим уведомлен
  ознакоми ознакомим -
  обучи обучим обучен
  прослуша прослушаем -
  проконсультирова проконсультируем проконсультирован
  протестирова протестируем протестирован
  отработа отработаем отработан
  охвати охватим охвачен
  внедри внедрим внедрен`

const MADE = `
  сдела сделаем сделан
  выполни выполним выполнен
  исполни исполним исполнен
  реализова - реализован
  осуществи осуществим осуществлен
  заверши завершим завершен
  закончи закончим закончен
  окончи окончим окончен
  додела доделаем доделан
  подготови подготовим подготовлен
  приготови приготовим приготовлен
  оформи оформим оформлен
  состави составим составлен
  разработа разработаем разработан
  дополни дополним дополнен
  передела переделаем переделан
  доработа доработаем доработан
  переработа переработаем переработан
  написа напишем написан
  дописа допишем дописан
  заполни заполним заполнен
  дозаполни дозаполним дозаполнен
  утверди утвердим утвержден
  подписа подпишем подписан
  согласова согласуем согласован
  изда издадим издан
  созда создадим создан
  внес внесем внесен внести
  обнови обновим обновлен
  откорректирова откорректируем откорректирован
  скорректирова скорректируем скорректирован
  отредактирова отредактируем отредактирован
  проанализирова проанализируем проанализирован
  провери проверим проверен
  изучи изучим изучен
  собра соберем собран
  сформирова сформируем сформирован
  актуализирова актуализируем актуализирован
  распечата распечатаем распечатан
  оборудова - оборудован
  закупи закупим закуплен
  приобре приобретем приобретен приобрести
  установи установим установлен
  закрепи закрепим закреплен
  распредели распределим распределен
  выяви выявим выявлен
  исправи исправим исправлен
  устрани устраним устранен
  напечата напечатаем напечатан
  закры закроем - закрыть
  отчита - -`

const SENT = `
  отправи отправим отправлен
  высла вышлем выслан
  присла пришлем прислан
  посла пошлем послан
  отосла отошлем отослан
  повеси повесим повешен
  пересла перешлем переслан
  направи направим направлен
  сда сдадим сдан
  переда передадим передан
  отда отдадим отдан
  пода подадим подан
  предостави предоставим предоставлен
  представи представим представлен
  размести разместим размещен
  опубликова опубликуем опубликован
  выложи выложим выложен
  вывеси вывесим вывешен
  загрузи загрузим загружен
  выгрузи выгрузим выгружен
  прикрепи прикрепим прикреплен
  приложи приложим приложен
  скину скинем скинут
  кину кинем -
  сброси сбросим сброшен
  принес принесем - принести
  отвез отвезем - отвезти
  добави добавим добавлен`

/** Verbs of telling only: their future («отпишусь») promises a word, not the task, and their past reports nothing. */
const WILL_TELL = `отчитаюсь отчитаемся отчитается отпишусь отпишемся напишу напишем сообщу сообщим доложу доложим поделюсь
  поделимся покажу покажем позвоню позвоним дам дадим предъявлю`

/** Forms that no row makes. */
const IRREGULAR: Partial<Record<VerbMeaning, string>> = {
  held: `прошел прошла прошло прошли пройден пройдена пройдено пройдены состоялся состоялась состоялось состоялись
    обучились обучился обучилась`,
  made: `внес принят принята приняты отчитались отчитался отчиталась справились справился справилась закрыли закрыл
    закрыто зарегистрировались зарегистрировалась зарегистрировался зарегистрировали приобрел приобрела приобрели`,
  sent: 'принес отвез залили залил залила залито отписались отписался отписалась',
  'will do': `пройдет пройдут состоится состоятся успею успеем успеет справимся справлюсь поучаствую сделаемся закроется
    завершится завершатся закончится издаст издадут создаст создадут подготовится примем примут`,
  'will send': `${WILL_TELL} сдам сдаст сдадут передам передаст передадут отдам отдаст отдадут подам подаст подадут`,
  'to do': 'пройти успеть справиться состояться поучаствовать участвовать принять начать отчитаться закончить',
  doing:
    'идет идут ведется ведутся ведем веду ведут трудимся продолжаем продолжается продолжаю тружусь проходит проходят',
}

/** Imperfective verbs: «мы» of the present | stem of the past | infinitive. */
const DOING = `
  делаем дела делать
  готовим готови готовить
  подготавливаем подготавлива подготавливать
  работаем работа работать
  занимаемся занима заниматься
  проводим проводи проводить
  оформляем оформля оформлять
  составляем составля составлять
  разрабатываем разрабатыва разрабатывать
  дорабатываем дорабатыва дорабатывать
  прорабатываем прорабатыва прорабатывать
  доделываем доделыва доделывать
  переделываем переделыва переделывать
  пишем писа писать
  дописываем дописыва дописывать
  заполняем заполня заполнять
  собираем собира собирать
  согласовываем согласовыва согласовывать
  завершаем заверша завершать
  заканчиваем заканчива заканчивать
  выполняем выполня выполнять
  исполняем исполня исполнять
  осуществляем осуществля осуществлять
  реализуем реализовыва реализовывать
  анализируем анализирова анализировать
  изучаем изуча изучать
  обучаем обуча обучать
  обсуждаем обсужда обсуждать
  рассматриваем рассматрива рассматривать
  проверяем проверя проверять
  корректируем корректирова корректировать
  редактируем редактирова редактировать
  подписываем подписыва подписывать
  утверждаем утвержда утверждать
  размещаем размеща размещать
  загружаем загружа загружать
  печатаем печата печатать
  распечатываем распечатыва распечатывать
  формируем формирова формировать
  обновляем обновля обновлять
  сдаем сдава сдавать
  организовываем организовыва организовывать
  обрабатываем обрабатыва обрабатывать
  отрабатываем отрабатыва отрабатывать
  проходим проходи проходить
  решаем реша решать`

const PAST_ENDINGS = ['л', 'ла', 'ло', 'ли']
const HARD = ['у', 'ешь', 'ет', 'ем', 'ете', 'ут'] // проведем
const SOFT = ['ю', 'ешь', 'ет', 'ем', 'ете', 'ют'] // сделаем
const SECOND = ['ишь', 'ит', 'им', 'ите', 'ят', 'ат', 'ю', 'лю', 'у'] // отправим
const REFLEXIVE = ['тся', 'ются', 'ется', 'ятся', 'ится']

/** «отправлю», «размещу», «сброшу»: how the last consonants change before -у. */
const CHANGED_BEFORE_U: readonly (readonly [RegExp, string])[] = [
  [/ст$/u, 'щ'],
  [/т$/u, 'щ'],
  [/т$/u, 'ч'],
  [/д$/u, 'ж'],
  [/з$/u, 'ж'],
  [/с$/u, 'ш'],
]

/** Every form of the verbs above with what it means. Where a form has two meanings, the first listed below stays. */
export function verbForms(): Map<string, VerbMeaning> {
  const forms = new Map<string, VerbMeaning>()
  const add = (meaning: VerbMeaning, words: Iterable<string>) => {
    for (const word of words) if (!forms.has(word)) forms.set(word, meaning)
  }
  for (const [meaning, words] of Object.entries(IRREGULAR)) add(meaning as VerbMeaning, wordsOf(words))
  for (const row of rowsOf(HELD)) addPerfective(row, 'held', 'will do', 'to do')
  for (const row of rowsOf(MADE)) addPerfective(row, 'made', 'will do', 'to do')
  for (const row of rowsOf(SENT)) addPerfective(row, 'sent', 'will send', 'to send')
  for (const row of rowsOf(DOING)) addImperfective(row)
  return forms

  function addPerfective(row: string[], did: VerbMeaning, will: VerbMeaning, to: VerbMeaning) {
    const [past = '', future = '-', passive = '-', infinitive = `${past}ть`] = row
    add(did, pastForms(past))
    if (passive !== '-')
      add(
        did,
        ['', 'а', 'о', 'ы'].map((ending) => passive + ending),
      )
    add(to, [infinitive])
    if (future !== '-') add(will, presentForms(future))
    if (future !== '-') add(did === 'sent' ? 'order' : 'urge', imperatives(future))
  }

  function addImperfective([present = '', past = '', infinitive = '']: string[]) {
    const reflexive = present.endsWith('ся')
    const plain = reflexive ? present.slice(0, -2) : present
    add(
      'doing',
      presentForms(plain).flatMap((form) => [form, `${form}ся`, `${form}сь`]),
    )
    add(
      'doing',
      REFLEXIVE.map((ending) => plain.slice(0, -2) + ending),
    )
    add(
      'was doing',
      pastForms(past).flatMap((form) => [form, `${form}ся`, `${form}сь`]),
    )
    add('to be doing', [infinitive, `${infinitive}ся`])
    add('urge', imperatives(plain))
  }
}

function pastForms(stem: string): string[] {
  return PAST_ENDINGS.map((ending) => stem + ending)
}

function presentForms(firstPlural: string): string[] {
  const stem = firstPlural.slice(0, -2)
  if (firstPlural.endsWith('им')) return [...SECOND.map((ending) => stem + ending), ...changedBeforeU(stem)]
  return (/[аеиоуыюя]$/u.test(stem) ? SOFT : HARD).map((ending) => stem + ending)
}

function changedBeforeU(stem: string): string[] {
  return CHANGED_BEFORE_U.filter(([end]) => end.test(stem)).map(([end, into]) => `${stem.replace(end, into)}у`)
}

function imperatives(firstPlural: string): string[] {
  const stem = firstPlural.slice(0, -2)
  if (firstPlural.endsWith('им')) return [`${stem}ь`, `${stem}ьте`, `${stem}и`]
  return /[аеиоуыюя]$/u.test(stem) ? [`${stem}й`, `${stem}йте`] : [`${stem}и`, `${stem}ите`]
}

function rowsOf(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((row) => wordsOf(row))
}

function wordsOf(words: string): string[] {
  return words.split(/\s+/u).filter(Boolean)
}
