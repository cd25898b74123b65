import { type OwnSynonyms, synonymLine } from '../../council/own-synonyms.ts'
import type { Screen } from '../../delivery/screen.ts'
import {
  askSynonyms,
  dropSynonyms,
  openFaq,
  openSynonymGroup,
  openSynonyms,
  rewriteSynonyms,
  undoSynonyms,
} from '../buttons-council.ts'
import { type Say, shortened } from '../words.ts'
import { inRows } from './council.ts'
import { pageOf, pagingRow, rows } from './pages.ts'

/** The municipality's own abbreviations and synonyms, a page of them. `common`: how many groups every municipality has. */
export function synonymsScreen(say: Say, all: readonly OwnSynonyms[], common: number, wanted: number): Screen {
  const add = [{ label: say.plain('council.synonyms.add'), tone: 'main' as const, action: askSynonyms() }]
  const back = [{ label: say.plain('common.back'), action: openFaq() }]
  if (all.length === 0) return { text: say('council.synonyms.none', { common }), buttons: [add, back] }
  const { shown, page, pages } = pageOf(all, wanted)
  const lines = shown.map(({ terms }, index) =>
    say('council.synonyms.line', { position: index + 1, terms: shortened(synonymLine(terms), 200) }),
  )
  return {
    text: say('council.synonyms.list', { count: all.length, lines: lines.join('\n'), common }),
    buttons: rows(
      ...inRows(shown.map(({ id }, index) => ({ label: String(index + 1), action: openSynonymGroup(id) }))),
      pagingRow(say, { page, pages }, openSynonyms),
      add,
      back,
    ),
  }
}

/** One group: what it says, and what can be done with it. */
export function synonymGroupScreen(say: Say, { id, terms }: OwnSynonyms): Screen {
  return {
    text: say('council.synonyms.group', { terms: synonymLine(terms) }),
    buttons: [
      [
        { label: say.plain('council.synonyms.change'), action: rewriteSynonyms(id) },
        { label: say.plain('council.synonyms.remove'), tone: 'bad', action: dropSynonyms(id) },
      ],
      [{ label: say.plain('common.back'), action: openSynonyms(0) }],
    ],
  }
}

/** How a group is written. `before`: what it says now, where it is changed. */
export function writeSynonymsScreen(say: Say, before: readonly string[] | null): Screen {
  return {
    text: before ? say('council.synonyms.askChange', { terms: synonymLine(before) }) : say('council.synonyms.ask'),
    buttons: [[{ label: say.plain('common.cancel'), action: openSynonyms(0) }]],
  }
}

/** What was done, with the way back. */
export function synonymsDoneScreen(
  say: Say,
  key: 'council.synonyms.added' | 'council.synonyms.changed' | 'council.synonyms.removed',
  terms: readonly string[],
): Screen {
  return {
    text: say(key, { terms: synonymLine(terms) }),
    buttons: [
      [
        { label: say.plain('council.synonyms.undo'), action: undoSynonyms() },
        { label: say.plain('council.synonyms.toList'), action: openSynonyms(0) },
      ],
    ],
  }
}
