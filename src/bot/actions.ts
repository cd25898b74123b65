import { Temporal } from '../kernel/clock.ts'

/** A part of a button's data: how it is written and read back. `read` gives undefined for what is not of its form: a button's data is never trusted. */
type Part<Value> = { write(value: Value): string; read(text: string): Value | undefined }

/** A key of a row, in base 36 to save room. */
export const id: Part<number> = {
  write: (value) => value.toString(36),
  read: (text) => (/^[0-9a-z]{1,11}$/.test(text) ? safe(Number.parseInt(text, 36)) : undefined),
}

/** A fixed word of ours. */
export const word: Part<string> = {
  write: (value) => value,
  read: (text) => (/^[a-z0-9_-]{1,24}$/.test(text) ? text : undefined),
}

/** A calendar day, YYYY-MM-DD. */
export const day: Part<Temporal.PlainDate> = {
  write: (value) => value.toString(),
  read: (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? readDay(text) : undefined),
}

type Values<Parts extends readonly Part<unknown>[]> = {
  -readonly [Index in keyof Parts]: Parts[Index] extends Part<infer Value> ? Value : never
}

/** An action that a button names: its code and its parts. Calling it writes the button's data; `read` takes the parts apart again. */
export type Action<Given extends unknown[]> = ((...values: Given) => string) & {
  code: string
  read(data: string): Given | undefined
}

const known = new Set<string>()

/**
 * Declares an action. `code` is short and unique; with its parts it stays within the 64 bytes of a button (longer throws, which is a bug of ours).
 * Codes are part of messages already sent: a code once released is not reused for something else.
 */
export function action<const Parts extends readonly Part<unknown>[]>(
  code: string,
  ...parts: Parts
): Action<Values<Parts>> {
  if (known.has(code)) throw new Error(`two actions have the code ${code}`)
  known.add(code)
  const written = parts
  const write = (...values: unknown[]): string => {
    const data = [code, ...written.map((part, index) => part.write(values[index]))].join(':')
    if (Buffer.byteLength(data) > 64) throw new Error(`the data of action ${code} is longer than 64 bytes`)
    return data
  }
  const read = (data: string): unknown[] | undefined => {
    const [first, ...texts] = data.split(':')
    if (first !== code || texts.length !== written.length) return undefined
    const values = written.map((part, index) => part.read(texts[index] ?? ''))
    return values.includes(undefined) ? undefined : values
  }
  return Object.assign(write, { code, read }) as unknown as Action<Values<Parts>>
}

function safe(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined
}

function readDay(text: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' })
  } catch {
    return undefined
  }
}
