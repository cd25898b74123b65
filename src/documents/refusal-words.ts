import type { RoadmapRefusal } from '../roadmaps/reading/draft.ts'
import type { DocumentRefusal } from './limits.ts'

type Refusal = DocumentRefusal | RoadmapRefusal
type Words = { [Code in Refusal['code']]: (refusal: Extract<Refusal, { code: Code }>) => string }

const MEGABYTE = 1024 * 1024

function megabytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / MEGABYTE))} МБ`
}

const KNOWN = 'Word (.docx), Excel (.xlsx), PDF или текст (.txt)'

/** What is wrong with a document and what to do about it, for the person who sent it. A code without words does not compile. */
const words: Words = {
  empty: () => 'Файл пустой. Проверьте, тот ли это документ, и пришлите его ещё раз.',
  'not-a-document': () => `Это не документ. Пришлите план в формате ${KNOWN}.`,
  picture: () => `Это картинка, текста в ней нет. Пришлите сам документ: ${KNOWN}.`,
  'old-format': ({ found }) =>
    found === 'doc'
      ? 'Это старый формат Word (.doc). Откройте файл, выберите «Сохранить как» → «Документ Word (.docx)» и пришлите новый файл.'
      : 'Это старый формат Excel (.xls). Откройте файл, выберите «Сохранить как» → «Книга Excel (.xlsx)» и пришлите новый файл.',
  'other-format': ({ found }) =>
    `Формат .${found} не читается. Откройте файл, выберите «Сохранить как» → .docx или .xlsx и пришлите новый файл.`,
  encrypted: () => 'Документ закрыт паролем. Снимите пароль, сохраните документ и пришлите его ещё раз.',
  truncated: () => 'Файл обрывается: он дошёл не полностью. Пришлите его ещё раз.',
  damaged: () => 'Файл повреждён и не открывается. Откройте его у себя, сохраните заново и пришлите ещё раз.',
  'forbidden-markup': () =>
    'В файле есть разметка, которой в документах не бывает. Откройте его в Word или Excel, сохраните заново и пришлите ещё раз.',
  'zip-bomb': () =>
    'Файл устроен так, что при открытии занял бы слишком много места. Откройте его в Word или Excel, сохраните заново и пришлите ещё раз.',
  'too-large': ({ bytes, limitBytes }) =>
    `Документ слишком большой: ${megabytes(bytes)}, а можно до ${megabytes(limitBytes)}. Уберите картинки и лишние листы или пришлите план частями.`,
  'too-many-rows': ({ limit }) =>
    `В документе больше ${limit.toLocaleString('ru')} строк. Оставьте в нём только план и пришлите ещё раз.`,
  'scanned-pdf': () =>
    'В этом PDF только картинки страниц, текста нет. Пришлите документ Word или Excel, из которого он сделан.',
  'took-too-long': ({ limitSeconds }) =>
    `Документ не удалось прочитать за ${limitSeconds} с. Оставьте в нём только план и пришлите ещё раз.`,
  'too-heavy': () => 'Документ слишком сложный. Оставьте в нём только таблицу плана и пришлите ещё раз.',
  'no-roadmap': () =>
    'В документе нет таблицы с мероприятиями. Нужна таблица, где есть столбцы «Мероприятие» и «Срок». Проверьте, тот ли это файл.',
  'no-period': () =>
    'Непонятно, на какой срок этот план: ни в заголовке, ни в сроках нет года. Допишите год в заголовок и пришлите документ ещё раз.',
}

/** One sentence or two for the person: what is wrong with the document, and what to do. */
export function refusalWords(refusal: Refusal): string {
  const tell = words[refusal.code] as (refusal: Refusal) => string
  return tell(refusal)
}
