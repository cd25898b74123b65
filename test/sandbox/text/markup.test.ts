import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectEntities } from '../../../src/sandbox/text/detect.ts'
import { format } from '../../../src/sandbox/text/formatted.ts'
import { parseHtml } from '../../../src/sandbox/text/html.ts'
import { parseMarkdownV2 } from '../../../src/sandbox/text/markdown.ts'
import { MarkupProblem } from '../../../src/sandbox/text/markup.ts'

const place = (type: string, offset: number, length: number, more = {}) => ({ type, offset, length, ...more })

describe('HTML is read as Telegram reads it', () => {
  it.each([
    ['<b>а</b>б', 'аб', [place('bold', 0, 1)]],
    [
      '<strong>a</strong><em>b</em><ins>c</ins><del>d</del>',
      'abcd',
      ['bold', 'italic', 'underline', 'strikethrough'].map((type, at) => place(type, at, 1)),
    ],
    ['🏟<i>🏟</i>', '🏟🏟', [place('italic', 2, 2)]],
    ['<b>а<i>б</i></b>', 'аб', [place('italic', 1, 1), place('bold', 0, 2)]],
    [
      '<a href="https://school.example/план?a=1&amp;b=2">план</a>',
      'план',
      [place('text_link', 0, 4, { url: 'https://school.example/%D0%BF%D0%BB%D0%B0%D0%BD?a=1&b=2' })],
    ],
    ['<a href="не адрес">план</a>', 'план', []],
    ['<a>school.example</a>', 'school.example', [place('text_link', 0, 14, { url: 'http://school.example/' })]],
    [
      '<a href="tg://user?id=7">Пётр</a>',
      'Пётр',
      [place('text_mention', 0, 4, { user: { id: 7, is_bot: false, first_name: '' } })],
    ],
    [
      '<span class="tg-spoiler">а</span><tg-spoiler>б</tg-spoiler>',
      'аб',
      [place('spoiler', 0, 1), place('spoiler', 1, 1)],
    ],
    ['<pre><code class="language-ts">a</code></pre>', 'a', [place('pre', 0, 1, { language: 'ts' })]],
    [
      '<blockquote expandable>a</blockquote><blockquote>b</blockquote>',
      'ab',
      [place('expandable_blockquote', 0, 1), place('blockquote', 1, 1)],
    ],
    ['&lt;b&gt; &amp;amp; &quot;&#1040;&#x411; &nbsp; & &copy;', '<b> &amp; "АБ &nbsp; & &copy;', []],
    ['<B>а</b>', 'а', [place('bold', 0, 1)]],
    ['<b></b>а', 'а', []],
    ['<b>а</>', 'а', [place('bold', 0, 1)]],
  ])('%s', (source, text, entities) => {
    expect(parseHtml(source)).toEqual({ text, entities })
  })

  it.each([
    ['🏟 🏟&lt;<abacaba', 'Unclosed start tag at byte offset 13'],
    ['🏟 🏟&lt;<abac aba>', 'Unsupported start tag "abac" at byte offset 13'],
    ['🏟 🏟&lt;<i   =aba>', 'Empty attribute name in the tag "i" at byte offset 13'],
    ['🏟 🏟&lt;<i    aba  =  ', 'Unclosed start tag "i" at byte offset 13'],
    ['🏟 🏟&lt;<i    aba  =  190azAz-.,', 'Unexpected end of name token at byte offset 27'],
    ['🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;>', 'Unclosed start tag at byte offset 13'],
    ['🏟 🏟&lt;</', 'Unexpected end tag at byte offset 13'],
    ['🏟 🏟&lt;<b></b></', 'Unexpected end tag at byte offset 20'],
    ['🏟 🏟&lt;<i>a</i   ', 'Unclosed end tag at byte offset 17'],
    ['🏟 🏟&lt;<i>a</em   >', 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'],
    ['<b>а', 'Can\'t find end tag corresponding to start tag "b"'],
    ['<span>а</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
    ['школа < 3', 'Unsupported start tag "" at byte offset 11'],
    ['<br>', 'Unsupported start tag "br" at byte offset 0'],
    ['<constructor>', 'Unsupported start tag "constructor" at byte offset 0'],
  ])('%s is refused: %s', (source, words) => {
    expect(() => parseHtml(source)).toThrow(new MarkupProblem(words))
  })
})

describe('MarkdownV2 is read as Telegram reads it', () => {
  it.each([
    [
      '*а* _б_ __в__ ~г~ ||д||',
      'а б в г д',
      ['bold', 'italic', 'underline', 'strikethrough', 'spoiler'].map((type, at) => place(type, at * 2, 1)),
    ],
    ['*жирный _и курсив_*', 'жирный и курсив', [place('italic', 7, 8), place('bold', 0, 15)]],
    ['`a\\`b`', 'a`b', [place('code', 0, 3)]],
    ['```ts\nconst a\n```', 'const a\n', [place('pre', 0, 8, { language: 'ts' })]],
    ['[план](https://school.example/a\\)b)', 'план', [place('text_link', 0, 4, { url: 'https://school.example/a)b' })]],
    ['\\_\\*\\[\\]\\(\\)\\~\\`\\>\\#\\+\\-\\=\\|\\{\\}\\.\\!', '_*[]()~`>#+-=|{}.!', []],
    ['>цитата\n>ещё\nтекст', 'цитата\nещё\nтекст', [place('blockquote', 0, 10)]],
    ['>цитата\n>ещё||', 'цитата\nещё', [place('expandable_blockquote', 0, 10)]],
    ['🏟 *🏟*', '🏟 🏟', [place('bold', 3, 2)]],
    ['1 < 2 & 3', '1 < 2 & 3', []],
  ])('%s', (source, text, entities) => {
    expect(parseMarkdownV2(source)).toEqual({ text, entities })
  })

  it.each([
    ['Задача 1.', "Character '.' is reserved and must be escaped with the preceding '\\'"],
    ['а-б', "Character '-' is reserved and must be escaped with the preceding '\\'"],
    ['а > б', "Character '>' is reserved and must be escaped with the preceding '\\'"],
    ['а | б', "Character '|' is reserved and must be escaped with the preceding '\\'"],
    ['🏟 🏟_abacaba', "Can't find end of Italic entity at byte offset 9"],
    ['🏟 🏟_abac * asd ', "Can't find end of Bold entity at byte offset 15"],
    ['🏟 🏟_abac * asd _', "Can't find end of Italic entity at byte offset 21"],
    ['🏟 🏟`', "Can't find end of Code entity at byte offset 9"],
    ['🏟 🏟```', "Can't find end of Pre entity at byte offset 9"],
    ['🏟 🏟```a', "Can't find end of Pre entity at byte offset 9"],
    ['🏟 🏟```a ', "Can't find end of PreCode entity at byte offset 9"],
    ['🏟 🏟__🏟 🏟_', "Can't find end of Italic entity at byte offset 20"],
    ['[план](https://school.example', "Can't find end of a URL at byte offset 10"],
    ['![а](https://school.example)', 'Custom emoji entity must contain a tg://emoji URL'],
  ])('%s is refused: %s', (source, words) => {
    expect(() => parseMarkdownV2(source)).toThrow(new MarkupProblem(words))
  })
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '<',
        '>',
        '/',
        'b',
        'i',
        'a',
        '&',
        ';',
        '"',
        '=',
        ' ',
        '*',
        '_',
        '`',
        '|',
        '\\',
        '[',
        ']',
        '(',
        ')',
        '!',
        '~',
        '>',
        '\n',
        'я',
        '🏟',
        'code',
        'pre',
        'span',
      ),
    )
    .map((parts) => parts.join('')),
)

describe('laws of markup', () => {
  const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const escapeMarkdown = (text: string) => text.replace(/[\\_*[\]()~`>#+\-=|{}.!]/g, '\\$&')

  it('an escaped text comes out as it was, without entities', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(parseHtml(escapeHtml(text))).toEqual({ text, entities: [] })
        expect(parseMarkdownV2(escapeMarkdown(text))).toEqual({ text, entities: [] })
      }),
    )
  })

  it.each([
    ['HTML', parseHtml],
    ['MarkdownV2', parseMarkdownV2],
  ])('any %s is either refused or gives entities inside the text', (_name, parse) => {
    fc.assert(
      fc.property(anyText, (source) => {
        try {
          const { text, entities } = parse(source)
          for (const { offset, length } of entities) {
            expect(offset).toBeGreaterThanOrEqual(0)
            expect(length).toBeGreaterThan(0)
            expect(offset + length).toBeLessThanOrEqual(text.length)
          }
        } catch (problem) {
          expect(problem).toBeInstanceOf(MarkupProblem)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('a kept text is trimmed, whole in its surrogate pairs, and its entities are sorted and inside it', () => {
    const kinds = fc.constantFrom('bold' as const, 'italic' as const, 'code' as const, 'blockquote' as const)
    fc.assert(
      fc.property(anyText, fc.array(fc.tuple(kinds, fc.nat(20), fc.nat(20))), (source, wishes) => {
        const given = wishes.map(([type, offset, length]) => ({ type, offset, length }))
        try {
          const { text, entities } = format(source, { parseMode: undefined, entities: given }, () => undefined)
          expect(text).toBe(text.trim())
          expect(text.isWellFormed()).toBe(true)
          entities.forEach((entity, index) => {
            expect(entity.length).toBeGreaterThan(0)
            expect(entity.offset + entity.length).toBeLessThanOrEqual(text.length)
            expect(entity.offset).toBeGreaterThanOrEqual(entities[index - 1]?.offset ?? 0)
          })
        } catch (problem) {
          expect(String(problem)).toMatch(/ENTITY|entity/i)
        }
      }),
    )
  })
})

describe('what Telegram finds in a plain text', () => {
  it.each([
    ['/start', [['bot_command', '/start']]],
    ['жмите /help@sovet_bot, потом и/или', [['bot_command', '/help@sovet_bot']]],
    ['сайт https://school3.example/otchet?id=1.', [['url', 'https://school3.example/otchet?id=1']]],
    [
      'на сайте школа3.рф и school.ru/news',
      [
        ['url', 'школа3.рф'],
        ['url', 'school.ru/news'],
      ],
    ],
    ['п. 1.3 и 24.02.2026', []],
    ['Провели.Всё хорошо', []],
    ['почта a.b@school.example.ru, не @ab', [['email', 'a.b@school.example.ru']]],
    [
      '@vetrova #педсовет2026 №5',
      [
        ['mention', '@vetrova'],
        ['hashtag', '#педсовет2026'],
      ],
    ],
    ['(https://a.example/b_(c))', [['url', 'https://a.example/b_(c))']]],
  ])('%s', (text, found) => {
    expect(detectEntities(text).map(({ type, offset, length }) => [type, text.slice(offset, offset + length)])).toEqual(
      found,
    )
  })

  it('looks for nothing inside code and links', () => {
    const { entities } = format(
      '<code>/start</code> <a href="https://a.example">b.ru</a>',
      { parseMode: 'HTML', entities: undefined },
      () => undefined,
    )
    expect(entities.map(({ type }) => type)).toEqual(['code', 'text_link'])
  })

  it('cuts other styles out of code', () => {
    const { entities } = format('<b>а<code>б</code>в</b>', { parseMode: 'HTML', entities: undefined }, () => undefined)
    expect(entities).toEqual([place('bold', 0, 1), place('code', 1, 1), place('bold', 2, 1)])
  })
})
