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
  const own = problem as { code?: unknown; cause?: unknown } | null | undefined
  const words = WORDS[String(own?.code)]
  if (words) return `the database does not answer (${String(own?.code)}): ${words}`
  return own?.cause === undefined ? null : connectionProblem(own.cause)
}

/** Waits for `answer` of the database. Throws InputProblem where it cannot be reached. */
export async function reached<Answer>(answer: PromiseLike<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (problem) {
    const cause = connectionProblem(problem)
    throw cause === null ? problem : new InputProblem(`DATABASE_URL: ${cause}`)
  }
}
