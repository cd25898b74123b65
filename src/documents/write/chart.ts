import { BarChart, type BarSeriesOption } from 'echarts/charts'
import { GridComponent, LegendComponent, type LegendComponentOption, TitleComponent } from 'echarts/components'
import { type ComposeOption, init, setPlatformAPI, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import sharp from 'sharp'
import { shortName } from './short-name.ts'
import { fittedText, textWidth } from './text-width.ts'

/** What stands above a chart: `note` says when and where, «на 23 ноября 2026 г., Заречный район». */
export type ChartHeading = { title: string; note: string }

/** How the tasks of one school stand: numbers of tasks, no task in two of them. */
export type SchoolProgress = { name: string; done: number; waiting: number; overdue: number; open: number }

/** The words of a progress chart; `tally` is what stands beside a school: «12 из 18». */
export type ProgressWords = {
  legend: Record<ProgressPart, string>
  tally: (school: SchoolProgress) => string
}

export type ProgressPart = 'done' | 'waiting' | 'overdue' | 'open'

/** A bar of a plain chart; `text` is how its value is written beside it. */
export type Bar = { name: string; value: number; text: string }

/** Parts in the order of their segments. */
const partColours: Record<ProgressPart, string> = {
  done: '#2E9E6B',
  waiting: '#F2B33D',
  overdue: '#D6453D',
  open: '#D5DCE3',
}
const parts = Object.keys(partColours) as ProgressPart[]

const ink = '#1D2935'
const quietInk = '#66727E'
const track = '#EDF0F3'

/** The first of them that the machine has is used; each has Cyrillic. */
const fontFamily = "'PT Sans', 'Noto Sans', 'Roboto', 'Liberation Sans', 'Arial', 'DejaVu Sans', sans-serif"

/** Logical pixels; the picture has twice as many. Telegram keeps a photo of 1,280 sharp, and a phone shows about 400 logical pixels. */
const width = 600
const margin = 28
const pixelRatio = 2
const headingHeight = 96
const legendHeight = 40
const innerWidth = width - 2 * margin
const titleSize = 24
const noteSize = 16
const nameSize = 17
const tallySize = 15
/** At least so far apart stand a name and the tally beside it. */
const gap = 16
const longestName = 50
const shortestName = 8
const barWidth = 14

type ChartOption = ComposeOption<BarSeriesOption | LegendComponentOption>
type Item = { value: number; itemStyle?: { borderRadius: number[] } }
type Row = { name: string; text: string; alarming: boolean }

use([BarChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer])
// Without a canvas the library takes every Cyrillic letter for a square.
setPlatformAPI({ measureText: (text, font) => ({ width: textWidth(text, font) }) })

/**
 * A PNG of how far each school is, for a phone's screen: the name above its bar, the tally at the right, in red where something is
 * overdue (the tally should say so in words too: not everybody tells red from green). Every bar is as long as any other, so that schools with many and with few tasks compare. Reads well with 1 to 20 schools;
 * beyond 80 Telegram takes it no longer as a photo.
 */
export async function progressChart(
  schools: readonly SchoolProgress[],
  heading: ChartHeading,
  words: ProgressWords,
): Promise<Uint8Array> {
  const rows = schools.map((school) => ({
    name: school.name,
    text: words.tally(school),
    alarming: school.overdue > 0,
  }))
  return drawn(heading, rows, segmentSeries(schools, words.legend), legendOf(words.legend))
}

/** A PNG of plain bars for a phone's screen, each as long as its value asks beside the greatest. Reads well with 1 to 20 bars. */
export async function barChart(bars: readonly Bar[], heading: ChartHeading): Promise<Uint8Array> {
  const rows = bars.map(({ name, text }) => ({ name, text, alarming: false }))
  const greatest = Math.max(...bars.map(({ value }) => value), 0)
  const series: BarSeriesOption = {
    type: 'bar',
    barWidth,
    silent: true,
    itemStyle: { color: '#3A7CA5', borderRadius: 5 },
    data: bars.map(({ value }) => (greatest > 0 ? value / greatest : 0)),
  }
  return drawn(heading, rows, [series])
}

function segmentSeries(schools: readonly SchoolProgress[], words: Record<ProgressPart, string>): BarSeriesOption[] {
  const segments = schools.map(roundedSegments)
  return parts.map((part) => ({
    type: 'bar',
    name: words[part],
    stack: 'tasks',
    barWidth,
    silent: true,
    itemStyle: { color: partColours[part], borderColor: '#FFFFFF', borderWidth: 1 },
    data: segments.map((segment) => segment[part]),
  }))
}

/** Shares of one school's tasks from 0 to 1, rounded at the two ends of the bar. */
function roundedSegments(school: SchoolProgress): Record<ProgressPart, Item> {
  const total = parts.reduce((sum, part) => sum + school[part], 0)
  const filled = parts.filter((part) => school[part] > 0)
  const radius = (part: ProgressPart) => {
    const [left, right] = [part === filled.at(0) ? 5 : 0, part === filled.at(-1) ? 5 : 0]
    return [left, right, right, left]
  }
  const item = (part: ProgressPart): Item => ({
    value: total > 0 ? school[part] / total : 0,
    itemStyle: { borderRadius: radius(part) },
  })
  return { done: item('done'), waiting: item('waiting'), overdue: item('overdue'), open: item('open') }
}

/** The many rows of a big municipality stand closer, so that a phone shows the whole picture at once. */
function rowHeight(count: number): number {
  return count > 10 ? 50 : 60
}

function legendOf(words: Record<ProgressPart, string>): LegendComponentOption {
  return {
    left: margin - 5,
    right: margin,
    top: headingHeight - 8,
    icon: 'roundRect',
    itemWidth: 14,
    itemHeight: 14,
    itemGap: 18,
    selectedMode: false,
    textStyle: { fontFamily, fontSize: 15, color: quietInk },
    itemStyle: { borderWidth: 0 },
    data: parts.map((part) => words[part]),
  }
}

function layout(rows: readonly Row[], { title, note }: ChartHeading, top: number): ChartOption {
  return {
    animation: false,
    backgroundColor: '#FFFFFF',
    textStyle: { fontFamily },
    title: {
      left: margin,
      top: 22,
      padding: 0,
      itemGap: 6,
      text: fittedText(drawable(title), innerWidth, `bold ${titleSize}px`),
      subtext: fittedText(drawable(note), innerWidth, `${noteSize}px`),
      textStyle: { fontFamily, fontSize: titleSize, lineHeight: 30, fontWeight: 'bold', color: ink },
      subtextStyle: { fontFamily, fontSize: noteSize, lineHeight: 22, color: quietInk },
    },
    grid: { left: margin, right: margin, top, height: rows.length * rowHeight(rows.length), containLabel: false },
    xAxis: { type: 'value', min: 0, max: 1, show: false },
    yAxis: { type: 'category', inverse: true, show: false, data: rows.map((_, index) => String(index)) },
  }
}

/** The grey track behind each bar carries the name above it, a bar that is not seen the tally. */
function captions(rows: readonly Row[]): BarSeriesOption[] {
  const above = { show: true, distance: 0, offset: [0, -23], fontFamily }
  const carrier = {
    type: 'bar',
    barGap: '-100%',
    barWidth,
    silent: true,
    data: rows.map(() => 1),
  } as const
  return [
    {
      ...carrier,
      itemStyle: { color: track, borderRadius: 5 },
      label: {
        ...above,
        position: 'insideLeft',
        color: ink,
        fontSize: nameSize,
        formatter: ({ dataIndex }) => drawnName(rows[dataIndex]!),
      },
    },
    {
      ...carrier,
      itemStyle: { color: 'transparent' },
      data: rows.map(({ alarming }) => ({ value: 1, label: { color: alarming ? '#B8322B' : quietInk } })),
      label: {
        ...above,
        position: 'insideRight',
        fontSize: tallySize,
        formatter: ({ dataIndex }) => drawable(rows[dataIndex]!.text),
      },
    },
  ]
}

/** The name, as much of it as finds room beside the tally. */
function drawnName({ name, text }: Row): string {
  const room = innerWidth - gap - textWidth(text, `${tallySize}px`)
  let length = longestName
  while (length > shortestName && textWidth(shortName(name, length), `${nameSize}px`) > room) length--
  return drawable(shortName(name, length))
}

async function drawn(
  heading: ChartHeading,
  rows: readonly Row[],
  series: readonly BarSeriesOption[],
  legend?: LegendComponentOption,
): Promise<Uint8Array> {
  const top = headingHeight + (legend ? legendHeight : 0)
  const height = top + rows.length * rowHeight(rows.length) + margin / 2
  const option = {
    ...layout(rows, heading, top),
    ...(legend ? { legend } : {}),
    series: [...captions(rows), ...series],
  }
  const png = sharp(Buffer.from(svgOf(option, height)), { density: 72 * pixelRatio })
  return new Uint8Array(await png.png({ palette: true, dither: 0, effort: 4 }).toBuffer())
}

function svgOf(option: ChartOption, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption(option)
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}

/**
 * Whether this machine has a font with Cyrillic letters: without one every letter is the same empty box, and charts are worthless. On
 * Debian `fonts-liberation` or `fonts-dejavu-core` is enough, `fonts-paratype` (PT Sans) looks best.
 */
export async function hasCyrillicFont(): Promise<boolean> {
  const [one, other] = await Promise.all(['Ж', 'Щ'].map(drawnLetter))
  return !one!.equals(other!)
}

function drawnLetter(letter: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="5" y="30" font-size="24" font-family="${fontFamily}">${letter}</text></svg>`
  return sharp(Buffer.from(svg)).raw().toBuffer()
}

/** `text` without what XML cannot hold. */
function drawable(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .toWellFormed()
    .replace(/[\uFFFE\uFFFF]/g, '')
}
