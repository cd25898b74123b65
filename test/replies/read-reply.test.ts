import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Temporal } from '../../src/kernel/clock.ts'
import { intentOf, RULES } from '../../src/replies/intents.ts'
import { readReply } from '../../src/replies/read-reply.ts'
import { changesTask, type ReplyJson, replyToJson } from '../../src/replies/reply.ts'
import { MORE_VOICES_TABLE } from './more-voices.ts'
import { type Row, rowsOf, TODAY, told } from './read-table.ts'
import { RULES_TABLE } from './rules.ts'
import { VOICES_TABLE } from './voices.ts'

const today = Temporal.PlainDate.from(TODAY)
const rows = rowsOf([RULES_TABLE, VOICES_TABLE, MORE_VOICES_TABLE].join('\n'))
const one = fc.constantFrom(...rows)

function read({ words, taskCount }: Pick<Row, 'words' | 'taskCount'>): ReplyJson {
  return replyToJson(readReply(words, { today, ...(taskCount === undefined ? {} : { taskCount }) }))
}

function intents(row: Pick<Row, 'words' | 'taskCount'>): string[] {
  return read(row).parts.map(({ tasks, intent }) => `${tasks} ${intent}`)
}

describe('what school heads write, by rule', () => {
  it.each(rows)('«$words»: $expected', ({ expected, ...row }) => {
    expect(told(read(row), expected).trim()).toBe(expected)
  })
})

describe('the rules of intent', () => {
  it.each(RULES.flatMap(({ name, intent, examples }) => examples.map((words) => ({ name, intent, words }))))(
    '$name: «$words» is $intent',
    ({ intent, words }) => {
      expect(read({ words }).parts[0]!.intent).toBe(intent)
    },
  )

  it('nothing said is asked about', () => {
    expect(intentOf(new Set())).toBe('unclear')
  })
})

describe('laws of a reply', () => {
  const greetings = fc.constantFrom('Здравствуйте! ', 'Добрый день. ', 'добрый день, ', 'Доброе утро! ')
  const thanks = fc.constantFrom(' спасибо', ', спасибо!', '. Спасибо большое')

  const saying = fc.constantFrom(...rows.filter(({ words }) => !/^(?:[.?]*|«.*»)$/u.test(words)))

  it('a greeting before or thanks after change no intent', () => {
    fc.assert(
      fc.property(saying, greetings, thanks, (row, greeting, thank) => {
        expect(intents({ ...row, words: greeting + row.words })).toEqual(intents(row))
        expect(intents({ ...row, words: row.words + thank })).toEqual(intents(row))
      }),
      { numRuns: 3000 },
    )
  })

  it('letter case and spaces change nothing', () => {
    fc.assert(
      fc.property(one, (row) => {
        expect(intents({ ...row, words: row.words.toUpperCase() })).toEqual(intents(row))
        expect(intents({ ...row, words: `  ${row.words.replaceAll(' ', '  ')} ` })).toEqual(intents(row))
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    'сделали',
    'провели',
    'готово',
    'отправлено',
    'выполнили',
    'сдан',
    'утверждён',
    'разместили',
    'зделали',
    'proveli',
  ])('«не %s» is never done, whatever stands around', (verb) => {
    const around = fc.constantFrom('', 'мы', 'пока', 'ещё', 'отчёт', 'педсовет', 'вчера', '1', 'к сожалению', 'всё')
    fc.assert(
      fc.property(around, around, around, (first, second, last) => {
        const words = `${first} ${second} не ${verb} ${last}`
        expect(intents({ words }).filter((intent) => intent.endsWith(' done'))).toEqual([])
      }),
    )
  })

  const soup = fc.array(
    fc.oneof(
      fc.constantFrom(...rows.flatMap(({ words }) => words.split(/(?<=\s)|(?=[.,!?-])/u))),
      fc.constantFrom(
        ' ',
        ', ',
        '. ',
        '\n',
        ' не ',
        ' но ',
        '«',
        '"',
        '1',
        '2 и ',
        '12.03',
        ' марта ',
        '%',
        '№',
        '(',
        'п.',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 40 },
  )

  it('any soup of words is answered, with a day done not ahead and a day asked not behind', () => {
    fc.assert(
      fc.property(soup, fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }), (pieces, taskCount) => {
        const reply = readReply(pieces.join(''), { today, ...(taskCount === undefined ? {} : { taskCount }) })
        expect(reply.parts.length).toBeGreaterThan(0)
        for (const { intent, date, postponeTo } of reply.parts) {
          if (date) expect([intent, Temporal.PlainDate.compare(date, today) <= 0]).toEqual(['done', true])
          if (postponeTo)
            expect([intent, Temporal.PlainDate.compare(postponeTo, today) >= 0]).toEqual(['postpone', true])
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('a day ahead is never the day on which it was done', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 150 }), fc.constantFrom('провели', 'сделали', 'готово'), (days, verb) => {
        const day = today.add({ days })
        const words = `${verb} ${day.toLocaleString('ru-RU', { day: 'numeric', month: 'long' })}`
        expect(read({ words }).parts.map(({ intent, date }) => [intent, date])).toEqual([['unclear', null]])
      }),
    )
  })

  it('only five intents change a task', () => {
    expect((['done', 'in_progress', 'cannot', 'postpone', 'not_applicable'] as const).every(changesTask)).toBe(true)
    expect((['question', 'small_talk', 'unclear'] as const).some(changesTask)).toBe(false)
  })
})

describe('long replies', () => {
  const bricks = [
    'готов ',
    '1 ',
    '1, ',
    'a-',
    '-',
    'не ',
    '«',
    '1 и ',
    '?',
    'кроме 1 ',
    '123 ',
    '!',
    'http://a',
    'потому что ',
    'п. ',
    '12 марта ',
    'a.',
    '1 из ',
    'остальное. ',
  ]

  it.each(bricks)('«%s» twenty thousand times over is read', (brick) => {
    const reply = readReply(brick.repeat(20_000), { today })
    expect(reply.parts.length).toBeGreaterThan(0)
  })
})
