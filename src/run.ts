import { access, constants } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Engine, Features, Pace } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { makeFolder } from './files/folder.ts'
import { InputProblem } from './kernel/problem.ts'
import { type Log, openLog } from './log.ts'

/** How long stopping may take in all; whoever stops us waits ten seconds before they lose patience. */
const STOPPING_MS = 9500

/** Gives what the bot does; it takes a while, as hundreds of files are read. */
type LoadFeatures = () => Promise<(engine: Engine) => Features>

/** Something that runs until it is closed. */
type Running = { close(): Promise<void> }

/**
 * The program as `npm start` runs it: with a token the bot, without one the sandbox. Ends the process: 0 when asked to stop, 1 on a bug, 2 on a wrong setting.
 * `loadFeatures` is called after the settings were read: a wrong one is told at once, before the long loading. `pace`: for tests.
 */
export async function run(loadFeatures: LoadFeatures, pace: Pace = {}): Promise<void> {
  try {
    const config = readConfig()
    await checkFolder(config.dataDir)
    const log = openLog(config.logLevel)
    const start =
      config.botToken === null ? runSandbox(config, loadFeatures, log) : runBot(config, loadFeatures, log, pace)
    stopOrderly(start, log)
    await start
  } catch (problem) {
    if (!(problem instanceof InputProblem)) throw problem
    process.stderr.write(`${problem.message}\n`)
    process.exit(2)
  }
}

async function checkFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder, 0o755)
    await access(folder, constants.W_OK)
  } catch (problem) {
    throw new InputProblem(`DATA_DIR: nothing can be written in ${folder} (${(problem as NodeJS.ErrnoException).code})`)
  }
}

/** Stops when asked to, and where a promise nobody waited for fails: going on as if nothing had happened is no option. */
function stopOrderly(start: Promise<Running>, log: Log): void {
  let stopping = false
  const stop = async (status: number, why: string): Promise<void> => {
    if (stopping) return
    stopping = true
    log.info({ why }, 'stopping')
    const closed = start
      .then((running) => running.close())
      .then(
        () => true,
        () => true,
      )
    const inTime = await Promise.race([closed, pause(STOPPING_MS, false)])
    if (!inTime) log.error('stopping took too long; what was in hand is taken up at the next start')
    process.exit(inTime ? status : 1)
  }
  watchParent(() => stop(0, 'the starting process ended'))
  process.on('SIGTERM', () => stop(0, 'SIGTERM'))
  process.on('SIGINT', () => stop(0, 'SIGINT'))
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ error, event }, 'a failure that nobody caught')
      void stop(1, event)
    })
  }
}

/** npm hands a signal to its shell, which ends without passing it on: started by npm, the program stops when that shell is gone. */
function watchParent(ended: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && ended(), 500).unref()
}

async function runBot(config: Config, loadFeatures: LoadFeatures, log: Log, pace: Pace): Promise<Running> {
  const [{ startApp }, features] = await Promise.all([import('./app.ts'), loadFeatures()])
  return startApp({ config, features, log, pace })
}

/** The sandbox on the configured port, with the bot beside it; the bot does not know that it is not Telegram. */
async function runSandbox(config: Config, loadFeatures: LoadFeatures, log: Log): Promise<Running> {
  const [{ startInSandbox }, features] = await Promise.all([import('./sandbox/in-sandbox.ts'), loadFeatures()])
  const running = await startInSandbox(config, features, log)
  process.stdout.write(
    `\nПесочница: ${running.url}\nSovet runs without a token. Open the page in a browser; stop with Ctrl+C.\n\n`,
  )
  return running
}
