/** What a decision gives back: the value, or a refusal with a code and its facts. A refusal is not an exception: every caller must look. */
export type Result<Value, Refusal extends { code: string }> =
  | { ok: true; value: Value }
  | { ok: false; refusal: Refusal }

/** Wraps `value` as a granted result. */
export function ok<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value }
}

/** Wraps `refusal` as a refused result. */
export function refuse<const Refusal extends { code: string }>(refusal: Refusal): { ok: false; refusal: Refusal } {
  return { ok: false, refusal }
}
