import { InputProblem } from './problem.ts'

/**
 * Refuses a Node.js in which the program would fail later and less clearly: before 22.18 TypeScript does not run directly, from 26 on
 * uploads to the messenger hang. `version` is such as `24.21.0`. Throws InputProblem.
 */
export function refuseWrongNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 22 ? major < 26 : major === 22 && minor >= 18) return
  throw new InputProblem(
    `Node.js ${version} does not fit: expected 24 (npm start brings it along). Run «npm ci && npm start».`,
  )
}
