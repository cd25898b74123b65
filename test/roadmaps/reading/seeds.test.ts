import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readDocument } from '../../../src/documents/read-document.ts'
import { deadlineReader } from '../../../src/roadmaps/reading/deadline-reader.ts'
import type { RoadmapDraft } from '../../../src/roadmaps/reading/draft.ts'
import { readRoadmap } from '../../../src/roadmaps/reading/read-roadmap.ts'

const SEEDS = new URL('../../../../shared/seeds/', import.meta.url)
const present = existsSync(SEEDS)
if (!present) console.warn(`no real roadmaps at ${SEEDS.pathname}: their tests are skipped`)

/** The real roadmaps: the forms in which each is there, and what a person counted in it. */
const SEED_FORMS = [
  {
    forms: ['000_dd236cf029c865d6.txt', '000_novosibirsk.docx'],
    period: '2020-01-01..2022-12-31',
    activities: 48,
    sections: 6,
    children: [],
  },
  {
    forms: ['002_ef36ecdccb3148ef.txt', '002_belinsky.docx'],
    period: '2023-01-01..2024-01-31',
    activities: 47,
    sections: 4,
    children: ['3.3/1', '3.3/2', '3.3/3', '4.2/1', '4.2/2'],
  },
  {
    forms: ['003_4e0825958b79699c.txt', '003_nizhneturinsky.docx', '003_nizhneturinsky.xlsx'],
    period: '2019-01-01..2021-12-31',
    activities: 177,
    sections: 9,
    children: [],
  },
  {
    forms: ['004_820e2fa0cfbfe82f.txt', '004_tula.docx', '004_tula.pdf'],
    period: '2020-09-01..2021-08-31',
    activities: 31,
    sections: 4,
    children: ['4.10/1', '4.10/2', '4.10/3', '4.10/4', '4.10/5', '4.10/6', '4.11/1', '4.11/2', '4.11/3', '4.11/4'],
  },
]

describe.skipIf(!present)('the real roadmaps are read completely in each of their forms', () => {
  it.each(SEED_FORMS.flatMap(({ forms, ...counted }) => forms.map((form) => ({ form, ...counted }))))(
    '$form: $activities activities in $sections sections',
    async ({ form, period, activities, sections, children }) => {
      const roadmap = await roadmapIn(form)
      expect(`${roadmap.period.from}..${roadmap.period.to}`).toBe(period)
      expect(roadmap.activities).toHaveLength(activities)
      expect(new Set(roadmap.activities.map(({ section }) => section)).size).toBe(sections)
      expect(roadmap.activities.map(({ number }) => number).filter((number) => number.includes('/'))).toEqual(children)
      expect(roadmap.activities.filter(({ title }) => title === '')).toEqual([])
    },
  )

  it.each(SEED_FORMS)('$forms.0 tells the same activities in every form', async ({ forms }) => {
    const [first, ...others] = await Promise.all(forms.map(async (form) => told(await roadmapIn(form))))
    for (const other of others) expect(other).toEqual(first)
  })
})

async function roadmapIn(form: string): Promise<RoadmapDraft> {
  const document = await readDocument(readFileSync(new URL(form, SEEDS)))
  if (!document.ok) throw new Error(document.refusal.code)
  const roadmap = readRoadmap(document.value, deadlineReader)
  if (!roadmap.ok) throw new Error(roadmap.refusal.code)
  return roadmap.value
}

/** What all forms must agree on. List marks differ from form to form, and so does the white space beside them. */
function told({ period, activities }: RoadmapDraft): unknown {
  const words = (text: string) => text.replace(/[\s·•-]+/g, '')
  return {
    period: `${period.from}..${period.to}`,
    activities: activities.map((activity) => ({
      number: activity.number,
      section: activity.section,
      title: words(activity.title),
      deadlineText: activity.deadlineText,
      windows: activity.schedule.windows.map(({ from, due }) => `${from}..${due}`),
      kind: activity.schedule.kind,
      responsibleText: words(activity.responsibleText),
      executors: activity.executors,
      expectedResult: words(activity.expectedResult),
      parent: activity.parent,
    })),
  }
}
