import { holds } from '../../access/rights.ts'
import {
  activitiesOf,
  changeActivity,
  changeProgramme,
  changeRoadmap,
  documentOf,
  programmeOf,
  roadmapById,
  roadmapStore,
  roadmapsOf,
  taskFigures,
} from '../../db/roadmaps.ts'
import { compareVersions } from '../../roadmaps/compare.ts'
import { decisionsThatHold } from '../../roadmaps/import-roadmap.ts'
import { archiveRoadmap, deleteDraft } from '../../roadmaps/publish-roadmap.ts'
import type { Roadmap } from '../../roadmaps/roadmap.ts'
import {
  archiveNow,
  askArchive,
  askDelete,
  deleteNow,
  linkVersion,
  openDifference,
  openRoadmap,
  openRoadmaps,
  sendOriginal,
  unlinkVersion,
} from '../buttons-roadmap.ts'
import { archiveQuestion, deleteQuestion, differenceScreen, roadmapListScreen, titleOf } from '../screens/roadmap.ts'
import { type Feature, on, type Turn } from '../turn.ts'
import { screenOf } from './roadmap-card.ts'
import { holdRoadmap, reachRoadmap, refuseRoadmap, tellShortly } from './roadmap-reach.ts'

/** «Дорожные карты»: the list, a card, versions, the archive, deleting a draft. */
export const roadmaps: Feature = {
  menu: [
    {
      key: 'menu.roadmaps',
      command: 'roadmaps',
      shown: (actor) => holds(actor, ['coordinator']),
      run: (turn) => showList(turn, 0),
    },
  ],
  taps: [
    on(openRoadmaps, showList),
    on(openRoadmap, showCard),
    on(linkVersion, link),
    on(unlinkVersion, unlink),
    on(openDifference, showDifference),
    on(askArchive, askToArchive),
    on(archiveNow, archive),
    on(askDelete, askToDelete),
    on(deleteNow, remove),
    on(sendOriginal, sendFile),
  ],
}

async function showList(turn: Turn, page: number): Promise<void> {
  if (!holds(turn.actor, ['coordinator'])) return tellShortly(turn, 'common.notYours')
  turn.forget()
  const found = await roadmapsOf(turn.tx, turn.municipality.id)
  turn.show(roadmapListScreen(turn.say, { roadmaps: found, page, zone: turn.municipality.timezone }))
}

async function showCard(turn: Turn, roadmapId: number): Promise<void> {
  const roadmap = await reachRoadmap(turn, roadmapId)
  if (!roadmap) return
  turn.forget()
  turn.show(await screenOf(turn, roadmap), { roadmap: roadmapId })
}

// -- versions

/** Makes a draft the newer version of a published roadmap: its schools and what was decided of unchanged activities are taken over. */
async function link(turn: Turn, roadmapId: number, olderId: number): Promise<void> {
  const roadmap = await holdRoadmap(turn, roadmapId)
  const older = roadmap && (await roadmapById(turn.tx, olderId))
  if (!roadmap || !older) return
  if (roadmap.state !== 'draft' || older.state !== 'published') return showCard(turn, roadmapId)
  if (roadmap.replacesId !== olderId) await takeDecisionsOver(turn, roadmap, older)
  await showDifference(turn, roadmapId)
}

async function takeDecisionsOver(turn: Turn, roadmap: Roadmap, older: Roadmap): Promise<void> {
  await changeRoadmap(turn.tx, roadmap.id, { replacesId: older.id })
  const { same, changed } = compareVersions(
    await activitiesOf(turn.tx, older.id),
    await activitiesOf(turn.tx, roadmap.id),
  )
  for (const { before, after } of [...same, ...changed])
    await changeActivity(turn.tx, after, decisionsThatHold(before, after), turn.now)
  await changeProgramme(turn.tx, roadmap, await programmeOf(turn.tx, roadmap.id), false)
  await changeProgramme(turn.tx, roadmap, await programmeOf(turn.tx, older.id), true)
}

async function unlink(turn: Turn, roadmapId: number): Promise<void> {
  const roadmap = await holdRoadmap(turn, roadmapId)
  if (!roadmap) return
  if (roadmap.state === 'draft') await changeRoadmap(turn.tx, roadmapId, { replacesId: null })
  await showCard(turn, roadmapId)
}

async function showDifference(turn: Turn, roadmapId: number): Promise<void> {
  const roadmap = await reachRoadmap(turn, roadmapId)
  if (!roadmap) return
  if (roadmap.replacesId === null) return showCard(turn, roadmapId)
  const difference = compareVersions(
    await activitiesOf(turn.tx, roadmap.replacesId),
    await activitiesOf(turn.tx, roadmapId),
  )
  turn.show(differenceScreen(turn.say, roadmap, difference), { roadmap: roadmapId })
}

// -- the end of a roadmap

async function askToArchive(turn: Turn, roadmapId: number): Promise<void> {
  const roadmap = await holdRoadmap(turn, roadmapId)
  if (!roadmap) return
  const { open } = await taskFigures(turn.tx, roadmapId, turn.today)
  turn.show(archiveQuestion(turn.say, roadmap, open), { roadmap: roadmapId })
}

async function archive(turn: Turn, roadmapId: number): Promise<void> {
  const result = await archiveRoadmap(roadmapStore(turn.tx, turn.municipality.id), {
    actor: turn.actor,
    cause: turn.cause,
    roadmapId,
    today: turn.today,
  })
  if (!result.ok) return refuseRoadmap(turn, result.refusal.code)
  const gaps = { title: titleOf(turn.say, result.value.roadmap), count: result.value.cancelled }
  turn.show({ text: turn.say('roadmap.archive.done', gaps), buttons: [toList(turn)] })
}

async function askToDelete(turn: Turn, roadmapId: number): Promise<void> {
  const roadmap = await holdRoadmap(turn, roadmapId)
  if (roadmap) turn.show(deleteQuestion(turn.say, roadmap), { roadmap: roadmapId })
}

async function remove(turn: Turn, roadmapId: number): Promise<void> {
  const result = await deleteDraft(roadmapStore(turn.tx, turn.municipality.id), { actor: turn.actor, roadmapId })
  if (!result.ok) return refuseRoadmap(turn, result.refusal.code)
  turn.forget()
  const text = turn.say('roadmap.delete.done', { title: titleOf(turn.say, result.value) })
  turn.show({ text, buttons: [toList(turn)] })
}

function toList(turn: Turn) {
  return [{ label: turn.say.plain('roadmap.button.list'), action: openRoadmaps(0) }]
}

/** Sends the document back as it came. */
async function sendFile(turn: Turn, roadmapId: number): Promise<void> {
  const roadmap = await reachRoadmap(turn, roadmapId)
  const document = roadmap && (await documentOf(turn.tx, roadmap))
  if (!roadmap) return
  if (!document) return tellShortly(turn, 'roadmap.original.none')
  turn.send(
    {
      text: turn.say('roadmap.original.here', { title: titleOf(turn.say, roadmap) }),
      attachments: [
        {
          kind: 'document',
          sha256: document.sha256,
          fileName: roadmap.sourceName ?? 'roadmap',
          mime: document.mime,
          ...(document.messengerFileId ? { messengerFileId: document.messengerFileId } : {}),
        },
      ],
    },
    { subject: { roadmap: roadmapId } },
  )
}
