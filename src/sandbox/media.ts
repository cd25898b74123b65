import sharp from 'sharp'
import type { FileStore, MediaContent } from './files.ts'
import { badRequest } from './refusal.ts'
import type { Content, PhotoSize } from './telegram.ts'

/** The longer side of each size that Telegram makes of a photo, smallest first. */
const SIDES = [90, 320, 800, 1280]
const LARGEST_SIDE = SIDES.at(-1) ?? 1280
/** Telegram takes no photo whose sides are together longer, or one of which is this many times the other. */
const MAX_SIDES_TOGETHER = 10_000
const MAX_RATIO = 20

export type MediaFacts = {
  name?: string | undefined
  mimeType?: string | undefined
  duration?: number | undefined
  width?: number | undefined
  height?: number | undefined
}

/**
 * A photo in the sizes that Telegram would make of it, smallest first, as JPEG. A JPEG that fits the largest size stays byte
 * for byte. Throws ApiRefusal IMAGE_PROCESS_FAILED or PHOTO_INVALID_DIMENSIONS for what is no photo.
 */
export async function storePhoto(files: FileStore, bytes: Buffer): Promise<MediaContent> {
  const facts = await photoFacts(bytes)
  const longest = Math.max(facts.width, facts.height)
  const sides = [...SIDES.filter((side) => side < longest), Math.min(longest, LARGEST_SIDE)]
  const sizes: PhotoSize[] = []
  for (const side of new Set(sides)) sizes.push(await storeSize(files, bytes, facts, side))
  return described(files, { photo: sizes })
}

type PhotoFacts = { width: number; height: number; format: string }

async function photoFacts(bytes: Buffer): Promise<PhotoFacts> {
  const facts = await sharp(bytes)
    .metadata()
    .catch(() => null)
  if (!facts?.width || !facts.height) throw badRequest('IMAGE_PROCESS_FAILED')
  const { width, height } = facts.autoOrient ?? facts
  const ratio = Math.max(width / height, height / width)
  if (width + height > MAX_SIDES_TOGETHER || ratio > MAX_RATIO) throw badRequest('PHOTO_INVALID_DIMENSIONS')
  return { width, height, format: facts.format ?? '' }
}

async function storeSize(files: FileStore, bytes: Buffer, facts: PhotoFacts, side: number): Promise<PhotoSize> {
  const scale = side / Math.max(facts.width, facts.height)
  const width = Math.max(1, Math.round(facts.width * scale))
  const height = Math.max(1, Math.round(facts.height * scale))
  const isOriginal = scale === 1 && facts.format === 'jpeg'
  const made = isOriginal ? bytes : await resized(bytes, width, height)
  const file = await files.add({ kind: 'photo', bytes: made, name: 'photo.jpg', mimeType: 'image/jpeg' })
  return { file_id: file.id, file_unique_id: file.uniqueId, width, height, file_size: file.size }
}

async function resized(bytes: Buffer, width: number, height: number): Promise<Buffer> {
  try {
    return await sharp(bytes)
      .autoOrient()
      .resize(width, height, { fit: 'fill' })
      .flatten({ background: 'white' })
      .jpeg({ quality: 85 })
      .toBuffer()
  } catch {
    throw badRequest('IMAGE_PROCESS_FAILED')
  }
}

/** Any file as it is. */
export async function storeDocument(files: FileStore, bytes: Buffer, facts: MediaFacts): Promise<MediaContent> {
  const mimeType = facts.mimeType || mimeTypeOf(facts.name ?? '')
  const file = await files.add({ kind: 'document', bytes, name: facts.name, mimeType })
  const document = {
    file_id: file.id,
    file_unique_id: file.uniqueId,
    ...(facts.name === undefined ? {} : { file_name: facts.name }),
    mime_type: mimeType,
    file_size: file.size,
  }
  return described(files, { document })
}

/** A voice note; `duration` in seconds. */
export async function storeVoice(files: FileStore, bytes: Buffer, facts: MediaFacts): Promise<MediaContent> {
  const mimeType = facts.mimeType ?? 'audio/ogg'
  const file = await files.add({ kind: 'voice', bytes, mimeType })
  const voice = {
    file_id: file.id,
    file_unique_id: file.uniqueId,
    duration: facts.duration ?? 0,
    mime_type: mimeType,
    file_size: file.size,
  }
  return described(files, { voice })
}

/** A video; `duration` in seconds, sides in pixels. */
export async function storeVideo(files: FileStore, bytes: Buffer, facts: MediaFacts): Promise<MediaContent> {
  const mimeType = facts.mimeType ?? 'video/mp4'
  const file = await files.add({ kind: 'video', bytes, name: facts.name, mimeType })
  const video = {
    file_id: file.id,
    file_unique_id: file.uniqueId,
    duration: facts.duration ?? 0,
    width: facts.width ?? 640,
    height: facts.height ?? 360,
    ...(facts.name === undefined ? {} : { file_name: facts.name }),
    mime_type: mimeType,
    file_size: file.size,
  }
  return described(files, { video })
}

function described(files: FileStore, media: MediaContent): MediaContent {
  files.describe(media)
  return media
}

/** The part of a message that holds its file. */
export function mediaOf(content: Content): { kind: 'photo' | 'document' | 'voice' | 'video'; fileId: string } | null {
  const photo = content.photo?.at(-1)
  if (photo) return { kind: 'photo', fileId: photo.file_id }
  if (content.document) return { kind: 'document', fileId: content.document.file_id }
  if (content.voice) return { kind: 'voice', fileId: content.voice.file_id }
  return content.video ? { kind: 'video', fileId: content.video.file_id } : null
}

const MIME_TYPES: Record<string, string> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  doc: 'application/msword',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xls: 'application/vnd.ms-excel',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
  ics: 'text/calendar',
  zip: 'application/zip',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  mp4: 'video/mp4',
}

function mimeTypeOf(name: string): string {
  return MIME_TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream'
}
