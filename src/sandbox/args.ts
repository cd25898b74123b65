import { badRequest } from './refusal.ts'

/** A file that came in the body of a call. */
export type Upload = { fileName: string; mimeType: string; bytes: Buffer }

/** The arguments of a call: values of JSON, or strings of a form in which objects are JSON themselves. */
export type Args = { values: Record<string, unknown>; uploads: Map<string, Upload> }

/** The text of `name`, or undefined where it is not given. */
export function textArg(args: Args, name: string): string | undefined {
  const value = args.values[name]
  if (value === undefined || value === null) return undefined
  return written(value)
}

/** `value` as text. An object is its JSON: it may bring a `toString` of its own, which is no function. */
export function written(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** `value` as a number, NaN where it is none. */
export function numeric(value: unknown): number {
  return Number(written(value))
}

/** The whole number of `name`, or undefined where it is not given or none. */
export function integerArg(args: Args, name: string): number | undefined {
  const value = args.values[name]
  if (value === undefined || value === null || value === '') return undefined
  const number = numeric(value)
  return Number.isSafeInteger(number) ? number : undefined
}

/** Whether `name` is true, `"true"`, `1` or `"1"`. */
export function flagArg(args: Args, name: string): boolean {
  const value = args.values[name]
  return value === true || value === 1 || value === 'true' || value === 'True' || value === '1'
}

/** The object or list of `name`, out of JSON where it came as text. Throws ApiRefusal when it is not JSON. */
export function jsonArg(args: Args, name: string, what: string): unknown {
  const value = args.values[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    throw badRequest(`can't parse ${what} JSON object`)
  }
}

/** The object of `name`; undefined where it is not given. Throws ApiRefusal when it is something else. */
export function objectArg(args: Args, name: string, what: string): Record<string, unknown> | undefined {
  const value = jsonArg(args, name, what)
  if (value === undefined) return undefined
  if (!isRecord(value)) throw badRequest(`object expected as ${what}`)
  return value
}

/** The list of `name`; undefined where it is not given. Throws ApiRefusal when it is something else. */
export function listArg(args: Args, name: string, what: string): unknown[] | undefined {
  const value = jsonArg(args, name, what)
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw badRequest(`expected an Array of ${what}`)
  return value
}

/** Whether `value` is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
