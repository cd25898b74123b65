import { setFlagsFromString } from 'node:v8'

/**
 * Loads modules with little memory. Each of a library's hundreds of files makes Node read its package.json anew, 180 KB for one of them: litter that would blow up the heap to
 * 300 MB, which the system does not get back. So the heap's young part stays small until everything is loaded.
 */
export async function loadLightly<T>(load: () => Promise<T>): Promise<T> {
  setFlagsFromString('--semi-space-growth-factor=1')
  try {
    return await load()
  } finally {
    setFlagsFromString('--semi-space-growth-factor=2')
  }
}
