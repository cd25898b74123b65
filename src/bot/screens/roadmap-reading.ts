import type { Screen } from '../../delivery/screen.ts'
import { hasColumns } from '../../roadmaps/pasted-table.ts'
import type { Roadmap } from '../../roadmaps/roadmap.ts'
import { dropPaste, endPaste, isEvidence, isRoadmap } from '../buttons-roadmap.ts'
import type { Say } from '../words.ts'
import { titleOf } from './roadmap.ts'

/** How far the reading of a document is: what is known of it so far. */
export type Progress =
  | { step: 'fetching' }
  | { step: 'started' }
  | { step: 'rows'; count: number }
  | { step: 'found'; count: number }

/** «Читаю документ… нашёл 48 мероприятий», edited in place while it goes on. */
export function progressScreen(say: Say, roadmap: Pick<Roadmap, 'title' | 'sourceName'>, progress: Progress): Screen {
  const name = titleOf(say, roadmap, 80)
  switch (progress.step) {
    case 'fetching':
      return { text: say('roadmap.reading.fetching', { name }) }
    case 'started':
      return { text: say('roadmap.reading.started', { name }) }
    case 'rows':
      return { text: say('roadmap.reading.rows', { name, count: progress.count }) }
    case 'found':
      return { text: say('roadmap.reading.found', { name, count: progress.count }) }
  }
}

/** «Что это за файл?», for somebody who also reports on tasks of their own. */
export function whatIsItScreen(say: Say, roadmap: Pick<Roadmap, 'id' | 'title' | 'sourceName'>): Screen {
  return {
    text: say('roadmap.reading.isIt', { name: titleOf(say, roadmap, 80) }),
    buttons: [
      [{ label: say.plain('roadmap.reading.isRoadmap'), action: isRoadmap(roadmap.id) }],
      [{ label: say.plain('roadmap.reading.isEvidence'), action: isEvidence(roadmap.id) }],
    ],
  }
}

/** A pasted table, whose parts arrive one after the other: what has come so far. */
export function pasteScreen(say: Say, roadmap: Pick<Roadmap, 'id'>, pasted: string): Screen {
  const lost = hasColumns(pasted) ? [] : [say('roadmap.reading.columnsLost')]
  return {
    text: [say('roadmap.reading.pasted', { count: pasted.length }), ...lost].join('\n\n'),
    buttons: [
      [{ label: say.plain('roadmap.reading.pasteDone'), tone: 'main', action: endPaste(roadmap.id) }],
      [{ label: say.plain('roadmap.reading.pasteDrop'), action: dropPaste(roadmap.id) }],
    ],
  }
}
