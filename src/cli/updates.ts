import { retrySetAside, type SetAsideUpdate, setAsideUpdates } from '../db/set-aside.ts'
import { InputProblem } from '../kernel/problem.ts'
import type { Command } from './main.ts'
import { withProduct } from './open-product.ts'
import { idTyped, print, readCall } from './options.ts'

const USAGE = `sovet updates aside [--most 200] [--json]
sovet updates retry --id 12 [--id 13 …] | --all [--json]`

const OPTIONS = {
  id: { type: 'string', multiple: true },
  all: { type: 'boolean' },
  most: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** `sovet updates …`: what people sent and the program could not work on, with the reason of each; and another try, after the cause is mended. */
export const command: Command = {
  summary: 'updates aside; updates retry --id … | --all          с чем программа не справилась; попробовать ещё раз',
  async run(args) {
    const { values, positionals } = readCall(args, OPTIONS, USAGE)
    const [what, ...rest] = positionals
    if (rest.length > 0) throw new InputProblem(`unexpected «${rest[0]}»\n${USAGE}`)
    if (what === 'aside') return showAside(values)
    if (what === 'retry') return retry(values)
    throw new InputProblem(`expected aside or retry\n${USAGE}`)
  },
}

type Values = { id?: string[]; all?: boolean; most?: string; json?: boolean }

async function showAside({ most = '200', json }: Values): Promise<number> {
  const count = idTyped(most, 'most')
  const aside = await withProduct(({ database }) => database.asSystem((tx) => setAsideUpdates(tx, count)))
  print(json, aside, aside.length === 0 ? 'Отложенных обновлений нет.' : aside.map(lineOf).join('\n'))
  return 0
}

function lineOf({ updateId, receivedAt, kind, personId, attempts, failure }: SetAsideUpdate): string {
  const who = personId === null ? 'неизвестный' : `человек ${personId}`
  return `${updateId}  ${receivedAt}  ${who}  ${kind}  попыток ${attempts}: ${failure}`
}

async function retry({ id = [], all = false, json }: Values): Promise<number> {
  if (all === id.length > 0) throw new InputProblem(`give either --id or --all\n${USAGE}`)
  const ids = all ? null : id.map((typed) => idTyped(typed, 'id'))
  const waiting = await withProduct(({ database }) => database.asSystem((tx) => retrySetAside(tx, ids)))
  const left = ids === null ? [] : ids.filter((one) => !waiting.includes(one))
  const words = `Попробуем ещё раз: ${waiting.length}.`
  print(json, { waiting, left }, left.length === 0 ? words : `${words} Нет среди отложенных: ${left.join(', ')}.`)
  return left.length === 0 ? 0 : 1
}
