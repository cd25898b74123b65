import { describe, expect, it } from 'vitest'
import type { Attachment, Screen } from '../../src/delivery/screen.ts'
import { messagesOf } from '../../src/delivery/split.ts'

const limits = { text: 4096, caption: 10, album: 3 }
const files = (kinds: string): Attachment[] =>
  [...kinds].map((kind, n) => ({
    kind: ({ p: 'photo', d: 'document', v: 'video', o: 'voice' } as const)[kind as 'p'],
    sha256: `${n}`,
    fileName: `${n}`,
    mime: 'x',
  }))
const buttons = [[{ label: 'Принять', action: 'a' }]]

/** The messages of a screen, in short: kinds of the files, then «t» for a text and «b» for buttons. */
const shape = (screen: Screen): string[] =>
  messagesOf(screen, limits).map(
    (message) =>
      (message.attachments ?? []).map((file) => (file.kind === 'voice' ? 'o' : file.kind[0])).join('') +
      (message.text ? 't' : '') +
      (message.buttons ? 'b' : ''),
  )

describe('the messages of a screen', () => {
  it.each`
    kinds     | text               | messages                      | because
    ${''}     | ${'Отчёт'}         | ${['tb']}                     | ${'a text is one message'}
    ${'p'}    | ${'Отчёт'}         | ${['ptb']}                    | ${'a short text is the caption'}
    ${'p'}    | ${'Длинный отчёт'} | ${['p', 'tb']}                | ${'a long one follows'}
    ${'pp'}   | ${'Отчёт'}         | ${['pp', 'tb']}               | ${'an album has no buttons'}
    ${'ppvp'} | ${'Отчёт'}         | ${['ppv', 'p', 'tb']}         | ${'an album holds so many'}
    ${'pdpo'} | ${'Отчёт'}         | ${['p', 'd', 'p', 'o', 'tb']} | ${'kinds that do not go together'}
    ${'oo'}   | ${'Отчёт'}         | ${['o', 'o', 'tb']}           | ${'voice notes go alone'}
  `('$kinds with «$text»: $because', ({ kinds, text, messages }) => {
    expect(shape({ text, attachments: files(kinds), buttons })).toEqual(messages)
  })

  it('are all silent and only the last is pinned', () => {
    const [album, words] = messagesOf({ text: 'т', attachments: files('pp'), silent: true, pinned: true }, limits)
    expect([album?.silent, words?.silent, album?.pinned, words?.pinned]).toEqual([true, true, undefined, true])
  })
})
