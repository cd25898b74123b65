import type { PlainDate } from '../kernel/clock.ts'
import { readReply } from '../replies/read-reply.ts'

const ASKING =
  /^(?:а\s+|и\s+|подскажите|скажите|здравствуйте|добрый день)*[\s,.!:]*(?:как|что|где|когда|куда|откуда|кто|кому|кого|зачем|почему|сколько|какой|какая|какие|какое|каким|какую|можно ли|нужно ли|надо ли|обязан\p{L}* ли|должн\p{L}* ли|подскажите|посоветуйте|объясните|чем)(?!\p{L})/iu

/** What free words are, when no task took them: a question, a mere courtesy, or something that only their author can say. */
export function kindOfWords(words: string, today: PlainDate): 'question' | 'courtesy' | 'unclear' {
  const intents = readReply(words, { today }).parts.map(({ intent }) => intent)
  if (intents.includes('question') || /[?？]/.test(words) || ASKING.test(words.trim())) return 'question'
  return intents.every((intent) => intent === 'small_talk') ? 'courtesy' : 'unclear'
}
