import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutMarkup, visibleLength } from '../../src/delivery/markup.ts'
import { escapeHtml } from '../../src/delivery/screen.ts'

describe('the length of a text for a messenger', () => {
  it.each`
    html                                   | length | because
    ${'Срок <b>сегодня</b>'}               | ${12}  | ${'tags do not count'}
    ${'1 &lt; 2 &amp; 3'}                  | ${9}   | ${'an escaped sign is one'}
    ${'🙂'}                                | ${2}   | ${'it counts UTF-16 units'}
    ${'<a href="https://a.example">x</a>'} | ${1}   | ${'addresses do not count'}
  `('$html is $length: $because', ({ html, length }) => {
    expect(visibleLength(html)).toBe(length)
  })
})

describe('a text that is too long', () => {
  it.each`
    html                       | limit | cut               | because
    ${'Готово'}                | ${6}  | ${'Готово'}       | ${'it fits'}
    ${'Готово!'}               | ${6}  | ${'Готов…'}       | ${'the mark counts too'}
    ${'<b>Готово</b> и сдано'} | ${5}  | ${'<b>Гото…</b>'} | ${'open tags are closed'}
    ${'a &lt;b&gt;'}           | ${3}  | ${'a …'}          | ${'a sign stays whole'}
    ${'🙂🙂'}                  | ${3}  | ${'🙂…'}          | ${'so does a character'}
  `('$html at $limit becomes $cut: $because', ({ html, limit, cut }) => {
    expect(cutMarkup(html, limit)).toBe(cut)
  })

  it('fits, stays well-formed and keeps its beginning, whatever people typed', () => {
    const words = fc.array(
      fc.record({ tag: fc.constantFrom('b', 'i', 'u', ''), words: fc.string({ unit: 'grapheme', maxLength: 12 }) }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), (parts, limit) => {
        const html = parts
          .map(({ tag, words }) => (tag ? `<${tag}>${escapeHtml(words)}</${tag}>` : escapeHtml(words)))
          .join('')
        const cut = cutMarkup(html, limit)
        expect(visibleLength(cut)).toBeLessThanOrEqual(limit)
        expect(cut.isWellFormed()).toBe(true)
        expect((cut.match(/<[a-z]>/g) ?? []).length).toBe((cut.match(/<\/[a-z]>/g) ?? []).length)
      }),
    )
  })
})
