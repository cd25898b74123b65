import { escapeHtml } from '../../delivery/screen.ts'

/** All that is kept of a person, by kind: one row, or rows. */
type Data = { [kind: string]: Record<string, unknown> | Record<string, unknown>[] }

const KINDS: Record<string, string> = {
  person: 'О человеке',
  accounts: 'Учётные записи мессенджера',
  consents: 'Согласия на обработку персональных данных',
  memberships: 'Роли',
  invites: 'Приглашения',
  absences: 'Отпуск',
  reports: 'Отчёты',
  reviews: 'Проверки отчётов',
  evidence: 'Файлы и ссылки',
  events: 'Действия с задачами',
  postponements: 'Переносы сроков',
  notes: 'Заметки о школах',
  snoozes: 'Отложенные напоминания',
  assignedTasks: 'Назначенные задачи',
  roadmaps: 'Загруженные дорожные карты',
  settingChanges: 'Изменения настроек',
  messagesToThem: 'Сообщения бота',
  messagesFromThem: 'Сообщения боту',
}

/**
 * A page, complete in itself, that shows `data` to the person it is about: a table for each kind, empty ones named too, nothing left out. UTF-8; runs
 * no script and loads nothing.
 */
export function personalDataPage(data: Data, words: { title: string; made: string }): Uint8Array {
  const sections = Object.entries(data).map(([kind, rows]) =>
    section(KINDS[kind] ?? kind, Array.isArray(rows) ? rows : [rows]),
  )
  const page = `<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(words.title)}</title>
<style>body{font:16px/1.5 sans-serif;margin:2em auto;max-width:70em;padding:0 1em}table{border-collapse:collapse;margin:.5em 0 2em}th,td{border:1px solid #ccc;padding:.3em .6em;text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#eef}section{overflow-x:auto}</style></head>
<body><h1>${escapeHtml(words.title)}</h1><p>${escapeHtml(words.made)}</p>
${sections.join('\n')}
</body></html>
`
  return new TextEncoder().encode(page.toWellFormed())
}

function section(title: string, rows: Record<string, unknown>[]): string {
  const heading = `<h2>${escapeHtml(title)} (${rows.length})</h2>`
  if (rows.length === 0) return `<section>${heading}<p>—</p></section>`
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const head = columns.map((column) => `<th>${escapeHtml(column)}</th>`).join('')
  const body = rows.map(
    (row) => `<tr>${columns.map((column) => `<td>${escapeHtml(shown(row[column]))}</td>`).join('')}</tr>`,
  )
  return `<section>${heading}<table><tr>${head}</tr>${body.join('')}</table></section>`
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '—'
  return typeof value === 'object' && !('epochMilliseconds' in value) ? JSON.stringify(value) : String(value)
}
