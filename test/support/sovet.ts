import { execFile } from 'node:child_process'

export type Outcome = { status: number; out: string; error: string; seconds: number }

/** Runs a program of this project (`src/cli/main.ts` unless named) in a process of its own with these variables alone, to its end. */
export function sovet(
  args: string[],
  env: NodeJS.ProcessEnv,
  { script = 'src/cli/main.ts', cwd }: { script?: string; cwd?: string } = {},
): Promise<Outcome> {
  const began = performance.now()
  return new Promise((resolve) => {
    const path = new URL(`../../${script}`, import.meta.url).pathname
    execFile(
      process.execPath,
      [path, ...args],
      { env: { PATH: process.env.PATH, ...env }, ...(cwd ? { cwd } : {}) },
      (problem, out, error) => {
        const status = problem ? Number(problem.code) : 0
        resolve({ status, out, error, seconds: (performance.now() - began) / 1000 })
      },
    )
  })
}
