import { type CountrySummary, countrySummary } from '../db/country.ts'
import { systemClock } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import type { Command } from './main.ts'
import { withProduct } from './open-product.ts'
import { print, readCall } from './options.ts'

const USAGE = 'sovet country summary [--json]'

/** `sovet country summary`: how the work of all municipalities of this installation stands, in figures that name nobody. */
export const command: Command = {
  summary: 'country summary   цифры по всем муниципалитетам вместе, без имён',
  async run(args) {
    const { values, positionals } = readCall(args, { json: { type: 'boolean' } }, USAGE)
    if (positionals.join(' ') !== 'summary') throw new InputProblem(`expected summary\n${USAGE}`)
    return withProduct(async ({ database }) => {
      const summary = await database.asSystem((tx) => countrySummary(tx, systemClock.now()))
      print(values.json, summary, wordsFor(summary))
      return 0
    })
  },
}

function wordsFor(summary: CountrySummary): string {
  const { tasks } = summary
  const all = Object.values(tasks).reduce((sum, count) => sum + count, 0)
  return [
    `Муниципалитетов: ${summary.municipalities}, школ: ${summary.schools}`,
    `Задач: ${all}`,
    `  запланировано: ${tasks.planned}, в работе: ${tasks.in_progress}, есть препятствие: ${tasks.blocked}`,
    `  отчёт подан: ${tasks.reported}, возвращено: ${tasks.returned}, принято: ${tasks.accepted}, отменено: ${tasks.cancelled}`,
    `Просрочено: ${summary.overdue}, ждут проверки: ${summary.waiting}, выполнено: ${summary.done}`,
    `Последнее изменение: ${summary.lastChangeAt ?? '—'}`,
  ].join('\n')
}
