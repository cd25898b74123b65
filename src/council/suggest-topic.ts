import { type TopicCode, topics } from './topics.ts'
import { wordsOf } from './words.ts'

/** Beginnings of words that speak for a topic. */
const SIGNS: Record<TopicCode, string[]> = {
  programme: [
    'программ',
    'ооп',
    'аооп',
    'фоп',
    'фгос',
    'учебн',
    'план',
    'урок',
    'предмет',
    'внеурочн',
    'график',
    'учебник',
    'час',
  ],
  documents: [
    'приказ',
    'локальн',
    'закон',
    'норматив',
    'положени',
    'акт',
    'устав',
    'лиценз',
    'аккредит',
    'договор',
    'документ',
    'справк',
    'согласи',
    'персональн',
  ],
  quality: [
    'качеств',
    'всоко',
    'впр',
    'огэ',
    'егэ',
    'гиа',
    'оценк',
    'оцени',
    'отметк',
    'результат',
    'мониторинг',
    'диагност',
    'шнор',
    'шнсу',
    'контрол',
    'анализ',
  ],
  support: [
    'психолог',
    'риск',
    'овз',
    'пмпк',
    'ппк',
    'сопровожд',
    'травл',
    'буллинг',
    'неуспева',
    'тьютор',
    'логопед',
    'дефектолог',
    'профилактик',
    'трудн',
  ],
  collegial: [
    'педсовет',
    'совет',
    'родительск',
    'собрани',
    'комисси',
    'протокол',
    'управляющ',
    'коллегиальн',
    'методобъед',
    'мо',
    'рмо',
  ],
  image: [
    'сайт',
    'имидж',
    'сми',
    'соцсет',
    'госпаблик',
    'бренд',
    'реклам',
    'репутац',
    'новост',
    'музей',
    'традици',
    'страниц',
  ],
}

const DEFAULT_TOPIC: TopicCode = 'documents'
/** A found answer speaks for its topic as much as two words do. */
const WEIGHT_OF_ANSWER = 2

/**
 * The topic that a question is most likely about: by its words and by the topics of the answers that the search found, best first with their
 * scores (0 to 1). Normative documents where nothing speaks for any.
 */
export function suggestTopic(words: string, answers: readonly { topic: string; score: number }[] = []): TopicCode {
  const said = wordsOf(words)
  const weights = topics.map(({ code }) => {
    const signs = said.filter((word) => SIGNS[code].some((sign) => isSaid(word, sign))).length
    const found = answers.filter(({ topic }) => topic === code).reduce((sum, { score }) => sum + score, 0)
    return { code, weight: signs + WEIGHT_OF_ANSWER * found }
  })
  const best = weights.reduce((first, next) => (next.weight > first.weight ? next : first))
  return best.weight > 0 ? best.code : DEFAULT_TOPIC
}

/** Short signs are whole words (abbreviations), longer ones beginnings. */
function isSaid(word: string, sign: string): boolean {
  return sign.length <= 3 ? word === sign : word.startsWith(sign)
}
