import type { Actor } from '../../access/rights.ts'
import type { Keyboard, Screen } from '../../delivery/screen.ts'
import { menuLines } from '../features/index.ts'
import type { Turn } from '../turn.ts'
import type { Say } from '../words.ts'

/** `text` with the main menu of the person's roles as the keyboard. */
export function mainMenu(turn: Turn, text: string): Screen {
  return { text, keyboard: menuKeyboard(turn.say, turn.actor) }
}

/** The main menu of what `actor` may do, two keys a row. */
export function menuKeyboard(say: Say, actor: Actor): Keyboard {
  const labels = menuLines.filter((line) => line.shown(actor)).map((line) => ({ label: say.plain(line.key) }))
  const rows = Array.from({ length: Math.ceil(labels.length / 2) }, (_, row) => labels.slice(row * 2, row * 2 + 2))
  return { rows, placeholder: say.plain('menu.placeholder') }
}
