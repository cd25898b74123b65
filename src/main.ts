import { startApp } from './app.ts'
import { readConfig } from './config.ts'
import { refuseWrongNode } from './kernel/node-version.ts'
import { InputProblem } from './kernel/problem.ts'
import { openLog } from './log.ts'
import { product } from './product.ts'

/** How long everything may take to stop before the process ends anyway, in milliseconds. */
const STOP_DEADLINE = 10_000

/** Starts the bot, or, without a token, the sandbox around it; resolves with what stops it. */
async function start(): Promise<{ close(): Promise<void> }> {
  refuseWrongNode(process.versions.node)
  const config = readConfig()
  const log = openLog(config.logLevel)
  if (config.botToken !== null) return startApp({ config, log, features: product })
  const { startInSandbox } = await import('./sandbox/in-sandbox.ts')
  const running = await startInSandbox(config, log)
  process.stdout.write(
    `\nSovet runs in its sandbox, no token is needed: open ${running.url} in a browser.\nStop it with Ctrl+C.\n\n`,
  )
  return running
}

function stopOnSignals(running: { close(): Promise<void> }): void {
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), STOP_DEADLINE).unref()
    await running.close()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

try {
  stopOnSignals(await start())
} catch (problem) {
  if (!(problem instanceof InputProblem)) throw problem
  process.stderr.write(`${problem.message}\n`)
  process.exit(2)
}
