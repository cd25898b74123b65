/** What Telegram adds to some refusals so that a program can act on them. */
export type RefusalParameters = { retry_after?: number; migrate_to_chat_id?: number }

/** A call that the Bot API refuses: the HTTP status, Telegram's own words and, where it gives them, parameters. */
export class ApiRefusal extends Error {
  override name = 'ApiRefusal'
  readonly status: number
  readonly parameters: RefusalParameters | undefined

  constructor(status: number, description: string, parameters?: RefusalParameters) {
    super(description)
    this.status = status
    this.parameters = parameters
  }
}

/** A refusal with status 400; `words` follow Telegram's «Bad Request: ». */
export function badRequest(words: string): ApiRefusal {
  return new ApiRefusal(400, `Bad Request: ${words}`)
}

/** A refusal with status 403; `words` follow Telegram's «Forbidden: ». */
export function forbidden(words: string): ApiRefusal {
  return new ApiRefusal(403, `Forbidden: ${words}`)
}

/** A refusal with status 429 that asks to wait `retryAfterSeconds`, a whole number. */
export function tooMany(retryAfterSeconds: number): ApiRefusal {
  return new ApiRefusal(429, `Too Many Requests: retry after ${retryAfterSeconds}`, { retry_after: retryAfterSeconds })
}

/** The body with which the Bot API tells of a refusal. */
export function refusalBody(refusal: ApiRefusal): string {
  return JSON.stringify({
    ok: false,
    error_code: refusal.status,
    description: refusal.message,
    ...(refusal.parameters ? { parameters: refusal.parameters } : {}),
  })
}
