import { forgetPerson } from '../db/personal-data.ts'
import { systemClock } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import { personTyped } from './export.ts'
import type { Command } from './main.ts'
import { withProduct } from './open-product.ts'
import { print, readCall } from './options.ts'

const USAGE = 'sovet forget person --id 12 | --name "Фамилия Имя Отчество" --yes [--json]'

const OPTIONS = {
  id: { type: 'string' },
  name: { type: 'string' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

/** `sovet forget person …`: forgets somebody who asked for it in writing; the last coordinator too. Prints the figures of the act. */
export const command: Command = {
  summary: 'forget person --id … | --name … --yes   стереть персональные данные человека, напечатать числа для акта',
  async run(args) {
    const { values, positionals } = readCall(args, OPTIONS, USAGE)
    if (positionals.length !== 1 || positionals[0] !== 'person') throw new InputProblem(`expected person\n${USAGE}`)
    if (!values.yes) throw new InputProblem(`this cannot be undone: add --yes\n${USAGE}`)
    return withProduct(async ({ database }) => {
      const result = await database.asSystem(async (tx) =>
        forgetPerson(tx, {
          personId: await personTyped(tx, values),
          askedBy: 'operator',
          now: systemClock.now(),
          evenLast: true,
        }),
      )
      if (!result.ok) throw new InputProblem(`nothing was done: ${result.refusal.code}`)
      const figures = Object.entries(result.value.counts).map(([kind, number]) => `${kind}: ${number}`)
      print(values.json, result.value, `Данные стёрты. Для акта: ${figures.join(', ')}.`)
      return 0
    })
  },
}
