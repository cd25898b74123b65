import { buffer } from 'node:stream/consumers'
import type { Engine } from '../app.ts'
import { readRoadmapSafely } from '../documents/read-safely.ts'
import { evidenceEdge } from './evidence-edge.ts'
import type { RoadmapEdge } from './read-roadmap.ts'

/** Fetching, keeping and reading the documents of roadmaps. */
export function roadmapEdge(engine: Pick<Engine, 'files' | 'download'>): RoadmapEdge {
  const { files } = engine
  return {
    fetch: evidenceEdge(engine).fetch,
    keep: async (municipalityId, bytes) => {
      const kept = await files.put(municipalityId, bytes)
      if (!kept.ok) throw new Error(`the document could not be kept: ${kept.refusal.code}`)
      return kept.value
    },
    bytesOf: async (municipalityId, sha256) => {
      const stream = await files.open(municipalityId, sha256)
      if (!stream) throw new Error('a document that was kept is gone')
      return buffer(stream)
    },
    read: readRoadmapSafely,
  }
}
