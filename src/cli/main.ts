import { InputProblem } from '../kernel/problem.ts'

/** What a command of `sovet` is given: its words after the name. It returns the exit status, or throws InputProblem for a bad call. */
export type Command = { summary: string; run(args: string[]): Promise<number> }

/** Each command is loaded only when called, so that `sovet deadline` does not pay for the database. */
const commands: Record<string, () => Promise<Command>> = {
  deadline: async () => (await import('./deadline.ts')).command,
  reply: async () => (await import('./reply.ts')).command,
  roadmap: async () => (await import('./roadmap.ts')).command,
  faq: async () =>
    (await import('./faq.ts')).faqCommand(async (work) => (await import('./faq-product.ts')).withProductFaq(work)),
  municipality: async () => (await import('./municipality.ts')).command,
  invite: async () => (await import('./invite.ts')).command,
  country: async () => (await import('./country.ts')).command,
  export: async () => (await import('./export.ts')).command,
  forget: async () => (await import('./forget.ts')).command,
  deliveries: async () => (await import('./deliveries.ts')).command,
  updates: async () => (await import('./updates.ts')).command,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./backup.ts')).restoreCommand,
  doctor: async () => (await import('./doctor.ts')).command,
  migrate: async () => (await import('./migrate.ts')).command,
}

async function main(words: string[]): Promise<number> {
  const [name = 'help', ...args] = words
  if (name === 'help' || name === '--help') return help()
  const load = commands[name]
  if (!load) throw new InputProblem(`sovet: unknown command «${name}»; known: ${Object.keys(commands).join(', ')}`)
  const command = await load()
  return command.run(args)
}

async function help(): Promise<number> {
  const lines = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => `  ${name.padEnd(14)}${(await load()).summary}`),
  )
  process.stdout.write(`sovet COMMAND …\n\n${lines.join('\n')}\n`)
  return 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (problem) {
  if (!(problem instanceof InputProblem)) throw problem
  process.stderr.write(`${problem.message}\n`)
  process.exitCode = 2
}
