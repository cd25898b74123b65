import type { Button, Screen } from '../../delivery/screen.ts'
import type { PlainDate, PlainTime } from '../../kernel/clock.ts'
import type { Publishing } from '../../roadmaps/publish-roadmap.ts'
import type { Roadmap } from '../../roadmaps/roadmap.ts'
import { openProgramme, openQuestions, openRoadmap, publishNow } from '../buttons-roadmap.ts'
import { type Say, shortened } from '../words.ts'
import { numbersOf, titleOf } from './roadmap.ts'

/** The first slot in which somebody is reminded, and of how many tasks. */
export type FirstReminders = { day: PlainDate; slot: PlainTime; tasks: number } | null

export type PreviewFacts = {
  publishing: Publishing
  /** New tasks by organization: those of schools, and those of the department. */
  forSchools: number[]
  forDepartment: number
  firstReminders: FirstReminders
  unmatched: string[]
}

/** What publishing will do: how many tasks for whom, when it begins, and what makes none. */
export function previewScreen(say: Say, facts: PreviewFacts): Screen {
  const { publishing } = facts
  const parts = [
    say('roadmap.preview.title', { title: titleOf(say, publishing.roadmap, 300) }),
    tasksPart(say, facts),
    timesPart(say, facts),
    withoutTasksPart(say, facts),
  ]
  return { text: parts.filter((part) => part !== '').join('\n\n'), buttons: previewButtons(say, publishing) }
}

function tasksPart(say: Say, { publishing, forSchools, forDepartment }: PreviewFacts): string {
  const { making, changes, roadmap } = publishing
  const tasks = (count: number) => ({ tasks: say('roadmap.tasks', { count }) })
  if (isIdle(publishing)) return say(roadmap.state === 'draft' ? 'roadmap.preview.why' : 'roadmap.preview.nothing')
  return [
    making > 0 ? say('roadmap.preview.tasks', { count: making }) : say('roadmap.preview.noTasks'),
    forSchools.length > 0 &&
      say('roadmap.preview.forSchools', {
        count: forSchools.length,
        ...tasks(sumOf(forSchools)),
        each: eachWords(say, forSchools),
      }),
    forDepartment > 0 && say('roadmap.preview.forDepartment', tasks(forDepartment)),
    changes.move.length > 0 && say('roadmap.preview.moved', tasks(changes.move.length)),
    changes.restore.length > 0 && say('roadmap.preview.restored', tasks(changes.restore.length)),
    changes.cancel.length > 0 && say('roadmap.preview.cancelled', tasks(changes.cancel.length)),
    changes.kept > 0 && say('roadmap.preview.kept', tasks(changes.kept)),
  ]
    .filter((line) => line !== false)
    .join('\n')
}

function eachWords(say: Say, counts: number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  if (counts.length === 1) return ''
  return least === most ? say('roadmap.preview.each', { count: most }) : say('roadmap.preview.range', { least, most })
}

function sumOf(counts: number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Whether publishing would change nothing. */
function isIdle({ making, changes }: Publishing): boolean {
  return making + changes.move.length + changes.restore.length + changes.cancel.length === 0
}

function timesPart(say: Say, { publishing, firstReminders }: PreviewFacts): string {
  return [
    publishing.nearestDue &&
      say('roadmap.preview.nearest', {
        day: say.day(publishing.nearestDue),
        away: say.away(publishing.nearestDue),
      }),
    firstReminders &&
      say('roadmap.preview.firstReminders', {
        ...reminderGaps(say, firstReminders),
        tasks: say('roadmap.tasks', { count: firstReminders.tasks }),
      }),
    publishing.past > 0 && say('roadmap.preview.past', { tasks: say('roadmap.tasks', { count: publishing.past }) }),
  ]
    .filter((line) => typeof line === 'string')
    .join('\n')
}

function reminderGaps(say: Say, { day, slot }: NonNullable<FirstReminders>) {
  return { day: say.weekday(day), slot: slot.toString({ smallestUnit: 'minute' }) }
}

function withoutTasksPart(say: Say, { publishing, unmatched }: PreviewFacts): string {
  const { undated, unsettled } = publishing
  return [
    unsettled.length > 0 && say('roadmap.preview.unsettled', { numbers: numbersOf(unsettled) }),
    unmatched.length > 0 &&
      say('roadmap.preview.unmatched', { names: shortened(unmatched.map((name) => `«${name}»`).join(', '), 200) }),
    undated.length > 0 && say('roadmap.preview.undated', { numbers: numbersOf(undated) }),
  ]
    .filter((line) => line !== false)
    .join('\n')
}

function previewButtons(say: Say, publishing: Publishing): Button[][] {
  const { roadmap, past, making, unsettled } = publishing
  const publish = (choice: 'make' | 'leave') => publishNow(roadmap.id, roadmap.version, choice)
  const others = making - past + publishing.changes.move.length
  const buttons: Button[][] = isIdle(publishing)
    ? []
    : past === 0
      ? [[{ label: say.plain('roadmap.preview.publish'), tone: 'good', action: publish('make') }]]
      : [
          ...(others > 0 || publishing.changes.kept > 0
            ? [[{ label: say.plain('roadmap.preview.publishLeave'), tone: 'good' as const, action: publish('leave') }]]
            : []),
          [{ label: say.plain('roadmap.preview.publishAll'), action: publish('make') }],
        ]
  return [
    ...buttons,
    ...(unsettled.length > 0
      ? [
          [
            {
              label: say.plain('roadmap.button.questions', { count: unsettled.length }),
              action: openQuestions(roadmap.id),
            },
          ],
        ]
      : []),
    [
      { label: say.plain('roadmap.button.programme'), action: openProgramme(roadmap.id, 0) },
      { label: say.plain('roadmap.button.toCard'), action: openRoadmap(roadmap.id) },
    ],
  ]
}

/** While many tasks are being made. */
export function publishingScreen(say: Say, roadmap: Roadmap, tasks: number): Screen {
  return {
    text: say('roadmap.published.working', {
      title: titleOf(say, roadmap),
      tasks: say('roadmap.tasks', { count: tasks }),
    }),
  }
}

/** What publishing did, and what happens next. `noHeads`: schools with tasks and nobody who hears of them. */
export function publishedScreen(
  say: Say,
  facts: { publishing: Publishing; firstReminders: FirstReminders; noHeads: string[] },
): Screen {
  const { roadmap, making } = facts.publishing
  const parts = [
    [
      say('roadmap.published.done', { title: titleOf(say, roadmap, 300) }),
      say('roadmap.published.made', { tasks: say('roadmap.tasks', { count: making }) }),
      ...(facts.firstReminders
        ? [say('roadmap.published.firstReminders', reminderGaps(say, facts.firstReminders))]
        : []),
    ].join('\n'),
    say('roadmap.published.next'),
    facts.noHeads.length > 0
      ? say('roadmap.published.noHeads', {
          count: facts.noHeads.length,
          names: shortened(facts.noHeads.join(', '), 300),
        })
      : '',
  ]
  return {
    text: parts.filter((part) => part !== '').join('\n\n'),
    buttons: [[{ label: say.plain('roadmap.button.toCard'), action: openRoadmap(roadmap.id) }]],
  }
}
