/** What questions and answers are about. The code is stored and stable, the name is what people read. */
export const topics = [
  { code: 'programme', name: 'Образовательная программа школы' },
  { code: 'documents', name: 'Нормативные документы' },
  { code: 'quality', name: 'Управление качеством образования' },
  { code: 'support', name: 'Психолого-педагогическое сопровождение учеников группы риска' },
  { code: 'collegial', name: 'Коллегиальные органы школы' },
  { code: 'image', name: 'Имидж школы' },
] as const

export type TopicCode = (typeof topics)[number]['code']

/** The topic that `words` name by its code or by its name, in any case of letters; undefined if none does. */
export function topicOf(words: string): TopicCode | undefined {
  const asked = words.trim().toLowerCase()
  return topics.find(({ code, name }) => asked === code || asked === name.toLowerCase())?.code
}
