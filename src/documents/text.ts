import type { DocumentContent, Paragraph, Table } from '../roadmaps/reading/content.ts'
import { drawsBoxes, readBoxes } from './boxes.ts'
import { WORD_CELL_MARK } from './encoding.ts'
import { readLayout, type TextLine } from './layout.ts'
import { type ReadingLimits, Unreadable } from './limits.ts'
import { readBareCells, readBarredCells, readTabbedCells } from './loose-cells.ts'
import { RULE, readSeparated, separatorOf } from './separated-cells.ts'
import { paragraphOf } from './text-cells.ts'

/**
 * Reads plain or pasted text. Known ways of writing a table: cells parted by tabs (or `|`, or `;`, or dashes in numbered lines), one
 * cell a line, columns kept apart by spaces, and an HTML table. Text without any of them is given back as paragraphs.
 */
export function readText(text: string, limits: ReadingLimits): DocumentContent {
  const lines = cleanText(text).split('\n')
  if (lines.length > limits.rows * 20) throw new Unreadable({ code: 'too-many-rows', limit: limits.rows })
  return { format: 'txt', blocks: blocksOf(lines) }
}

function blocksOf(lines: string[]): (Paragraph | Table)[] {
  for (const read of [
    readBoxedTables,
    readBarredCells,
    readSeparatedCells,
    readTabbedCells,
    readColumns,
    readBareCells,
  ]) {
    const blocks = read(lines)
    if (blocks) return blocks
  }
  return lines.filter((line) => line.trim() !== '').map(paragraphOf)
}

function readBoxedTables(lines: string[]): (Paragraph | Table)[] | null {
  const blocks = drawsBoxes(lines) ? readBoxes(lines) : []
  return blocks.some(({ kind }) => kind === 'table') ? blocks : null
}

function readSeparatedCells(lines: string[]): (Paragraph | Table)[] | null {
  const separator = separatorOf(lines)
  return separator && readSeparated(lines, separator)
}

/** Columns kept apart by runs of spaces. */
function readColumns(lines: string[]): (Paragraph | Table)[] | null {
  const spaced = lines.map(spacedLine)
  return spaced.filter(({ fragments }) => fragments.length >= 3).length >= 2 ? readLayout([spaced]) : null
}

const TAG = /<\/?(?:b|i|u|s|p|ul|ol|li|div|span|strong|em|sup|sub|a|font|h[1-6]|tbody|thead|colgroup|col|br)\b[^<>]*>/gi

function cleanText(text: string): string {
  const lines = text
    .replace(/\r\n?|\f|\v|\u0085/g, '\n')
    .replaceAll(WORD_CELL_MARK, '\t')
    .replace(/\[bookmark: [^\]]*\]/g, '')
  return (/<t[dh]\b/i.test(lines) ? htmlTable(lines) : lines)
    .replace(TAG, ' ')
    .replaceAll('**', '')
    .replace(/&nbsp;|&#160;|\u00A0/g, ' ')
}

function htmlTable(html: string): string {
  return html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/\s+/g, ' ')
    .replace(/<\/t[dh]>\s*<\/tr>/gi, '\n')
    .replace(/<\/t[dh]>/gi, '\t')
    .replace(/<\/?(table|tr|td|th|html|body)\b[^<>]*>/gi, '')
    .replace(/<\/p>/gi, ' ')
}

function spacedLine(line: string, at: number): TextLine {
  const fragments = [...line.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
    x: match.index,
    width: match[0].length,
    text: match[0],
  }))
  return { y: at, fragments: RULE.test(line) ? [] : fragments }
}
