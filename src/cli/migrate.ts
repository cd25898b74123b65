import type { Command } from './main.ts'
import { withProduct } from './open-product.ts'
import { print, readCall } from './options.ts'

/** `sovet migrate`: brings the database's tables up to date; any number of times, also while bots run. */
export const command: Command = {
  summary: 'migrate   обновить таблицы базы данных',
  async run(args) {
    const { values } = readCall(args, { json: { type: 'boolean' } }, 'sovet migrate [--json]')
    return withProduct(async ({ database }) => {
      const [row] = await database.sql<
        { count: number }[]
      >`select count(*)::int as count from drizzle.__drizzle_migrations`
      print(values.json, { migrations: row?.count ?? 0 }, `Таблицы в порядке, обновлений всего: ${row?.count ?? 0}.`)
      return 0
    })
  },
}
