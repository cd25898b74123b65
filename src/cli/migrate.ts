import type { Command } from './main.ts'
import { withProduct } from './open-product.ts'
import { print, readCall } from './options.ts'

/** `sovet migrate`: brings the database's tables up to date; any number of times, also while bots run. */
export const command: Command = {
  summary: 'обновить таблицы базы данных',
  async run(args) {
    const { values } = readCall(args, { json: { type: 'boolean' } }, 'sovet migrate [--json]')
    return withProduct(async ({ migrated }) => {
      print(
        values.json,
        { applied: migrated },
        migrated.length === 0
          ? 'Обновлять нечего: таблицы уже этого выпуска.'
          : `Таблицы обновлены:\n${migrated.map((name) => `  ${name}`).join('\n')}`,
      )
      return 0
    })
  },
}
