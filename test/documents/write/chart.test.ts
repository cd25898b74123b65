import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { barChart, hasCyrillicFont, progressChart, type SchoolProgress } from '../../../src/documents/write/chart.ts'

const heading = { title: 'Как идёт работа', note: 'на 23 ноября 2026 г.' }
const words = {
  legend: { done: 'выполнено', waiting: 'на проверке', overdue: 'просрочено', open: 'впереди' },
  tally: ({ done, waiting, overdue, open }: SchoolProgress) => `${done} из ${done + waiting + overdue + open}`,
}
const school = (change: Partial<SchoolProgress>): SchoolProgress => ({
  name: 'МОУ СОШ с. Большие Ключи',
  done: 0,
  waiting: 0,
  overdue: 0,
  open: 0,
  ...change,
})
const colours = { done: '2e9e6b', waiting: 'f2b33d', overdue: 'd6453d', open: 'd5dce3', ink: '1d2935' }
const cyrillic = await hasCyrillicFont()
/** The legend and what is above it, in the pixels of the picture. */
const aboveTheRows = 250

describe('a chart of progress', () => {
  it.each`
    schools | width   | height
    ${1}    | ${1200} | ${420}
    ${9}    | ${1200} | ${1380}
    ${20}   | ${1200} | ${2300}
  `('of $schools schools is a picture of $width × $height', async ({ schools, width, height }) => {
    const rows = Array.from({ length: schools }, (_, index) => school({ done: index, open: 3 }))
    const png = await progressChart(rows, heading, words)
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width, height })
    expect(png.byteLength).toBeLessThan(300_000)
  })

  it('gives each part its share of the bar', async () => {
    const png = await progressChart([school({ done: 5, waiting: 2, overdue: 1, open: 2 })], heading, words)
    const pixels = await coloursBelow(png, aboveTheRows)
    const total = pixels.done + pixels.waiting + pixels.overdue + pixels.open
    expect(pixels.done / total).toBeCloseTo(0.5, 1)
    expect(pixels.waiting / total).toBeCloseTo(0.2, 1)
    expect(pixels.overdue / total).toBeCloseTo(0.1, 1)
    expect(pixels.open / total).toBeCloseTo(0.2, 1)
  })

  it('shows no colour of what is not there, and no bar for a school without tasks', async () => {
    const done = await coloursBelow(await progressChart([school({ done: 3 })], heading, words), aboveTheRows)
    expect(done).toMatchObject({ waiting: 0, overdue: 0, open: 0 })
    const none = await coloursBelow(await progressChart([school({})], heading, words), aboveTheRows)
    expect(none).toMatchObject({ done: 0, waiting: 0, overdue: 0, open: 0 })
  })

  it.skipIf(!cyrillic)('writes the name and heading in letters that are seen', async () => {
    const named = await progressChart([school({ done: 1 })], heading, words)
    const nameless = await progressChart([school({ done: 1, name: '' })], heading, words)
    const [withName, without] = [await coloursBelow(named, aboveTheRows), await coloursBelow(nameless, aboveTheRows)]
    expect(withName.ink).toBeGreaterThan(without.ink + 100)
    expect((await coloursBelow(named, 0)).ink).toBeGreaterThan(withName.ink + 100)
  })

  it.each([
    ['marks', '<b>&"\'</b>'],
    ['templates', '{a|}{b}'],
    ['what XML forbids', 'a\0b\uD83D\uFFFF'],
    ['ends of elements', ']]></text><script/>'],
    ['5,000 letters', 'я'.repeat(5000)],
    ['emoji', '👍🏽‍♂️'],
    ['nothing', ''],
  ])('can be drawn for a school whose name is %s', async (_, name) => {
    const png = await progressChart([school({ name, done: 1 })], { title: name, note: name }, words)
    expect((await coloursBelow(png, aboveTheRows)).done).toBeGreaterThan(1000)
  })

  it('keeps a name of any length clear of the tally and the edge', async () => {
    const rows = ['Ш', 'я', '👍', 'W'].map((letter) => school({ name: letter.repeat(200), done: 1 }))
    const long = { title: 'Щ'.repeat(200), note: '№'.repeat(200) }
    const { data, info } = await sharp(await progressChart(rows, long, words))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const edge = Array.from({ length: info.height }, (_, y) => data[(y * info.width + info.width - 10) * info.channels])
    expect(edge.every((red) => red === 255)).toBe(true)
  })
})

describe('a chart of bars', () => {
  it('draws each bar as long as its value asks', async () => {
    const bars = [
      { name: 'Нормативные документы', value: 12, text: '12' },
      { name: 'Имидж школы', value: 6, text: '6' },
      { name: 'Другое', value: 0, text: '0' },
    ]
    const png = await barChart(bars, heading)
    expect(await sharp(png).metadata()).toMatchObject({ width: 1200, height: 580 })
    const lengths = await rowsOf(png, '3a7ca5')
    expect(lengths).toHaveLength(2)
    expect(lengths[1]! / lengths[0]!).toBeCloseTo(0.5, 1)
  })

  it('can be drawn of nothing', async () => {
    const png = await barChart([{ name: 'Другое', value: 0, text: '0' }], heading)
    expect(await rowsOf(png, '3a7ca5')).toEqual([])
  })
})

it('a machine without fonts is found out before people see empty boxes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sovet-fonts-'))
  const settings = join(folder, 'fonts.conf')
  await writeFile(settings, `<?xml version="1.0"?><fontconfig><dir>${folder}</dir></fontconfig>`)
  const module = new URL('../../../src/documents/write/chart.ts', import.meta.url).href
  const program = `import('${module}').then((chart) => chart.hasCyrillicFont()).then(console.log)`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
    env: { ...process.env, FONTCONFIG_FILE: settings },
  })
  expect(stdout.trim()).toBe('false')
  await rm(folder, { recursive: true })
})

/** How many pixels below `top` have each of the colours. */
async function coloursBelow(png: Uint8Array, top: number): Promise<Record<keyof typeof colours, number>> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const counts = new Map<string, number>()
  for (let at = top * info.width * 3; at < data.length; at += 3) {
    const colour = data.toString('hex', at, at + 3)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const count = (colour: string) => counts.get(colour) ?? 0
  return {
    done: count(colours.done),
    waiting: count(colours.waiting),
    overdue: count(colours.overdue),
    open: count(colours.open),
    ink: count(colours.ink),
  }
}

/** The greatest width of every bar of `colour`, from above. */
async function rowsOf(png: Uint8Array, colour: string): Promise<number[]> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const lines = Array.from({ length: info.height }, (_, y) => {
    const line = data.subarray(y * info.width * 3, (y + 1) * info.width * 3)
    return Array.from({ length: info.width }, (_, x) => line.toString('hex', x * 3, x * 3 + 3)).filter(
      (one) => one === colour,
    ).length
  })
  return lines
    .join(' ')
    .split(/(?:^| )0(?= |$)/)
    .map((run) => Math.max(...run.trim().split(' ').map(Number)))
    .filter((length) => length > 0)
}
