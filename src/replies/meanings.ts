import { merged, type Token } from './tokens.ts'
import { LONGEST_PHRASE, meaningByStem, meaningOfPhrase } from './vocabulary.ts'

/** `tokens` with set phrases made one token and the meaning of every word put in. The longest phrase wins. */
export function withMeanings(tokens: readonly Token[]): Token[] {
  const read: Token[] = []
  for (let at = 0; at < tokens.length; ) {
    const phrase = phraseAt(tokens, at)
    read.push(phrase ?? { ...tokens[at]!, meaning: meaningAlone(tokens[at]!) })
    at += phrase ? phrase.word.split(' ').length : 1
  }
  return read
}

function phraseAt(tokens: readonly Token[], at: number): Token | null {
  let length = 0
  while (length < LONGEST_PHRASE && tokens[at + length]?.kind === 'word') length += 1
  for (; length > 0; length -= 1) {
    const words = tokens.slice(at, at + length)
    const said = words.map(({ word }) => word).join(' ')
    const meaning = meaningOfPhrase(said)
    if (meaning) return merged(words, { word: said, meaning })
  }
  return null
}

function meaningAlone(token: Token): Token['meaning'] {
  return token.kind === 'word' ? meaningByStem(token.word) : null
}
