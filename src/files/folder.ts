import { existsSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes `folder` and those above it with `mode` (less the umask); one that is there already is left as it is. Rejects with the system's own error where it cannot be made.
 * Node's own recursion never ends where a folder that is there takes no new ones, as /proc does: it takes ENOENT for «the one above is missing» each time.
 */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, { mode })
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return
    if (code !== 'ENOENT' || existsSync(dirname(folder))) throw problem
    await makeFolder(dirname(folder), mode)
    await makeFolder(folder, mode)
  }
}
