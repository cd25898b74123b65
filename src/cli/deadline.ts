import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { describeSchedule } from '../deadlines/describe.ts'
import { periodOfDeadlines } from '../deadlines/period.ts'
import { readSchedule } from '../deadlines/read-schedule.ts'
import { type Period, scheduleToJson } from '../deadlines/schedule.ts'
import { localDate, systemClock, Temporal } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import type { Command } from './main.ts'
import { isDashedWord } from './options.ts'

const USAGE = `usage: sovet deadline "PHRASE" [--from YYYY-MM-DD --to YYYY-MM-DD] [--json]
       sovet deadline --stdin     [--from YYYY-MM-DD --to YYYY-MM-DD] [--json]   one phrase a line in, one schedule a line out
Without --from and --to the period is the years that the phrase names, or else the current calendar year.`

/** `sovet deadline`: shows how a deadline phrase of a roadmap is understood. */
export const command: Command = {
  summary: 'shows how a deadline phrase is understood',
  async run(args) {
    const call = parseCall(args)
    if (call.help) process.stdout.write(`${USAGE}\n`)
    else if (call.phrase === null) await answerLines(call)
    else process.stdout.write(`${answer(call.phrase, call)}\n`)
    return 0
  },
}

type Call = { phrase: string | null; period: Period | null; json: boolean; help: boolean }

function parseCall(args: string[]): Call {
  const { values, positionals } = parsedArgs(args)
  const { help = false, json = false, stdin = false } = values
  if (!help && stdin === positionals.length > 0) {
    throw new InputProblem('sovet deadline: give either a phrase or --stdin (sovet deadline --help shows how)')
  }
  if (positionals.length > 1) {
    throw new InputProblem(`sovet deadline: one phrase expected, found ${positionals.length}; put it in quotes`)
  }
  return { phrase: positionals[0] ?? null, period: periodGiven(values), json, help }
}

function parsedArgs(args: string[]) {
  const dashed = args.filter(isDashedWord)
  try {
    const { values, positionals } = parseArgs({
      args: args.filter((arg) => !isDashedWord(arg)),
      allowPositionals: true,
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        json: { type: 'boolean' },
        stdin: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    return { values, positionals: [...dashed, ...positionals] }
  } catch (problem) {
    const [firstLine] = (problem as Error).message.split('\n')
    throw new InputProblem(`sovet deadline: ${firstLine}`)
  }
}

const LONGEST_PERIOD_YEARS = 30

function periodGiven({ from, to }: { from?: string | undefined; to?: string | undefined }): Period | null {
  if (from === undefined && to === undefined) return null
  if (from === undefined || to === undefined) {
    throw new InputProblem('sovet deadline: --from and --to belong together, but only one of them is given')
  }
  const period = { from: dayGiven('--from', from), to: dayGiven('--to', to) }
  if (Temporal.PlainDate.compare(period.from, period.to) > 0) {
    throw new InputProblem(`sovet deadline: --from ${from} is later than --to ${to}`)
  }
  if (period.to.year - period.from.year > LONGEST_PERIOD_YEARS) {
    throw new InputProblem(
      `sovet deadline: the period from ${from} to ${to} is longer than ${LONGEST_PERIOD_YEARS} years`,
    )
  }
  return period
}

function dayGiven(option: string, text: string): Temporal.PlainDate {
  const problem = `sovet deadline: ${option} must be a day as YYYY-MM-DD, found «${text}»`
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new InputProblem(problem)
  try {
    return Temporal.PlainDate.from(text)
  } catch {
    throw new InputProblem(problem)
  }
}

function answer(phrase: string, { period: given, json }: Call): string {
  const period = given ?? periodOfDeadlines([phrase]) ?? currentYear()
  const schedule = readSchedule(phrase, period)
  if (json) return JSON.stringify(scheduleToJson(schedule))
  return `${describeSchedule(schedule, period)}${schedule.ambiguous ? ' — уточните' : ''}`
}

function currentYear(): Period {
  const { year } = localDate(systemClock.now(), 'Europe/Moscow')
  return { from: new Temporal.PlainDate(year, 1, 1), to: new Temporal.PlainDate(year, 12, 31) }
}

/** One line out for each line in, written in step with the reader, so that memory does not grow with the input. */
async function answerLines(call: Call): Promise<void> {
  let rest = ''
  for await (const chunk of process.stdin.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    await write(lines.map((line) => `${answer(line, call)}\n`).join(''))
  }
  if (rest !== '') await write(`${answer(rest, call)}\n`)
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}
