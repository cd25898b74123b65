import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import type { Sql } from 'postgres'
import { rowFaultWords, tableFaultWords } from '../bot/screens/faq-file.ts'
import { wordsOf } from '../bot/words.ts'
import { type FailedRow, readFaqRows } from '../council/faq-rows.ts'
import type { FaqAnswers, FaqSearch } from '../council/ports.ts'
import { builtInSynonyms } from '../council/synonyms.ts'
import { faqSearch } from '../db/faq.ts'
import { type FaqFile, importFaq, keepDrafts, keepSynonyms } from '../db/faq-import.ts'
import { createFaqTables } from '../db/faq-tables.ts'
import { openThrowawayDatabase } from '../db/throwaway.ts'
import { readTable, TableProblem } from '../documents/faq-file.ts'
import { localDate, systemClock } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import type { Command } from './main.ts'

/** The product's own database, for one command. `municipalityId`: of the name or number that was typed; throws InputProblem that names those that there are. */
export type ProductFaq = { sql: Sql; municipalityId(typed: string): Promise<number> }
export type WithProductFaq = <Value>(work: (product: ProductFaq) => Promise<Value>) => Promise<Value>

const USAGE = `sovet faq search --from FILE.csv --stdin --json      a question a line in, one line of JSON out; touches no data
sovet faq search "QUESTION" [--municipality NAME] --json
sovet faq import FILE --municipality NAME`

const OPTIONS = {
  from: { type: 'string' },
  stdin: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  municipality: { type: 'string' },
} as const

/** The command `faq`. Without `withProduct` it only searches files. */
export function faqCommand(withProduct?: WithProductFaq): Command {
  return {
    summary: 'search and import the FAQ of the consultation council',
    run: async (args) => {
      const { words, options } = readArguments(args)
      const [action, subject, ...rest] = words
      if (rest.length > 0) throw new InputProblem(`sovet faq: unexpected «${rest[0]}»\n${USAGE}`)
      if (action === 'search' && options.from !== undefined) {
        const path = options.from
        return explained(() => searchFile(path, subject, options.stdin))
      }
      if (action === 'search') return searchDatabase(withProduct, subject, options)
      if (action === 'import') return explained(() => importFile(withProduct, subject, options.municipality))
      throw new InputProblem(`sovet faq: expected search or import\n${USAGE}`)
    },
  }
}

type Options = { from?: string | undefined; stdin: boolean; json: boolean; municipality?: string | undefined }

function readArguments(args: string[]): { words: string[]; options: Options } {
  try {
    const { positionals, values } = parseArgs({ args, options: OPTIONS, allowPositionals: true })
    return { words: positionals, options: values }
  } catch (cause) {
    throw new InputProblem(`sovet faq: ${(cause as Error).message}\n${USAGE}`)
  }
}

/** Answers from `path` alone, in a database that is thrown away: one question given, or one a line of standard input. */
async function searchFile(path: string, question: string | undefined, stdin: boolean): Promise<number> {
  if ((question === undefined) !== stdin)
    throw new InputProblem(`sovet faq search: give one question, or --stdin\n${USAGE}`)
  const { bytes, name } = await openFile(path)
  const { drafts, failed } = readFaqRows(readTable(bytes, name))
  if (drafts.length === 0)
    throw new InputProblem(`sovet faq search: ${path}: no entries: ${failures(failed.slice(0, 1)) || 'only a heading'}`)
  const database = await openThrowawayDatabase()
  try {
    await createFaqTables(database.sql)
    await keepSynonyms(database.sql, null, builtInSynonyms)
    await keepDrafts(database.sql, null, drafts, systemClock.now())
    if (failed.length > 0) process.stderr.write(`${failures(failed)}\n`)
    await answerAll(faqSearch(database.sql), null, question === undefined ? linesOf(process.stdin) : [question])
    return 0
  } finally {
    await database.close()
  }
}

async function searchDatabase(
  withProduct: WithProductFaq | undefined,
  question: string | undefined,
  options: Options,
): Promise<number> {
  if ((question === undefined) !== options.stdin)
    throw new InputProblem(`sovet faq search: give one question, or --stdin\n${USAGE}`)
  return onProduct(withProduct, async (database) => {
    const municipalityId =
      options.municipality === undefined ? null : await database.municipalityId(options.municipality)
    await answerAll(
      faqSearch(database.sql),
      municipalityId,
      question === undefined ? linesOf(process.stdin) : [question],
    )
    return 0
  })
}

async function importFile(
  withProduct: WithProductFaq | undefined,
  path: string | undefined,
  municipality: string | undefined,
): Promise<number> {
  if (path === undefined || municipality === undefined)
    throw new InputProblem(`sovet faq import: give a file and --municipality\n${USAGE}`)
  const file = await openFile(path)
  return onProduct(withProduct, async (database) => {
    const municipalityId = await database.municipalityId(municipality)
    const report = await importFaq(database.sql, municipalityId, file, systemClock.now())
    process.stdout.write(
      `новых: ${report.added}, изменено: ${report.changed}, без изменений: ${report.same}, с ошибкой: ${report.failed.length}\n`,
    )
    if (report.failed.length > 0) process.stderr.write(`${failures(report.failed)}\n`)
    return report.failed.length > 0 ? 1 : 0
  })
}

const onProduct: (
  withProduct: WithProductFaq | undefined,
  work: (faq: ProductFaq) => Promise<number>,
) => Promise<number> = (withProduct, work) => {
  if (!withProduct) throw new InputProblem('sovet faq: no database here; use --from FILE.csv')
  return withProduct(work)
}

async function openFile(path: string): Promise<FaqFile> {
  try {
    return { name: basename(path), bytes: await readFile(path) }
  } catch (cause) {
    throw new InputProblem(`sovet faq: ${path}: cannot be read (${(cause as NodeJS.ErrnoException).code})`)
  }
}

const RUSSIAN = wordsOf('ru', localDate(systemClock.now(), 'UTC'), 'UTC')

/** Says in words why a file is no table. */
async function explained(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (problem) {
    if (!(problem instanceof TableProblem)) throw problem
    const detail = problem.detail === null ? '' : ` (${problem.detail})`
    throw new InputProblem(`sovet faq: ${problem.file}: ${tableFaultWords(RUSSIAN, problem.fault)}${detail}`)
  }
}

function failures(failed: FailedRow[]): string {
  return failed
    .map(
      ({ line, column, why }) => `строка ${line}${column ? `, столбец ${column}` : ''}: ${rowFaultWords(RUSSIAN, why)}`,
    )
    .join('\n')
}

async function answerAll(
  search: FaqSearch,
  municipalityId: number | null,
  questions: AsyncIterable<string> | string[],
) {
  for await (const question of questions) {
    process.stdout.write(`${JSON.stringify(shown(await search.find(municipalityId, question)))}\n`)
  }
}

function shown({ answers, confident }: FaqAnswers) {
  return {
    answers: answers.map(({ code, score }) => ({ id: code, score: Math.round(score * 1000) / 1000 })),
    confident,
  }
}

/** The lines of `input` by line feeds alone: other line separators inside a question must not make two of it. */
async function* linesOf(input: NodeJS.ReadStream): AsyncGenerator<string> {
  input.setEncoding('utf8')
  let rest = ''
  for await (const chunk of input) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
