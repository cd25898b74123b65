/**
 * Wrong input of the person at the command line or in the environment: one clear line for them, exit status 2, no stack.
 * `message` says where it stood, what was found and what was expected.
 */
export class InputProblem extends Error {
  override name = 'InputProblem'
}
