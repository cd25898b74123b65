import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FileChange } from './files.ts'
import type { Update } from './telegram.ts'
import type { BotSettings, KeptMessage, Room, SandboxPerson, Topic } from './world.ts'

/** One change of the sandbox's state, a line of its log. A later line about the same thing replaces an earlier one. */
export type Change =
  | { is: 'person'; person: SandboxPerson }
  | { is: 'room'; room: KeptRoom }
  | { is: 'message'; room: number; kept: KeptMessage }
  | { is: 'deleted'; room: number; id: number }
  | { is: 'forgotten'; room: number }
  | { is: 'bot'; bot: BotSettings }
  | { is: 'update'; update: Update }
  | { is: 'confirmed'; updateId: number }
  | { is: 'number'; message: number; update: number }
  | FileChange

/** A room without its messages, as a line can hold it. */
export type KeptRoom = Omit<Room, 'messages' | 'members' | 'topics'> & { members: number[]; topics: [number, Topic][] }

/** Where changes are kept; a sandbox without a folder forgets them. */
export interface ChangeLog {
  append(change: Change): void
  close(): void
}

export const forgetful: ChangeLog = { append: () => {}, close: () => {} }

/**
 * Reads the changes kept in `file`, oldest first; none where there is no file yet. A last line that a crash cut short is left
 * out. Throws SyntaxError on a file that is not such a log.
 */
export function readChanges(file: string): Change[] {
  const lines = textOf(file).split('\n')
  lines.pop()
  return lines.map((line) => JSON.parse(line) as Change)
}

const REWRITE_AFTER = 200_000

/**
 * Replaces the log by what `snapshot` gives, the shortest list that makes the same state, and goes on appending to it. After
 * `rewriteAfter` more lines it is replaced again, so that it does not grow for ever.
 */
export function openLog(file: string, snapshot: () => Iterable<Change>, rewriteAfter = REWRITE_AFTER): ChangeLog {
  mkdirSync(dirname(file), { recursive: true })
  let appended = 0
  let handle = renewed(file, snapshot)
  return {
    /** Written before the call is answered: what the sandbox confirmed survives a kill of its process. */
    append(change) {
      writeSync(handle, `${JSON.stringify(change)}\n`)
      if (++appended < rewriteAfter) return
      closeSync(handle)
      handle = renewed(file, snapshot)
      appended = 0
    },
    close: () => closeSync(handle),
  }
}

function renewed(file: string, snapshot: () => Iterable<Change>): number {
  rewrite(file, snapshot())
  return openSync(file, 'a')
}

function rewrite(file: string, changes: Iterable<Change>): void {
  const draft = openSync(`${file}.new`, 'w')
  for (const change of changes) appendFileSync(draft, `${JSON.stringify(change)}\n`)
  fsyncSync(draft)
  closeSync(draft)
  renameSync(`${file}.new`, file)
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw problem
  }
}
