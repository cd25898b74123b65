import type { Tx } from '../db/database.ts'
import { type DeadDelivery, deadDeliveries, resendDeliveries } from '../db/dead-letters.ts'
import { InputProblem } from '../kernel/problem.ts'
import type { Command } from './main.ts'
import { municipalityTyped, withProduct } from './open-product.ts'
import { idTyped, print, readCall } from './options.ts'

const USAGE = `sovet deliveries dead [--municipality "Заречный район"] [--most 200] [--json]
sovet deliveries resend --id 12 [--id 13 …] | --all [--municipality "Заречный район"] [--json]`

const OPTIONS = {
  id: { type: 'string', multiple: true },
  all: { type: 'boolean' },
  municipality: { type: 'string' },
  most: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** `sovet deliveries …`: the messages that were given up, with the reason of each, and their way back into the queue. */
export const command: Command = {
  summary: 'deliveries dead; deliveries resend --id … | --all   что не дошло и почему; отправить ещё раз',
  async run(args) {
    const { values, positionals } = readCall(args, OPTIONS, USAGE)
    const [what, ...rest] = positionals
    if (rest.length > 0) throw new InputProblem(`unexpected «${rest[0]}»\n${USAGE}`)
    if (what === 'dead') return showDead(values)
    if (what === 'resend') return resend(values)
    throw new InputProblem(`expected dead or resend\n${USAGE}`)
  },
}

type Values = { id?: string[]; all?: boolean; municipality?: string; most?: string; json?: boolean }

async function showDead({ municipality, most = '200', json }: Values): Promise<number> {
  const given = { most: idTyped(most, 'most') }
  const dead = await inProduct(municipality, (tx, municipalityId) => deadDeliveries(tx, { ...given, municipalityId }))
  print(json, dead, dead.length === 0 ? 'Всё дошло: списка нет.' : dead.map(lineOf).join('\n'))
  return 0
}

function lineOf(dead: DeadDelivery): string {
  const where = dead.municipality === null ? 'вне муниципалитетов' : `«${dead.municipality}»`
  const who = dead.personId === null ? 'неизвестный' : `человек ${dead.personId}`
  const doubt = dead.uncertain ? '; могло дойти' : ''
  return `${dead.id}  ${dead.queuedAt}  ${where}, ${who}  ${dead.reason}  попыток ${dead.attempts}: ${dead.failure}${doubt}`
}

async function resend({ id = [], all = false, municipality, json }: Values): Promise<number> {
  if (all === id.length > 0) throw new InputProblem(`give either --id or --all\n${USAGE}`)
  const ids = all ? null : id.map((typed) => idTyped(typed, 'id'))
  const queued = await inProduct(municipality, (tx, municipalityId) => resendDeliveries(tx, { ids, municipalityId }))
  const left = ids === null ? [] : ids.filter((one) => !queued.includes(one))
  const words = `Поставлено в очередь: ${queued.length}.`
  print(json, { queued, left }, left.length === 0 ? words : `${words} Не было в списке: ${left.join(', ')}.`)
  return left.length === 0 ? 0 : 1
}

/** Runs `work` over the municipality that was typed, or over all (null). */
function inProduct<Value>(
  municipality: string | undefined,
  work: (tx: Tx, municipalityId: number | null) => Promise<Value>,
): Promise<Value> {
  return withProduct(({ database }) =>
    database.asSystem(async (tx) =>
      work(tx, municipality === undefined ? null : (await municipalityTyped(tx, municipality)).id),
    ),
  )
}
