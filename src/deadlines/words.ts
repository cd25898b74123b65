import type { Node, Unit } from './nodes.ts'
import type { Rhythm } from './units.ts'

/**
 * A row of the dictionary: the forms of a word, what it means, and whether one wrong letter in it is forgiven.
 * Forms are divided by spaces: «март(- а у)» is март, марта, марту; «план*» is every word that begins so.
 */
export type Entry = { forms: string; means: Node | null; forgive?: boolean }

const unit = (value: Unit, plural = false): Node => ({ kind: 'unit', unit: value, abbreviated: false, plural })
const short = (value: Unit): Node => ({ kind: 'unit', unit: value, abbreviated: true, plural: false })
const every = (rhythm: Rhythm): Node => ({ kind: 'every', rhythm, times: 1, parts: [], adverb: true, doubt: false })
const number = (value: number, ordinal: boolean): Node => ({
  kind: 'numbers',
  runs: [{ first: value, last: value }],
  ordinal,
})
const month = (value: number): Node => ({ kind: 'month', month: value })
const season = (value: 'winter' | 'spring' | 'summer' | 'autumn' | 'cold'): Node => ({ kind: 'season', season: value })
const event = (adds: boolean, holidays = false): Node => ({ kind: 'event-word', adds, holidays })

const MONTH_FORMS = [
  'январ(ь я ю е ем) янв янвр',
  'феврал(ь я ю е ем) фев февр',
  'март(- а у е ом) мар',
  'апрел(ь я ю е ем) апр',
  'ма(й я ю е ем)',
  'июн(ь я ю е ем -)',
  'июл(ь я ю е ем -)',
  'август(- а у е ом) авг',
  'сентябр(ь я ю е ем) сен сент сентяб',
  'октябр(ь я ю е ем) окт октяб',
  'ноябр(ь я ю е ем) ноя нояб',
  'декабр(ь я ю е ем) дек декаб',
]

const ORDINALS = [
  'перв(ый ая ое ого ой ому ом ую ые ых ым)',
  'втор(ой ая ое ого ому ом ую ые ых ым)',
  'трет(ий ья ье ьего ьей ьему ьем ью ьи ьих)',
  'четверт(ый ая ое ого ой ому ом ую ые ых)',
  'пят(ый ая ое ого ому ом ую)',
  'шест(ой ая ое ого ому ом)',
  'седьм(ой ая ое ого ому ом)',
  'восьм(ой ая ое ого ому ом)',
  'девят(ый ая ое ого ой ому ом)',
  'десят(ый ая ое ого ой ому ом)',
  'одиннадцат(ый ая ое ого ой ому ом)',
  'двенадцат(ый ая ое ого ой ому ом)',
  'тринадцат(ый ое ого ому ом)',
  'четырнадцат(ый ое ого ому ом)',
  'пятнадцат(ый ое ого ому ом)',
  'шестнадцат(ый ое ого ому ом)',
  'семнадцат(ый ое ого ому ом)',
  'восемнадцат(ый ое ого ому ом)',
  'девятнадцат(ый ое ого ому ом)',
  'двадцат(ый ое ого ому ом)',
]
const CARDINALS = [
  'один одна одно одну одного одной одному одним',
  'два две двух двум',
  'три трех трем',
  'четыре четырех четырем',
  'пять пяти',
  'шесть шести',
  'семь семи',
  'восемь восьми',
  'девять девяти',
  'десять десяти',
]

const WEEKDAY_FORMS = [
  'понедельник(- а у е ом и ов ам ах) пн',
  'вторник(- а у е ом и ов ам ах) вт',
  'сред(а ы у е ой ам ах)',
  'четверг(- а у е ом и ов ам ах) чт',
  'пятниц(а ы у е ей ам ах) пт',
  'суббот(а ы у е ой ам ах) сб',
  'воскресень(е я ю ем ям ях) вс',
]

/** The dictionary, the whole of it. A word that is not here is a remark, and asks for confirmation unless it stands in brackets. A meaning of null adds nothing. */
export const WORDS: readonly Entry[] = [
  ...MONTH_FORMS.map((forms, index) => ({ forms, means: month(index + 1), forgive: true })),
  ...ORDINALS.map((forms, index) => ({ forms, means: number(index + 1, true), forgive: true })),
  ...CARDINALS.map((forms, index) => ({ forms, means: number(index + 1, false) })),
  { forms: 'двадцать', means: number(20, false) },
  { forms: 'тридцать', means: number(30, false) },
  { forms: 'тридцат(ый ое ого ому ом)', means: number(30, true) },
  ...WEEKDAY_FORMS.map((forms, index) => ({
    forms,
    means: { kind: 'weekday', weekday: index + 1 } as const,
    forgive: true,
  })),

  { forms: 'весн(а ы е у ой) весенн*', means: season('spring') },
  { forms: 'лет(о а у е ом) летн*', means: season('summer') },
  { forms: 'осен(ь и ью) осенн*', means: season('autumn') },
  { forms: 'зим(а ы е у ой) зимн*', means: season('winter') },

  { forms: 'год(- а у е ом) годичн*', means: unit('year') },
  { forms: 'год(ы ов ам ах)', means: unit('year', true) },
  { forms: 'г гг', means: short('year') },
  { forms: 'учебн(ый ого ому ом ые ых) уч учеб учебн школьн*', means: { kind: 'academic' }, forgive: true },
  { forms: 'учгод', means: unit('school-year') },
  { forms: 'полугоди(е я ю и ем) полугод* полгод(а у)', means: unit('half'), forgive: true },
  { forms: 'полугоди(й ям ях)', means: unit('half', true), forgive: true },
  { forms: 'пг', means: short('half') },
  { forms: 'квартал(- а у е ом)', means: unit('quarter'), forgive: true },
  { forms: 'квартал(ы ов ам ах)', means: unit('quarter', true), forgive: true },
  { forms: 'кв кварт', means: short('quarter') },
  { forms: 'четверт(ь и ью)', means: unit('term'), forgive: true },
  { forms: 'четверт(ей ям ях)', means: unit('term', true), forgive: true },
  { forms: 'триместр(- а у е ом)', means: unit('trimester'), forgive: true },
  { forms: 'триместр(ы ов ам ах)', means: unit('trimester', true), forgive: true },
  { forms: 'месяц(- а у е ем)', means: unit('month'), forgive: true },
  { forms: 'месяц(ы ев ам ах)', means: unit('month', true), forgive: true },
  { forms: 'мес', means: short('month') },
  { forms: 'декад(а ы е у ой ам ах)', means: unit('ten-days') },
  { forms: 'половин(а ы е у ой)', means: unit('half-of') },
  { forms: 'недел(я ю е ей)', means: unit('week'), forgive: true },
  { forms: 'недел(и ь ям ях)', means: unit('week', true) },
  { forms: 'нед', means: short('week') },
  { forms: 'день дня дню днем дне сутки суток', means: unit('day') },
  { forms: 'дни дней дням днях', means: unit('day', true) },
  { forms: 'период(- а у е ом)', means: unit('period'), forgive: true },
  { forms: 'числ(а о у) чисел ч', means: { kind: 'day-word' } },

  { forms: 'числах', means: { kind: 'days-word' } },
  { forms: 'начал(о а у е ом) нач', means: { kind: 'edge', edge: 'start' } },
  { forms: 'середин(а ы е у ой) сер', means: { kind: 'edge', edge: 'middle' }, forgive: true },
  { forms: 'кон(ец ца цу це цом) кон', means: { kind: 'edge', edge: 'end' } },
  { forms: 'последн(ий яя ее его ей ему ем юю ие их)', means: { kind: 'last', back: 0 }, forgive: true },
  { forms: 'предпоследн(ий яя ее его ей ему ем юю)', means: { kind: 'last', back: 1 }, forgive: true },

  { forms: 'ежегодн(о ый ая ое ые ого) погодов(о)', means: every('year'), forgive: true },
  { forms: 'ежеквартальн(о ый ая ое ые ого) поквартально', means: every('quarter'), forgive: true },
  { forms: 'ежемесячн(о ый ая ое ые ого) помесячно', means: every('month'), forgive: true },
  { forms: 'еженедельн(о ый ая ое ые ого) понедельно', means: every('week'), forgive: true },
  { forms: 'ежедневн(о ый ая ое ые)', means: { kind: 'daily' }, forgive: true },
  {
    forms: 'кажд(ый ая ое ого ой ому ом ую ые ых) люб(ой ого) все всех',
    means: { kind: 'each' },
    forgive: true,
  },
  { forms: 'раз раза разу р', means: { kind: 'times', count: undefined } },
  { forms: 'единожды однажды однократно', means: { kind: 'times', count: 1 } },
  { forms: 'дважды двукратно', means: { kind: 'times', count: 2 } },
  { forms: 'трижды трехкратно', means: { kind: 'times', count: 3 } },
  { forms: 'четырежды', means: { kind: 'times', count: 4 } },

  { forms: 'до', means: { kind: 'until' } },
  { forms: 'позднее позже', means: { kind: 'not-later' }, forgive: true },
  { forms: 'ранее раньше', means: { kind: 'not-before' } },
  { forms: 'к ко перед накануне', means: { kind: 'by' } },
  { forms: 'по', means: { kind: 'through' } },
  { forms: 'с со от начиная', means: { kind: 'since' } },
  { forms: 'после спустя', means: { kind: 'after' } },
  { forms: 'течение течении теч протяжении протяжение втечение втечении', means: { kind: 'within' }, forgive: true },
  { forms: 'весь всю всего всей всем целый целого круглый', means: { kind: 'whole' } },
  { forms: 'за', means: { kind: 'per' } },
  {
    forms: 'следующ(ий ая его ей ему ем ую) последующ(ий ая его ей ему ем ую)',
    means: { kind: 'next' },
    forgive: true,
  },
  { forms: 'следующие последующие последующих следующих', means: { kind: 'next' } },
  { forms: 'отчетн(ый ая ого ой ому ым ом) истекш(ий его им)', means: { kind: 'reporting' }, forgive: true },
  { forms: 'включительно включ вкл', means: { kind: 'inclusive' }, forgive: true },
  { forms: 'далее затем потом впоследствии', means: { kind: 'later' } },
  { forms: 'и', means: { kind: 'and' } },
  { forms: 'отчет(- а ы у ом) отчеты отчетов отчетност* доклад*', means: { kind: 'report' } },

  {
    forms:
      'постоянн(о ый ая ое ой ую) непрерывно бессрочно регулярн* систематически систематическ* круглогодично перманентно',
    means: { kind: 'constantly' },
    forgive: true,
  },
  {
    forms: 'примерно ориентировочн* предположительно около возможно вероятно или либо через',
    means: { kind: 'doubtful' },
  },

  { forms: 'окончани* завершени*', means: { kind: 'finish' } },
  { forms: 'кроме исключением исключая', means: { kind: 'except' } },
  { forms: 'рабоч(ий его ая ей их ие)', means: { kind: 'working' } },

  // What ties an activity to an event or a request, not to the calendar. Those that add ask for more dates than are named.
  {
    forms:
      'согласно соответствии рамках ходе время итогам итогу результатам истечении момента порядке случае одновременно совместно вслед',
    means: { kind: 'opener', adds: false },
  },
  { forms: 'мере при факту', means: { kind: 'opener', adds: true } },
  {
    forms:
      'график* план* расписани* договор* соглашени* приказ* распоряжени* регламент* положени* программ* утвержд* установлен* срокам проведени* заседани* назнач* гиа егэ огэ впр гвэ нико рдр ркр экзамен* аттестац* олимпиад* диагностик* мониторинг* процедур* отдельн* индивидуальн* дневн* трехдневн* пятидневн* десятидневн* особому особом конкурс* этап* получени* подписани* минпрос* министерств* рособрнадзор*',
    means: event(false),
  },
  {
    forms:
      'запрос* необходим* заявк* заявлен* обращени* требовани* востребован* поступлени* наличи* потребност* приглашени* согласовани* договоренност* вызов*',
    means: event(true),
  },
  { forms: 'каникул* каникулярн*', means: event(false, true) },
  { forms: 'бессрока безсрока', means: { kind: 'unscheduled' } },

  { forms: 'реализаци* действи* исполнени* выполнени*', means: { kind: 'realization' } },

  // Words that add nothing to a date.
  {
    forms:
      'в во на о об срок сроки срока сроков сроком сроках дата даты дату сроке не реже чаще менее более меньше минимум ' +
      'максимум как текущ* календарн* финансов* нынешн* данн* этого основе режиме дорожн* карт* проект* ' +
      'онлайн очно заочно дистанционно очередно* ровно уже а также же чем но',
    means: null,
  },
]
