import { type Args, isRecord, numeric, textArg } from '../args.ts'
import type { Core } from '../core.ts'
import type { FileKind, MediaContent } from '../files.ts'
import { storeDocument, storePhoto, storeVideo, storeVoice } from '../media.ts'
import { ApiRefusal, badRequest } from '../refusal.ts'

export const MAX_UPLOAD_BYTES = 50 * 1024 * 1024
const MAX_PHOTO_BYTES = 10 * 1024 * 1024

const NAMES: Record<FileKind, string> = { photo: 'Photo', document: 'Document', voice: 'VoiceNote', video: 'Video' }

/**
 * The file that a call sends in `reference`: an upload (by its field's name or `attach://name`) or a file_id. Facts such as
 * `duration` come from `values`. A web address is refused: the sandbox fetches nothing from the network.
 */
export async function attachmentOf(
  core: Core,
  kind: FileKind,
  reference: string | undefined,
  values: Record<string, unknown>,
  args: Args,
): Promise<MediaContent> {
  const upload = args.uploads.get(reference?.replace(/^attach:\/\//, '') ?? '') ?? args.uploads.get(kind)
  if (upload && (reference === undefined || reference.startsWith('attach://'))) {
    return stored(core, kind, upload.bytes, {
      name: upload.fileName || undefined,
      mimeType: upload.mimeType || undefined,
      ...factsOf(values),
    })
  }
  if (!reference) throw badRequest(`there is no ${kind} in the request`)
  if (/^https?:\/\//i.test(reference)) throw badRequest('failed to get HTTP URL content')
  return resent(core, kind, reference)
}

/** The attachment of the field named after its kind. */
export function namedAttachment(core: Core, kind: FileKind, args: Args): Promise<MediaContent> {
  return attachmentOf(core, kind, textArg(args, kind), args.values, args)
}

type Facts = Parameters<typeof storeDocument>[2]

async function stored(core: Core, kind: FileKind, bytes: Buffer, facts: Facts): Promise<MediaContent> {
  if (bytes.length === 0) throw badRequest('file must be non-empty')
  if (bytes.length > MAX_UPLOAD_BYTES) throw new ApiRefusal(413, 'Request Entity Too Large')
  if (kind === 'photo') {
    if (bytes.length > MAX_PHOTO_BYTES) throw badRequest('file is too big')
    return storePhoto(core.files, bytes)
  }
  if (kind === 'voice') return storeVoice(core.files, bytes, facts)
  if (kind === 'video') return storeVideo(core.files, bytes, facts)
  return storeDocument(core.files, bytes, facts)
}

/** A file sent again by its id is the same file; only its kind must fit. */
function resent(core: Core, kind: FileKind, fileId: string): MediaContent {
  const file = core.files.byId(fileId)
  if (!file) throw badRequest('wrong file identifier/HTTP URL specified')
  if (file.kind !== kind) throw badRequest(`can't use file of type ${NAMES[file.kind]} as ${NAMES[kind]}`)
  const media = core.files.shownAs(fileId)
  if (!media) throw badRequest('wrong file identifier/HTTP URL specified')
  return media
}

function factsOf(values: Record<string, unknown>): Facts {
  const number = (value: unknown) => (value === undefined || Number.isNaN(numeric(value)) ? undefined : numeric(value))
  return { duration: number(values.duration), width: number(values.width), height: number(values.height) }
}

/** The parts of an album as a call lists them. */
export function albumParts(list: unknown[]): Record<string, unknown>[] {
  return list.map((part) => {
    if (!isRecord(part) || typeof part.type !== 'string') throw badRequest("can't parse InputMedia")
    return part
  })
}
