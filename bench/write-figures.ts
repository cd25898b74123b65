import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { Temporal } from '../src/kernel/clock.ts'
import type { Figure } from './figure.ts'

export type Measured = { title: string; figures: Figure[] }

const PAGE = new URL('../ARCHITECTURE.md', import.meta.url)
const BLOCK = /(?<=<!-- bench -->\n)[\s\S]*?(?=<!-- \/bench -->)/

/** Puts the table of one bench on the page ARCHITECTURE.md; the tables of other benches stay. */
export async function writeFigures(measured: Measured, quick: boolean): Promise<void> {
  const page = await readFile(PAGE, 'utf8')
  const [block] = page.match(BLOCK) ?? []
  if (block === undefined) throw new Error('ARCHITECTURE.md has no place for the figures')
  const others = block.split(/^(?=### )/m).filter((part) => part.trim() && !part.startsWith(`### ${measured.title}\n`))
  const parts = [...others.map((part) => part.trim()), tableOf(measured, quick)]
  await writeFile(
    PAGE,
    page.replace(BLOCK, () => `\n${parts.join('\n\n')}\n\n`),
  )
}

function tableOf({ title, figures }: Measured, quick: boolean): string {
  const where = `${availableParallelism()} cores, ${Temporal.Now.plainDateISO()}${quick ? ', a quick run' : ''}`
  const rows = figures.map(
    ({ promise, what, value, goal, held }) =>
      `| ${promise} | ${what} | ${value} | ${goal ?? ''} | ${held === undefined ? '' : held ? 'held' : 'missed'} |`,
  )
  return `### ${title}\n\n${where}\n\n| promise | what | measured | goal | |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}`
}
