import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A program of this project in a process of its own: it can be killed at any moment. */
export type Child = {
  pid: number
  /** Standard output so far. */
  output(): string
  /** Resolves with what the pattern found in the output, there already or coming. Rejects when the process ends before. */
  said(pattern: RegExp): Promise<RegExpMatchArray>
  /** Sends the signal and waits for the end; gives the exit status, null where a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>
  /** Waits for the end. */
  ended: Promise<number | null>
}

/** Starts `script` (a path seen from `test/support/`) with these variables. */
export function startChild(script: string, env: NodeJS.ProcessEnv): Child {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [path], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ended = once(child, 'exit').then(([status]) => status as number | null)
  const watchers = new Set<() => void>()
  const hear = (chunk: Buffer) => {
    output += chunk
    for (const watcher of watchers) watcher()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  return {
    pid: child.pid ?? 0,
    output: () => output,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = output.match(pattern)
          if (found) {
            watchers.delete(look)
            resolve(found)
          }
        }
        watchers.add(look)
        look()
        ended.then((status) => reject(new Error(`ended with ${status} before it said ${pattern}: ${output}`)))
      }),
    end: async (signal) => {
      child.kill(signal)
      return ended
    },
    ended,
  }
}
