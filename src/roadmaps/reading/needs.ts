/** A paper that an activity leaves behind: what the bot asks for and the curator ticks. */
export type ExpectedPaper =
  | 'order'
  | 'minutes'
  | 'reference'
  | 'plan'
  | 'programme'
  | 'agreement'
  | 'report'
  | 'regulation'
  | 'recommendations'
  | 'materials'
  | 'list'
  | 'schedule'
  | 'certificate'
  | 'photo'
  | 'publication'
  | 'route'

type PaperRule = {
  paper: ExpectedPaper
  words: RegExp
  /** A paper that decides something is looked at by a curator before it counts. */
  approved: boolean
  example: string
}

/** How expected results name papers. */
export const paperRules: PaperRule[] = [
  {
    paper: 'order',
    words: /приказ(?!ани)|распоряжени|локальн\p{L}* (?:нормативн\p{L}* )?акт|нормативн\p{L}* (?:акт|документ)/u,
    approved: true,
    example: 'Наличие приказа',
  },
  { paper: 'minutes', words: /протокол/, approved: false, example: 'Протокол заседания' },
  { paper: 'reference', words: /справк/, approved: true, example: 'Аналитическая справка' },
  { paper: 'schedule', words: /график/, approved: true, example: 'План-график' },
  {
    paper: 'plan',
    words: /(?:^|[^\p{L}])план(?!ир)\p{L}*|дорожн\p{L}* карт/u,
    approved: true,
    example: 'Утверждённый план',
  },
  { paper: 'programme', words: /программ\p{L}*(?! (?:повышен|доп))/u, approved: true, example: 'Программа развития' },
  { paper: 'agreement', words: /соглашени|договор/, approved: true, example: 'Наличие соглашения' },
  { paper: 'report', words: /отч[её]т|доклад/, approved: true, example: 'Отчёт' },
  {
    paper: 'regulation',
    words: /положени[ея]\p{L}* о|положение(?!\p{L})|регламент|порядок /u,
    approved: true,
    example: 'Положение о конкурсе',
  },
  { paper: 'recommendations', words: /рекомендац/, approved: false, example: 'Методические рекомендации' },
  {
    paper: 'materials',
    words: /материал|презентац|разработк|сценари|конспект|буклет|памятк|сборник/,
    approved: false,
    example: 'Аналитические материалы',
  },
  {
    paper: 'list',
    words: /списк|список|реестр|перечень|банк|лист\p{L}* регистрац|явочн/u,
    approved: false,
    example: 'Список участников',
  },
  {
    paper: 'certificate',
    words: /удостоверени|сертификат|диплом|свидетельств/,
    approved: false,
    example: 'Удостоверения о повышении квалификации',
  },
  { paper: 'photo', words: /фото/, approved: false, example: 'Фотоотчёт' },
  {
    paper: 'publication',
    words: /публикац|размещени\p{L}* (?:информаци|на сайт|материал)|(?:на|в) сайт|скриншот|ссылк/u,
    approved: false,
    example: 'Размещение информации на сайте',
  },
  { paper: 'route', words: /маршрут/, approved: true, example: 'Индивидуальные маршруты' },
]

/**
 * What an expected result asks of a report: the papers it names, in a fixed order, and the defaults of the two flags. Evidence is
 * needed where there is a paper to show; approval where one of them decides something. Coordinators may change both.
 */
export function needsOf(expectedResult: string): {
  papers: ExpectedPaper[]
  needsEvidence: boolean
  needsApproval: boolean
} {
  const text = expectedResult.toLowerCase()
  const named = paperRules.filter(({ words }) => words.test(text))
  return {
    papers: named.map(({ paper }) => paper),
    needsEvidence: named.length > 0,
    needsApproval: named.some(({ approved }) => approved),
  }
}
