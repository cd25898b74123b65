import { foldText } from './content.ts'

/** Who reports on an activity: every school of the programme, schools named in the cell, or the department and its services. */
export type Executor = 'schools' | 'named-schools' | 'municipal'

/** The order in which executors are listed, whatever the order of the cell. */
const ORDER: Executor[] = ['schools', 'named-schools', 'municipal']

/**
 * What a word of the cell says.
 * - `schools`, `named-schools`, `municipal`: whose person or body the phrase speaks of.
 * - `staff`: somebody of the department, unless a school or another body is named next to them («рабочая группа ОО»).
 * - `person`: somebody of the body named next («руководители ОО», «руководители РМО»); of a school where none is.
 * - `outsider`: neither a school nor the municipality; nobody of the programme.
 * - `object`: what follows is what the work is about, not who does it («группа по сопровождению ОО»).
 */
type Sense = Executor | 'staff' | 'person' | 'outsider' | 'object' | 'break'

const END = '(?!\\p{L})'
const SCHOOL = `(?:(?:школ|гимнази|лице[йяюе])\\p{L}*|(?:обще)?образовательн\\p{L}* (?:организаци|учреждени)\\p{L}*|ОО${END}|ОУ${END}|ОБОО${END}|ШНОР${END}|ШНУС${END}|ШНР${END})`
const GOOD = '(?:высок|стабильн(?!о низк)|устойчив(?!о низк)|лучш|успешн)\\p{L}*'
const KIND = '(?:СОШ|ООШ|НОШ|ОШ|ЦО|ОЦ|ВСОШ|ВОШ|СШ|школа|гимназия|лицей)'
const LEGAL = 'М[КБА]?(?:ОУ|БОУ)'
const QUOTED = '(?:«[^»]*»?|"[^"]*"?)'
const NUMBERS = '(?:№\\s*)+\\d+(?:\\s*(?:,|и)\\s*(?:№\\s*)?\\d+(?!\\p{L}))*'
const PLACE = '(?:имени|им\\.|с\\.|п\\.|д\\.|г\\.|х\\.|ст\\.|пос\\.|села |пос[её]лка |города )'
/** Words up to the next comma or «и». */
const REST = '(?:(?! и )[^,;«]|«[^»]*»)*'

/**
 * The words that name executors, the more particular first. The cell is read with the capitals of whole words made small, so
 * only abbreviations are written in capitals here.
 */
const WORDS: [sense: Sense, words: string, example: string][] = [
  ['break', '(?:совместно с|при (?:участии|поддержке)|с (?:привлечением|участием))', 'УО совместно с ОО'],
  ['object', '(?:по|для|с|со|за|над|на|при|из)(?= )', 'рабочая группа по сопровождению ОО'],

  [
    'named-schools',
    `${SCHOOL}[^;«]{0,40}?(?:демонстриру|показыва|показавш|име)\\p{L}*[^;]{0,30}?(?<!\\p{L})${GOOD}[^,;]*`,
    'ОО, имеющие стабильные и высокие результаты',
  ],
  [
    'named-schools',
    `${SCHOOL} с(?:о)? (?:стабильно |устойчиво )?(?:высок|лучш|стабильными)\\p{L}*[^,;]*`,
    'школы с высокими результатами',
  ],
  [
    'named-schools',
    `${SCHOOL}\\s*[-–—]\\s*(?:сетев\\p{L}* )?(?:наставни|партн[её]р|лидер|куратор|консультант|донор|ресурс|стаж)\\p{L}*`,
    'школы-наставники',
  ],
  [
    'named-schools',
    `(?:ведущ|сильн|успешн|опорн|базов|лучш|резильентн|передов|наставническ)\\p{L}* ${SCHOOL}`,
    'ведущие школы',
  ],
  ['named-schools', 'сетев\\p{L}* партн[её]р\\p{L}*', 'сетевые партнёры'],
  ['named-schools', '(?:стажировочн|базов|опорн)\\p{L}* площад\\p{L}*', 'стажировочные площадки'],

  ['municipal', `${LEGAL} ДОД?${END}\\s*${QUOTED}?`, 'МБОУ ДО «Дом творчества»'],
  [
    'municipal',
    `${LEGAL}(?: ДПО)?\\s*[«"][^»"]*(?:ИМЦ|ЦДиК|МЦ${END}|ЦРО|методич|диагностик|психолог|центр развития|ППМС|ПМПК)[^»"]*[»"]`,
    'МКОУ «ИМЦ»',
  ],
  ['municipal', `М[КБА]У(?: (?:ДПО|ДО))?${END}\\s*${QUOTED}?`, 'МКУ «ЦРО»'],
  [
    'municipal',
    '(?:методическ|информационно-методическ|районн|городск|муниципальн)\\p{L}* центр\\p{L}*',
    'методический центр',
  ],
  ['municipal', '(?:рай|гор)?метод(?:кабинет|центр|служб|объединени|совет)\\p{L}*', 'методкабинет'],

  ['named-schools', `${LEGAL}(?: ${KIND})?${END}[^,;«"№]{0,60}${NUMBERS}`, 'МБОУ ЦО №№ 17, 24'],
  ['named-schools', `${LEGAL}(?: ${KIND})?${END}\\s*${QUOTED}`, 'МАОУ «Гимназия № 11»'],
  ['named-schools', `${LEGAL} (?:${KIND} ${PLACE}|\\p{Ll}+(?:ая|ий|ой) ${KIND})${REST}`, 'МОУ СОШ с. Поима'],
  ['named-schools', `(?:${SCHOOL}|${KIND}|центр\\p{L}* образования)\\s*${NUMBERS}`, 'школы № 5, 7'],
  ['named-schools', `${KIND}(?: ${PLACE}${REST}|\\s*${QUOTED})`, 'СОШ с. Поима'],
  [
    'named-schools',
    `(?!город|сель|муницип|началь)\\p{Ll}+ская (?:СОШ|ООШ|ОШ|НОШ|СШ|школа|гимназия)${END}(?:\\s*${NUMBERS})?`,
    'Поимская школа',
  ],
  ['schools', `(?:${LEGAL}|СОШ|ООШ|НОШ)${END}`, 'директора МБОУ'],

  [
    'schools',
    `(?:обще|внутри)?школьн\\p{L}*(?: \\p{Ll}+)?|ШМО${END}|ШМС${END}|завуч\\p{L}*|классн\\p{L}* руководител\\p{L}*`,
    'школьный координатор',
  ],
  [
    'outsider',
    `(?:региональн|областн|краев|республиканск)\\p{L}*[^,;]*|Г[АБК]О?У\\s[^,;«]*(?:«[^»]*»)?|\\p{Lu}*ИРО${END}|ФГ\\p{Lu}+${END}|министерств\\p{L}*[^,;]*|П?ДО[ОУ]${END}|ПОО${END}|родител\\p{L}*`,
    'ГАУ ДПО «ИРО»',
  ],

  [
    'municipal',
    '(?:муниципальн|районн|городск|окружн)\\p{L}* (?!бюджет|казенн|казённ|автоном|обще|образоват|школ|сет)\\p{L}+',
    'муниципальный координатор',
  ],
  ['municipal', '(?:сетев\\p{L}* )?(?:куратор|методист|тьютор)\\p{L}*', 'куратор школы-участницы'],
  [
    'municipal',
    `\\p{Lu}?МО${END}|(?:предметн|профессиональн|методическ)\\p{L}* (?:методическ\\p{L}* )?(?:объединени|сообществ|служб|кабинет|совет|комисси)\\p{L}*`,
    'руководители РМО',
  ],
  [
    'municipal',
    `(?:УО|РУО|ГУО|МОУО|ОМС|ОМСУ|РОО|КО|ДО|ОУО|МОО|Р?ИМЦ|ГИМЦ|ММЦ|МЦРО|Р?ЦРО|ИМК|РМК|ТМС|РМС|ММС|ГМС|ЦДи?К|М?ЦОКО|Т?ПМПК|ЦПМПК|Ц?ППМС\\p{L}*(?:-\\p{L}+)?|ЦНПП?И?М|КДН\\p{L}*|ПДН)${END}`,
    'УО',
  ],
  [
    'municipal',
    `(?:управлени|отдел(?!ен)|департамент|комитет|сектор)\\p{L}*|муниципалитет\\p{L}*|учредител\\p{L}*|начальник\\p{L}*|заведующ\\p{L}*|инспектор\\p{L}*`,
    'начальник отдела образования',
  ],
  [
    'municipal',
    `администраци\\p{L}* (?=(?:\\p{L}+ )?(?:город|район|округ|муницип|поселен|МО${END}|МР${END}|г\\.))`,
    'администрация района',
  ],
  ['municipal', 'центр\\p{L}*(?! образован)(?! «)', 'руководители центров'],

  [
    'staff',
    `(?:рабоч|экспертн|проектн|творческ|инициативн)\\p{L}* групп\\p{L}*|РГ${END}|специалист\\p{L}*|координатор\\p{L}*|психолог\\p{L}* служб\\p{L}*|служб\\p{L}*|эксперт\\p{L}*|члены совет\\p{L}*`,
    'рабочая группа ОО',
  ],
  [
    'staff',
    `(?:педагог|учител)\\p{L}*[- ](?:психолог|логопед|дефектолог)\\p{L}* (?=[^,;]{0,40}(?:ППМС|ПМПК|МЦ|ЦРО|ЦДиК|центр))`,
    'педагог-психолог ППМС-центра',
  ],
  ['person', 'ответственн\\p{L}* за [^,;]{1,40}? в(?= (?:ОО|ОУ|школ))', 'ответственный за ВПР в ОО'],
  ['person', '(?:заместител\\p{L}*|зам\\.?|директор\\p{L}*|руководител\\p{L}*|администраци\\p{L}*)', 'руководители ОО'],
  ['schools', `${SCHOOL}`, 'все школы'],
  [
    'schools',
    '(?:учител|педагог|преподавател|педсовет|библиотекар|логопед)\\p{L}*|педагогическ\\p{L}* (?:коллектив|работник|совет)\\p{L}*|управленческ\\p{L}* команд\\p{L}*|коллектив\\p{L}*|участник\\p{L}* (?:проекта|программы)',
    'педагоги',
  ],
]

const RULES = WORDS.map(([sense, words]) => ({ sense, words: new RegExp(words, 'yu') }))

type Token = { sense: Sense; start: number; end: number }

/**
 * Who reports, by the words of the executor's cell (a new line stands for a paragraph of the cell): `executors` in a fixed order, `[]` where the cell names nobody known, and
 * `schools` the schools that it names, as written («МБОУ ЦО № 17»), one for each number.
 */
export function executorsOf(cell: string): { executors: Executor[]; schools: string[] } {
  const text = foldText(cell.replace(/\n\s*(?=[\p{Lu}«])/gu, '; '))
  const phrases = phrasesOf(tokensOf(text))
  const found = new Set(phrases.map((_, at) => executorOf(phrases, at)))
  return { executors: ORDER.filter((executor) => found.has(executor)), schools: namesIn(text, phrases) }
}

/** The schools that an executor's cell names, as written, one for each number. */
export function namedSchools(cell: string): string[] {
  return executorsOf(cell).schools
}

/** `text` with words written with a capital, or all in capitals, made small. Abbreviations stay; the length does not change. */
function withSmallWords(text: string): string {
  return text.replace(/\p{Lu}\p{Ll}+(?![\p{Lu}])|\p{Lu}{7,}/gu, (word) => word.toLowerCase())
}

function tokensOf(text: string): Token[] {
  const small = withSmallWords(text)
  const tokens: Token[] = []
  let position = 0
  while (position < small.length) {
    const token = tokenAt(small, position)
    if (token && token.end > position) {
      if (startsAnew(text, token, tokens.at(-1))) tokens.push({ sense: 'break', start: position, end: position })
      tokens.push(token)
      position = token.end
    } else {
      position = nextWord(small, position)
    }
  }
  return tokens
}

function tokenAt(small: string, position: number): Token | null {
  const mark = /(?:[,;/()]|и |а также )/y
  mark.lastIndex = position
  if (mark.test(small)) return { sense: 'break', start: position, end: mark.lastIndex }
  for (const { sense, words } of RULES) {
    words.lastIndex = position
    if (words.test(small)) return { sense, start: position, end: words.lastIndex }
  }
  return null
}

function nextWord(text: string, position: number): number {
  const rest = /[\p{L}\d-]*[^\p{L}\d(,;/]*/uy
  rest.lastIndex = position
  rest.test(text)
  return Math.max(rest.lastIndex, position + 1)
}

/**
 * Cells come with their lines run together («Управление образования Руководители ОУ», «УО МКУ «ИМЦ» ОО»): a capital begins a new
 * executor, unless it is an abbreviation that ends what the words before it say («сопровождению ОО», «директор МОУ»).
 */
function startsAnew(text: string, token: Token, before: Token | undefined): boolean {
  const [first = '', second = ''] = text.slice(token.start)
  if (!before || before.sense === 'break' || !/\p{Lu}/u.test(first)) return false
  if (/\p{Ll}/u.test(second)) return !(before.sense === 'object' && before.end + 1 >= token.start)
  return /[\p{Lu}»")]\s*$/u.test(text.slice(0, token.start))
}

function phrasesOf(tokens: Token[]): Token[][] {
  const phrases: Token[][] = [[]]
  for (const token of tokens) {
    if (token.sense === 'break') phrases.push([])
    else phrases.at(-1)?.push(token)
  }
  return phrases.filter((phrase) => phrase.length > 0)
}

/** The first body that a phrase names before it begins to say what the work is about. */
function bodyOf(phrase: Token[]): Sense | null {
  const about = phrase.findIndex(({ sense }) => sense === 'object')
  const said = about < 0 ? phrase : phrase.slice(0, about)
  const bodies = said.filter(({ sense }) => sense !== 'person' && sense !== 'staff')
  const named = bodies[0]?.sense === 'schools' && bodies[1]?.sense === 'named-schools' // «педагоги СОШ № 5»
  return (bodies[named ? 1 : 0] ?? said[0])?.sense ?? null
}

/** A person without a body belongs to the body of the next person («директора, заместители директоров школ»), else to a school. */
function executorOf(phrases: Token[][], at: number): Executor | null {
  const body = bodyOf(phrases[at] ?? [])
  if (body === 'staff') return 'municipal'
  if (body === 'person') {
    const next = phrases[at + 1]
    return next?.[0]?.sense === 'person' ? executorOf(phrases, at + 1) : 'schools'
  }
  return ORDER.find((executor) => executor === body) ?? null
}

function namesIn(text: string, phrases: Token[][]): string[] {
  const named = phrases.filter((phrase) => bodyOf(phrase) === 'named-schools').flat()
  return named
    .filter(({ sense, start, end }) => sense === 'named-schools' && /\d|«|[а-яё]\.|ская /u.test(text.slice(start, end)))
    .flatMap(({ start, end }) => oneForEachNumber(text.slice(start, end).trim()))
}

function oneForEachNumber(name: string): string[] {
  const list = /^(?<kind>[^№]*)[№\s]+(?<numbers>\d+(?:\s*(?:,|и)\s*(?:№\s*)?\d+)+)$/u.exec(name)
  if (!list?.groups) return [name]
  const { kind = '', numbers = '' } = list.groups
  return [...numbers.matchAll(/\d+/g)].map(([number]) => `${kind}№ ${number}`)
}

/** The words of each rule with the cell that shows it; the tests read them. */
export const executorExamples: { sense: Sense; example: string }[] = WORDS.map(([sense, , example]) => ({
  sense,
  example,
}))
