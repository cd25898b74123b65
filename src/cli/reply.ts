import { parseArgs } from 'node:util'
import { localDate, type PlainDate, systemClock, Temporal } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import { readReply } from '../replies/read-reply.ts'
import { type Intent, type Part, type Reply, type ReplyContext, replyToJson } from '../replies/reply.ts'
import type { Command } from './main.ts'
import { isDashedWord } from './options.ts'

const USAGE = 'sovet reply "WORDS" [--today YYYY-MM-DD] [--tasks N] [--json], or --stdin with a reply a line'
const ZONE = 'Europe/Moscow' // UTC+3: without a municipality, the zone in which most departments live
const MOST_TASKS = 1000

/** `sovet reply`: shows how the words of a reply are understood. With `--stdin` one line of JSON for each line read, whatever it holds. */
export const command: Command = {
  summary: 'shows how the words of a reply are understood',
  async run(args) {
    const call = readCall(args)
    if (call.words === null) await answerLines(call.context)
    else
      process.stdout.write(
        call.json ? jsonLine(call.words, call.context) : summary(readReply(call.words, call.context)),
      )
    return 0
  },
}

type Call = { words: string | null; context: ReplyContext; json: boolean }

function readCall(args: string[]): Call {
  const { values, positionals } = parsed(args)
  const stdin = values.stdin ?? false
  if (stdin && positionals.length > 0)
    throw new InputProblem(`reply: --stdin takes no words, found «${positionals[0]}»; usage: ${USAGE}`)
  if (!stdin && positionals.length === 0) throw new InputProblem(`reply: no words given; usage: ${USAGE}`)
  const context = { today: readToday(values.today), ...readTasks(values.tasks) }
  return { words: stdin ? null : positionals.join(' '), context, json: values.json ?? false }
}

/** Words may begin with a dash («- не готово»), so only `--name` is taken for an option. */
function parsed(args: string[]) {
  const options = {
    today: { type: 'string' },
    tasks: { type: 'string' },
    stdin: { type: 'boolean' },
    json: { type: 'boolean' },
  } as const
  const dashed = args.filter(isDashedWord)
  const rest = args.filter((arg) => !isDashedWord(arg))
  try {
    const { values, positionals } = parseArgs({ args: rest, options, allowPositionals: true })
    return { values, positionals: [...dashed, ...positionals] }
  } catch (cause) {
    const what = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    throw new InputProblem(`reply: ${what}; usage: ${USAGE}`)
  }
}

function readToday(text: string | undefined): PlainDate {
  if (text === undefined) return localDate(systemClock.now(), ZONE)
  try {
    if (/^\d{4}-\d{2}-\d{2}$/u.test(text)) return Temporal.PlainDate.from(text, { overflow: 'reject' })
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
  }
  throw new InputProblem(`reply: --today is «${text}», expected a day as YYYY-MM-DD`)
}

function readTasks(text: string | undefined): { taskCount?: number } {
  if (text === undefined) return {}
  const count = /^\d{1,4}$/u.test(text) ? Number(text) : 0
  if (count < 1 || count > MOST_TASKS)
    throw new InputProblem(`reply: --tasks is «${text}», expected a whole number from 1 to ${MOST_TASKS}`)
  return { taskCount: count }
}

/** Lines end at `\n` alone: the other line breaks of Unicode may stand inside a reply. */
async function answerLines(context: ReplyContext): Promise<void> {
  let rest = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    await write(lines.map((line) => jsonLine(line, context)).join(''))
  }
  if (rest) await write(jsonLine(rest, context))
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve))
}

function jsonLine(words: string, context: ReplyContext): string {
  return `${JSON.stringify(replyToJson(readReply(words, context)))}\n`
}

const INTENT_WORDS: Record<Intent, string> = {
  done: 'выполнено',
  in_progress: 'в работе',
  cannot: 'не получается',
  postpone: 'просят перенести',
  not_applicable: 'не касается школы',
  question: 'вопрос',
  small_talk: 'вежливость, ничего не меняется',
  unclear: 'неясно, надо переспросить',
}

function summary({ parts, numbers, links }: Reply): string {
  const counts = numbers.map(({ value, of }) => `${value} ${of}`.trim())
  const lines = [
    ...parts.map(partLine),
    ...(counts.length > 0 ? [`Числа: ${counts.join(', ')}`] : []),
    ...(links.length > 0 ? [`Ссылки: ${links.join(' ')}`] : []),
  ]
  return `${lines.join('\n')}\n`
}

function partLine({ tasks, intent, date, postponeTo, reason }: Part): string {
  const about = tasks.length > 0 ? `Задачи ${tasks.join(', ')}: ` : ''
  const facts = [
    date && `когда: ${russianDate(date)}`,
    postponeTo && `до какого дня: ${russianDate(postponeTo)}`,
    reason && `причина: ${reason}`,
  ].filter(Boolean)
  return `${about}${INTENT_WORDS[intent]}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}`
}

function russianDate(date: PlainDate): string {
  return date.toLocaleString('ru-RU', { day: 'numeric', month: 'long', year: 'numeric' })
}
