import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

/** A folder with no more room than was asked for, until `free`. */
export type SmallDisk = { how: string; free(): void }

/**
 * Leaves `folder` with `kilobytes` of room: a file system of its own where the test may mount one, else a limit on how large this process's files may become. Null where neither can be
 * had. What the folder held is out of sight meanwhile; `folders` are made in it.
 */
export function smallDisk(folder: string, kilobytes: number, folders: string[]): SmallDisk | null {
  return mounted(folder, kilobytes, folders) ?? limited(kilobytes)
}

function mounted(folder: string, kilobytes: number, folders: string[]): SmallDisk | null {
  if (!succeeds('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder])) return null
  for (const name of folders) mkdirSync(`${folder}/${name}`, { recursive: true })
  return { how: 'a file system of its own', free: () => execFileSync('umount', ['-l', folder]) }
}

/** Node ignores SIGXFSZ: a write beyond the limit fails with EFBIG. */
function limited(kilobytes: number): SmallDisk | null {
  const limit = (bytes: string) => succeeds('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`])
  if (!limit(String(kilobytes * 1024))) return null
  return { how: 'a limit on the size of files', free: () => void limit('unlimited') }
}

function succeeds(program: string, args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
