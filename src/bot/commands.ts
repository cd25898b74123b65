import { localDate, Temporal } from '../kernel/clock.ts'
import { menuLines } from './features/index.ts'
import { wordsOf } from './words.ts'

/** The messenger's own menu of commands, by language; '' is for all others. */
export function commandsOf(): Record<string, { command: string; description: string }[]> {
  return { '': commandsIn('ru'), en: commandsIn('en') }
}

function commandsIn(locale: string): { command: string; description: string }[] {
  const say = wordsOf(locale, localDate(Temporal.Now.instant(), 'UTC'), 'UTC')
  return menuLines.flatMap((line) =>
    line.command ? [{ command: line.command, description: say.plain(line.key) }] : [],
  )
}
