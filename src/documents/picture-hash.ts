import { createRequire } from 'node:module'

// The package is CommonJS and its types name a default export that a module does not get.
const perceptualHash = (): ((picture: Uint8Array) => Promise<string>) => createRequire(import.meta.url)('sharp-phash')

/** 64 signs `0` and `1`: near for pictures that look alike. */
export type PictureHash = string

/** Pixels of a picture that is hashed at most: a small file can unfold into a huge picture. */
const MOST_PIXELS = 60_000_000

/** The perceptual hash of a picture; null where the bytes are no picture, or one too large to unfold. */
export async function pictureHash(bytes: Uint8Array): Promise<PictureHash | null> {
  // Large: loaded with the first picture, and missed aloud.
  const { default: sharp } = await import('sharp')
  const phash = perceptualHash()
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: MOST_PIXELS }).metadata()
    return width * height > MOST_PIXELS ? null : await phash(bytes)
  } catch {
    return null
  }
}

/** In how many of the 64 places two hashes differ: 0 is the same picture, up to 8 nearly the same. */
export function hashDistance(left: PictureHash, right: PictureHash): number {
  return [...left].filter((sign, index) => sign !== right[index]).length
}
