import { describe, expect, it } from 'vitest'
import { plans } from './plans.ts'
import { differences } from './score.ts'

describe('plans of five layouts are read as a person labelled them', () => {
  it.each(plans)('$name', async (plan) => {
    const { facts, wrong } = await differences(plan)
    expect(wrong).toEqual([])
    expect(facts).toBeGreaterThan(plan.labels.length * 9)
  })
})
