import { readFileSync } from 'node:fs'
import { type Meanings, readMeanings } from '../council/meaning.ts'

let russian: Meanings | null = null

/** The meanings of Russian words. Read when first asked for: a process that answers no question does without their eight megabytes. */
export function russianMeanings(): Meanings {
  russian ??= readMeanings(readFileSync(new URL('../council/meanings/ru.bin', import.meta.url)))
  return russian
}
