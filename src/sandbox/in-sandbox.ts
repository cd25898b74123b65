import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type App, type Engine, type Features, startApp } from '../app.ts'
import type { Config } from '../config.ts'
import { type Instant, localDate } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import type { Log } from '../log.ts'
import { openMovableClock } from './clock.ts'
import { exampleIntroduction } from './example/introduction.ts'
import { exampleZone, players, prepareExample } from './example/municipality.ts'
import { changedRoadmap, exampleRoadmap } from './example/roadmap.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { stepsBetween } from './steps.ts'

/** Sovet with a Telegram of its own: the same program, only the API's address differs. */
export type InSandbox = { url: string; app: App; sandbox: Sandbox; close(): Promise<void> }

/** Starts the sandbox on the configured port and the bot against it; the example municipality is there at the first start. */
export async function startInSandbox(
  config: Config,
  features: (engine: Engine) => Features,
  log: Log,
): Promise<InSandbox> {
  const folder = join(config.dataDir, 'sandbox')
  mkdirSync(folder, { recursive: true })
  const clock = openMovableClock(folder)
  const late: { app?: App } = {}
  const today = localDate(clock.now(), exampleZone)
  const sandbox = await startSandbox({
    port: config.port,
    botUsername: 'sovet_bot',
    botName: 'Совет',
    dataDir: folder,
    people: players,
    clock,
    advance: (to) => letTimePass(late.app, clock, to),
    timeZone: exampleZone,
    introduction: exampleIntroduction,
    samples: [exampleRoadmap(today), changedRoadmap(today)].map(({ name, bytes }) => ({
      name,
      bytes: Buffer.from(bytes),
    })),
    log: (message, facts) => log.debug(facts ?? {}, message),
  }).catch((problem: NodeJS.ErrnoException) => {
    throw problem.code === 'EADDRINUSE' ? new InputProblem(`PORT: ${config.port} is taken by another program`) : problem
  })
  const app = await startApp({
    config: {
      ...config,
      botToken: sandbox.token,
      telegramApiRoot: sandbox.apiRoot,
      telegramProxy: null,
      publicUrl: null,
      port: 0,
    },
    clock,
    log,
    features,
    upstreamIdle: () => sandbox.pendingUpdates === 0,
  })
  late.app = app
  await greetOnce(app, sandbox)
  return {
    url: sandbox.url,
    app,
    sandbox,
    close: async () => {
      await app.close()
      await sandbox.close()
    },
  }
}

/** Moves the clock as days pass: it halts at each hour in which something may be due, and goes on when all is done. */
async function letTimePass(
  app: App | undefined,
  clock: { now(): Instant; moveTo(instant: Instant): void },
  to: Instant,
): Promise<void> {
  for (const step of stepsBetween(clock.now(), to, exampleZone)) {
    clock.moveTo(step)
    await app?.tick()
    await app?.settle()
  }
}

/** At the first start everybody is in already; each opens the chat and finds a greeting with their menu. */
async function greetOnce(app: App, sandbox: Sandbox): Promise<void> {
  const made = await app.engine.database.asSystem((tx) => prepareExample(tx, app.engine.clock.now()))
  if (!made) return
  for (const player of players) await sandbox.as(player.id).start()
  await app.settle()
}
