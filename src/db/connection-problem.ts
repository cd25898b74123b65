import { join } from 'node:path'
import { InputProblem } from '../kernel/problem.ts'

/** What a refusal to connect means for whoever set DATABASE_URL, by the code of the system or of PostgreSQL. */
const WORDS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there; start the database, or correct host and port',
  CONNECTION_CLOSED: 'the database hung up; see its log',
  ENOTFOUND: 'there is no machine of that name',
  EAI_AGAIN: 'the name of the machine cannot be looked up now',
  EHOSTUNREACH: 'the machine cannot be reached',
  ENETUNREACH: 'the machine cannot be reached',
  ECONNRESET: 'the line to the database broke',
  ETIMEDOUT: 'the machine does not answer; is a firewall between?',
  CONNECT_TIMEOUT: 'the machine does not answer; is a firewall between?',
  ENOENT: 'there is no such socket; start the database',
  EACCES: 'this user may not use the socket',
  '28P01': 'the password is wrong',
  '28000': 'this user may not log in',
  '3D000': 'there is no such database: create it',
  '53300': 'the database has no connection left: raise max_connections, or end what holds them',
  '57P03': 'the database is starting up; try again in a moment',
}

/** Why the database cannot be used, in words that repeat nothing of its address; null where `problem` is about something else. */
export function connectionProblem(problem: unknown): string | null {
  const code = codeOf(problem)
  return code in WORDS ? `the database does not answer (${code}): ${WORDS[code]}` : null
}

/**
 * Waits for `answer` of the database. Throws InputProblem where it cannot be reached: a word on DATABASE_URL, or, where the server is the embedded one, on that;
 * `embedded` is the folder of its files.
 */
export async function reached<Answer>(answer: PromiseLike<Answer>, embedded: string | null): Promise<Answer> {
  try {
    return await answer
  } catch (problem) {
    const cause = connectionProblem(problem)
    if (cause === null) throw problem
    throw new InputProblem(embedded === null ? `DATABASE_URL: ${cause}` : silentServer(embedded, problem))
  }
}

function silentServer(folder: string, problem: unknown): string {
  const log = join(folder, 'postgres.log')
  return `The embedded PostgreSQL runs but does not answer (${codeOf(problem)}): where the machine is very busy, start again later; else see ${log}`
}

function codeOf(problem: unknown): string {
  const own = problem as { code?: unknown; cause?: unknown } | null | undefined
  return String(own?.code) in WORDS || own?.cause === undefined ? String(own?.code) : codeOf(own.cause)
}
