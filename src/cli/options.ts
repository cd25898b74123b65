import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { InputProblem } from '../kernel/problem.ts'

/** The words and options of a call. An option that is not known, or lacks its value, throws InputProblem with `usage`. */
export function readCall<const Options extends ParseArgsOptionsConfig>(
  args: string[],
  options: Options,
  usage: string,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (problem) {
    throw new InputProblem(`${problem instanceof Error ? problem.message : 'wrong call'}\n${usage}`)
  }
}

/** `value`, or InputProblem that says which option is missing. */
export function needed(value: string | undefined, option: string, usage: string): string {
  if (value === undefined || value.trim() === '') throw new InputProblem(`--${option} is missing\n${usage}`)
  return value.trim()
}

/** A key of a row as typed. Throws InputProblem where it is none. */
export function idTyped(value: string, option: string): number {
  if (!/^[1-9]\d{0,14}$/.test(value)) throw new InputProblem(`--${option}: expected a number, found «${value}»`)
  return Number(value)
}

/** Prints `facts` as one line of JSON where asked for, else `words`. */
export function print(json: boolean | undefined, facts: unknown, words: string): void {
  process.stdout.write(json ? `${JSON.stringify(facts)}\n` : `${words}\n`)
}

/** Whether `arg` is a phrase that begins with a dash («- не готово») and no option: options are `--name` and `-h`. */
export function isDashedWord(arg: string): boolean {
  return arg.startsWith('-') && arg !== '--' && arg !== '-h' && !/^--[a-z]/u.test(arg)
}
