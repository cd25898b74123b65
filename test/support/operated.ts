import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { App } from '../../src/app.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { aSandbox, head } from '../sandbox/people.ts'
import { freshDatabase } from './database.ts'
import { EFFECTS, type EngineOptions, settings, startEngine } from './engine.ts'
import { type Outcome, sovet } from './sovet.ts'

/** An engine with an echo, whose head has come in, and the operator's command beside it. */
export type Operated = {
  app: App
  sandbox: Sandbox
  sovet(...args: string[]): Promise<Outcome>
  close(): Promise<void>
}

/** Starts it; done when nothing is under way any more. */
export async function anOperatedEngine(options: EngineOptions = {}): Promise<Operated> {
  const folder = await mkdtemp(join(tmpdir(), 'sovet-test-cli-'))
  const url = await freshDatabase()
  const sandbox = await aSandbox()
  await sandbox.as(head.id).start()
  const { config, forget } = await settings({ databaseUrl: url, token: sandbox.token, apiRoot: sandbox.apiRoot })
  const app = await startEngine(config, options)
  await app.engine.database.sql.unsafe(EFFECTS)
  // So that the answer to /start takes no fault that is meant for another.
  const hasCome = async () => (await app.engine.database.sql`select from inbox where state = 'done'`).length > 0
  await vi.waitUntil(hasCome, { timeout: 15_000 })
  await app.settle()
  return {
    app,
    sandbox,
    sovet: (...args) => sovet(args, { HOME: folder, DATABASE_URL: url, DATA_DIR: folder }),
    close: async () => {
      await app.close()
      await sandbox.close()
      await forget()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
