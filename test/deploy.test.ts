import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { VARIABLES } from '../src/config.ts'
import type { Standing } from '../src/db/standing.ts'
import { createMetrics } from '../src/metrics.ts'

const read = (name: string) => readFile(new URL(`../deploy/${name}`, import.meta.url), 'utf8')

/** Long enough for what the program allows itself when it is asked to stop. */
const STOPPING_SECONDS = 10

type Service = {
  image?: string
  environment?: Record<string, string>
  stop_grace_period?: string
  read_only?: boolean
  volumes?: string[]
  deploy?: { replicas: number }
}
const servicesOf = async (name: string) =>
  (parse(await read(name), { logLevel: 'silent' }) as { services: Record<string, Service> }).services

/** Of the command line alone, and of what the program runs on. */
const KNOWN = new Set([...VARIABLES, 'BOT_USERNAME', 'NODE_ENV', 'HOME', 'MALLOC_ARENA_MAX'])

describe('what is deployed', () => {
  it.each(['compose.yaml', 'compose.replicas.yaml'])('%s sets variables that the program knows', async (name) => {
    const { sovet } = await servicesOf(name)
    const set = Object.keys(sovet?.environment ?? {})
    expect(set.length).toBeGreaterThan(0)
    expect(set.filter((variable) => !KNOWN.has(variable))).toEqual([])
  })

  it('gives the program the time it needs to stop, and nothing to write but its folder', async () => {
    const { sovet, database } = await servicesOf('compose.yaml')
    expect(Number.parseInt(sovet?.stop_grace_period ?? '', 10)).toBeGreaterThan(STOPPING_SECONDS)
    expect(sovet).toMatchObject({ read_only: true, volumes: ['files:/data'] })
    expect(database?.environment?.POSTGRES_INITDB_ARGS).toContain('C.UTF-8')
    expect((await servicesOf('compose.replicas.yaml')).sovet?.deploy?.replicas).toBeGreaterThan(1)
    const [, seconds] = (await read('sovet.service')).match(/^TimeoutStopSec=(\d+)$/m) ?? []
    expect(Number(seconds)).toBeGreaterThan(STOPPING_SECONDS)
  })

  it('the image and the service set variables that the program knows, start the same program, and not as root', async () => {
    const image = await read('Dockerfile')
    const unit = await read('sovet.service')
    const [, inImage = ''] = image.match(/^ENV (.*)$/m) ?? []
    const [, inUnit = ''] = unit.match(/^Environment=(.*)$/m) ?? []
    const names = `${inImage} ${inUnit}`.split(' ').map((pair) => pair.split('=')[0]!)
    expect(names.filter((name) => !KNOWN.has(name))).toEqual([])
    for (const set of [inImage, inUnit]) expect(set).toContain('MALLOC_ARENA_MAX=2') // as it is measured
    const { scripts } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
      scripts: { start: string }
    }
    const words = scripts.start.split(' ')
    expect(JSON.parse(image.match(/^CMD (\[.*\])$/m)?.[1] ?? '[]')).toEqual(words)
    expect(unit.match(/^ExecStart=(.*)$/m)?.[1]).toBe(
      ['/opt/sovet/node_modules/.bin/node', ...words.slice(1)].join(' '),
    )
    expect(image.match(/^USER (.*)$/m)?.[1]).not.toMatch(/^(root|0)$/)
    expect(unit).toMatch(/^User=sovet$/m)
  })

  it('.env.example names what the program knows, and all of it', async () => {
    const text = await readFile(new URL('../.env.example', import.meta.url), 'utf8')
    const named = [...text.matchAll(/^#?([A-Z_]+)=/gm)].map((match) => match[1]!)
    expect(named.filter((name) => !KNOWN.has(name))).toEqual([])
    expect(VARIABLES.filter((name) => !name.endsWith('_FILE') && !named.includes(name))).toEqual([])
  })
})

const NOTHING: Standing = {
  inbox: { waiting: 0, oldestSeconds: null, setAside: 0 },
  lanes: [{ lane: 'answer', queued: 0, sending: 0, oldestSeconds: null, closedSeconds: 0 }],
  closedChats: 0,
  deadOfDay: 0,
  jobs: [{ queue: 'deliver', queued: 0, oldestSeconds: null, active: 0, failed: 0 }],
  connections: [{ state: 'idle', count: 1 }],
  mostConnections: 100,
}

describe('the alerts', () => {
  it('ask for figures and labels that there are, and each says what to do', async () => {
    type Rule = { alert: string; expr: string; annotations: { summary: string; what_to_do: string } }
    const rules = (parse(await read('alerts.yaml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
      (group) => group.rules,
    )
    const page = await createMetrics(async () => NOTHING, '1.0.0').page()
    const names = new Set([...page.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]))
    expect(rules.length).toBeGreaterThan(8)
    for (const { alert, expr, annotations } of rules) {
      const asked = [...expr.matchAll(/\b(?:sovet|nodejs|process)_\w+/g)].map((match) => match[0])
      expect(
        asked.filter((name) => !names.has(name)),
        alert,
      ).toEqual([])
      expect(asked.length + Number(expr.startsWith('up{')), alert).toBeGreaterThan(0)
      expect(annotations.summary.length, alert).toBeGreaterThan(10)
      expect(annotations.what_to_do.length, alert).toBeGreaterThan(10)
    }
  })

  it('are explained in the guide: every figure that an alert asks for stands there', async () => {
    const guide = await readFile(new URL('../docs/ru/operator.md', import.meta.url), 'utf8')
    const asked = new Set((await read('alerts.yaml')).match(/\bsovet_\w+/g))
    expect([...asked].filter((name) => !guide.includes(name))).toEqual([])
  })
})
