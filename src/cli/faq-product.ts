import type { WithProductFaq } from './faq.ts'
import { municipalityTyped, withProduct } from './open-product.ts'

/** Runs `work` on the FAQ in the product's own database, as the settings say. Throws InputProblem where a setting is to blame. */
export const withProductFaq: WithProductFaq = (work) =>
  withProduct(({ database }) =>
    work({
      sql: database.sql,
      municipalityId: async (typed) => (await database.asSystem((tx) => municipalityTyped(tx, typed))).id,
    }),
  )
