/** One measured figure beside its goal: a ratio against a peer or a limit of the same run. `held` undefined: it is only told. */
export type Figure = { promise: string; what: string; value: string; goal?: string; held?: boolean }

/** `explain`: the plans of the hot queries are printed beside the figures. */
export type BenchOptions = { quick: boolean; explain: boolean }

export type Bench = { title: string; run(options: BenchOptions): Promise<Figure[]> }

/** The value in the middle; of an even number the lower one. */
export function median(values: number[]): number {
  return percentile(values, 0.5)
}

/** The smallest value that at least `share` (0 to 1) of the values do not exceed. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
