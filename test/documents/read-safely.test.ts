import { describe, expect, it } from 'vitest'
import { readDocument } from '../../src/documents/read-document.ts'
import { readDocumentSafely, readRoadmapSafely } from '../../src/documents/read-safely.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { deadlineReader } from '../../src/roadmaps/reading/deadline-reader.ts'
import { readRoadmap } from '../../src/roadmaps/reading/read-roadmap.ts'
import { plans } from '../roadmaps/reading/plans.ts'
import { makeDocx, table } from '../support/docx.ts'

const bytes = plans[0]?.bytes() ?? new Uint8Array()

describe('a thread of its own', () => {
  it('reads the same document and the same roadmap', async () => {
    const document = await readDocument(bytes)
    expect(await readDocumentSafely(bytes)).toEqual(document)
    if (!document.ok) throw new Error(document.refusal.code)
    const [here, there] = [readRoadmap(document.value, deadlineReader), await readRoadmapSafely(bytes)]
    expect(there).toEqual(here)
    expect(there.ok && there.value.activities[0]?.schedule.windows[0]?.due).toBeInstanceOf(Temporal.PlainDate)
  })

  it('takes the period that it is given', async () => {
    const period = { from: Temporal.PlainDate.from('2030-01-01'), to: Temporal.PlainDate.from('2030-12-31') }
    const roadmap = await readRoadmapSafely(bytes, { period })
    expect(roadmap.ok && roadmap.value.period).toEqual(period)
  })

  it('tells how many rows it has found', async () => {
    const found: number[] = []
    await readRoadmapSafely(bytes, { onProgress: ({ rows }) => found.push(rows) })
    expect(found).toEqual([expect.any(Number)])
    expect(found[0]).toBeGreaterThan(6)
  })

  it('gives refusals back', async () => {
    expect(await readRoadmapSafely(new Uint8Array())).toEqual({ ok: false, refusal: { code: 'empty' } })
    expect(await readRoadmapSafely(Buffer.from('Просто письмо'))).toEqual({
      ok: false,
      refusal: { code: 'no-roadmap' },
    })
  })

  it('is ended when its time is over', async () => {
    const long = makeDocx([
      table(Array.from({ length: 4_000 }, (_, at) => [`${at}`, 'Мероприятие'.repeat(30), 'март 2025'])),
    ])
    expect(await readRoadmapSafely(long, { timeoutSeconds: 0.001 })).toEqual({
      ok: false,
      refusal: { code: 'took-too-long', limitSeconds: 0.001 },
    })
  })
})
