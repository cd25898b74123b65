import type { Intent } from './reply.ts'
import type { Signal } from './signals.ts'

/** A rule: when the signals of all clauses about the same tasks together mean `intent`. */
export type Rule = { name: string; intent: Intent; when: (says: Says) => boolean; examples: readonly string[] }

/** Asks whether any of the signals is there. */
type Says = (...signals: Signal[]) => boolean

/** The rules, first fitting first: what contradicts itself is asked about before anything is believed. Examples are run by the tests. */
export const RULES: readonly Rule[] = [
  {
    name: 'doubt, hearsay, a condition or somebody else: ask',
    intent: 'unclear',
    when: (says) => says('doubt') && !says('postpone'),
    examples: ['вроде сделали', 'сделали бы, но никак', 'если успеем, проведём', 'соседи уже провели', 'это не ко мне'],
  },
  {
    name: 'called off, and not said to be impossible: ask',
    intent: 'unclear',
    when: (says) => says('called off') && !says('postpone', 'cannot'),
    examples: ['мероприятие отменили'],
  },
  {
    name: 'moved to a day and held since: done',
    intent: 'done',
    when: (says) => says('moved') && says('held', 'made') && !says('not done', 'half', 'will', 'will later', 'plan'),
    examples: ['перенесли и провели вчера'],
  },
  {
    name: 'both done and to be postponed, or postponed and not: ask',
    intent: 'unclear',
    when: (says) => says('postpone') && says('held', 'made', 'not postpone', 'not for us'),
    examples: ['переносить не надо'],
  },
  {
    name: 'asked to be postponed',
    intent: 'postpone',
    when: (says) => says('postpone'),
    examples: ['перенесите на 20 апреля', 'можно сдать позже?', 'не успеваем, нужно ещё 3 дня', 'прошу отсрочку'],
  },
  {
    name: 'late, and until when: the same as asking',
    intent: 'postpone',
    when: (says) => says('days ahead') && !says('held', 'made', 'will', 'cannot', 'plan', 'not for us', 'sign', 'ack'),
    examples: ['до конца месяца', 'не успеваем, до пятницы'],
  },
  {
    name: 'not for this school, unless it reports too',
    intent: 'not_applicable',
    when: (says) => says('not for us') && !says('held', 'made', 'doing', 'half', 'will', 'handing'),
    examples: ['у нас нет 11 класса', 'нас не касается'],
  },
  {
    name: 'done in part and not in part: ask',
    intent: 'unclear',
    when: (says) => says('held', 'made', 'sign') && says('not done', 'cannot', 'late', 'not for us'),
    examples: ['приказ подписали, педсовет не провели'],
  },
  {
    name: 'nearly, partly, something left: under way',
    intent: 'in_progress',
    when: (says) => says('half') && !says('cannot', 'late'),
    examples: ['почти готово', 'осталось чуть-чуть', 'частично сделали', 'готово на 80%'],
  },
  {
    name: 'at work on it',
    intent: 'in_progress',
    when: (says) => says('doing') && !says('cannot', 'late'),
    examples: ['в работе', 'делаем', 'готовимся', 'ещё не сделали, но начали'],
  },
  {
    name: 'cannot, with or without the reason',
    intent: 'cannot',
    when: (says) => says('cannot') && !says('will', 'will later'),
    examples: [
      'не получается',
      'не можем: нет учителя физики',
      'нужна помощь',
      'не смогли провести, отменили из-за морозов',
    ],
  },
  {
    name: 'something stands in the way and nothing is promised',
    intent: 'cannot',
    when: (says) =>
      says('obstacle') && !says('held', 'made', 'sign', 'handing', 'will', 'will later', 'plan', 'days ahead'),
    examples: ['нет учителя физики', 'не провели, потому что карантин'],
  },
  {
    name: 'done, but the task itself is still promised: ask',
    intent: 'unclear',
    when: (says) => says('held', 'made', 'sign', 'handing') && says('will', 'will later', 'plan'),
    examples: ['отчёт готов, завтра отправим'],
  },
  {
    name: 'took place, was made or handed over',
    intent: 'done',
    when: (says) => says('held', 'made'),
    examples: ['готово', 'провели вчера', 'приказ подписан', 'провели, фото пришлю завтра'],
  },
  {
    name: 'the evidence itself',
    intent: 'done',
    when: (says) => says('handing') && !says('not done'),
    examples: ['отчёт во вложении', 'https://school.example.ru/news/1'],
  },
  {
    name: 'a sign and nothing else',
    intent: 'done',
    when: (says) => says('sign') && !says('not done', 'ack', 'words', 'will send', 'no paper'),
    examples: ['+', '👍', '✅ спасибо'],
  },
  {
    name: '«все» with nothing said against it',
    intent: 'done',
    when: (says) =>
      says('all') &&
      !says('words', 'not done', 'ack', 'will', 'will send', 'will later', 'late', 'plan', 'no paper', 'question'),
    examples: ['все', 'всё'],
  },
  {
    name: 'denied, late, planned or promised for a time: ask',
    intent: 'unclear',
    when: (says) =>
      says('not done', 'late', 'plan', 'obstacle', 'will later', 'will send', 'not postpone', 'no paper', 'cannot'),
    examples: ['ещё нет', 'не готово', 'завтра сделаем', 'не успеваем', 'планируем'],
  },
  {
    name: 'courtesy and consent',
    intent: 'small_talk',
    when: (says) => says('ack') || (says('will', 'thanks') && !says('words')),
    examples: ['ок', 'хорошо, сделаем', 'спасибо!', 'добрый день'],
  },
]

/** The intent of a group of clauses by the first rule that fits; where none does, a careful secretary asks. */
export function intentOf(signals: ReadonlySet<Signal>): Intent {
  const says: Says = (...asked) => asked.some((signal) => signals.has(signal))
  return RULES.find((rule) => rule.when(says))?.intent ?? 'unclear'
}
