import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes `folder` and those above it with `mode` (less the umask); one that is there already, or that somebody else makes in this moment, is left as it is. Rejects with the
 * system's own error where it cannot be made.
 * Node's own recursion never ends where a folder that is there takes no new ones, as /proc does: it takes ENOENT for «the one above is missing» each time.
 */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  if (await isMade(folder, mode)) return
  await makeFolder(dirname(folder), mode)
  if (!(await isMade(folder, mode)))
    throw Object.assign(new Error(`ENOENT: cannot be made, ${folder}`), { code: 'ENOENT' })
}

/** Whether the folder is there now; false where one above it is missing. */
async function isMade(folder: string, mode: number): Promise<boolean> {
  try {
    await mkdir(folder, { mode })
    return true
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return true
    if (code === 'ENOENT' && dirname(folder) !== folder) return false
    throw problem
  }
}
