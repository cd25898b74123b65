import { type Clause, isAct } from './clauses.ts'
import type { SaidDay, Token } from './tokens.ts'
import type { Meaning } from './vocabulary.ts'

/** One thing that a clause says of its tasks. The rules of `intents.ts` weigh them. */
export type Signal =
  | 'held' // it took place
  | 'made' // it was made, done or handed over
  | 'sign' // «+», «👍» and nothing said with it
  | 'handing' // the evidence comes with the words
  | 'not done'
  | 'half' // begun and not finished, nearly or partly done
  | 'doing'
  | 'will' // promised
  | 'will later' // promised for a time that lies ahead
  | 'will send' // a paper is promised, nothing else
  | 'plan'
  | 'late'
  | 'postpone'
  | 'moved' // «перенесли», told as done
  | 'not postpone'
  | 'cannot'
  | 'not for us'
  | 'obstacle'
  | 'question'
  | 'doubt' // it may be so, somebody says so, it would be so
  | 'called off' // cancelled, nobody says by whom
  | 'no paper'
  | 'ack'
  | 'thanks'
  | 'all'
  | 'days ahead' // nothing but a day that lies ahead: «до пятницы»
  | 'words' // something that is not understood

/** What `clause` says, in no order, and `day`, the first day it speaks of. */
export type Said = { clause: Clause; signals: Set<Signal>; day: SaidDay | null }

const DID: ReadonlySet<Meaning | null> = new Set<Meaning | null>([
  'held',
  'made',
  'sent',
  'ready',
  'took part',
  'managed',
])
const NEUTRAL: ReadonlySet<Meaning | null> = new Set<Meaning | null>([
  ...([
    'filler',
    'address',
    'greeting',
    'calendar',
    'us',
    'point',
    'here',
    'but',
    'and',
    'thanks',
    'all',
    'just now',
    'nothing left',
    'except',
    'rest',
    'last',
    'may',
    'need',
    'because',
    'only',
  ] as const),
])
const DONE_SIGN = /^(?:\+|👍|✅|✔|☑|✓|√)$/u
const NOT_DONE_SIGN = /^(?:-|👎|❌|⛔|🚫|✖|❎)$/u
const POLITE_SIGN = /^(?:👌|🤝|🙏|😊|🙂|😀|😃|😄|😁|❤|🫡|🌹|💐|🌷|☺|😉|💪)$/u
/** «перенесли», «отложено»: a postponing that is told, not asked for. */
const TOLD_AS_DONE = /(?:ли|но|ны|на|ен|ес)$/u
/** How an unknown verb may end: «не» right before it denies it and nothing further on. */
const VERB_ENDING = /(?:л|ла|ло|ли|лся|лась|лось|лись|ет|ют|ут|ит|ят|ем|им|тся|ться|ать|ить|еть|ти|ясь|ась|я)$/u

/** What a clause says, by its words, their order and what denies them. */
export function saidIn(clause: Clause): Said {
  const day = clause.tokens.find((token) => token.day)?.day ?? null
  const acts = actsOf(clause.tokens)
  return { clause, day, signals: new Set(isAsking(clause, acts) ? asked(clause, acts) : told(clause, acts)) }
}

type Act = { meaning: Meaning; denied: boolean; token: Token; at: number }

/** The words that say something, each with whether a «не» before it (with no other verb between) denies it. */
function actsOf(tokens: readonly Token[]): Act[] {
  const acts: Act[] = []
  let denied = false
  tokens.forEach((token, at) => {
    if (token.meaning === 'not') denied = !isUnknownVerb(tokens[at + 1])
    else if (token.meaning && (isAct(token.meaning) || DENIABLE.has(token.meaning))) {
      acts.push({ meaning: token.meaning, denied, token, at })
      denied = false
    }
  })
  return acts
}

const DENIABLE: ReadonlySet<Meaning> = new Set<Meaning>(['will be', 'was', 'ack'])

function isUnknownVerb(token: Token | undefined): boolean {
  return token?.kind === 'word' && token.meaning === null && VERB_ENDING.test(token.word)
}

// --- asking -----------------------------------------------------------------------------------------------------------------------

/** «подскажите, какую форму», «а что приложить», «можно сдать позже», or any clause that a question mark reaches. */
function isAsking({ tokens, asked }: Clause, acts: readonly Act[]): boolean {
  const has = (meaning: Meaning) => tokens.some((token) => token.meaning === meaning)
  if (tokens.every(isCourtesy)) return false
  if (asked || has('ask') || has('polite no')) return true
  if (has('order') && !has('ready') && !has('made')) return true
  if (
    has('may') &&
    (isPermission(tokens) || acts.some(({ meaning }) => /^(to do|to send|to be doing|postpone)$/u.test(meaning)))
  )
    return true
  return startsWithQuestion(tokens)
}

function isPermission(tokens: readonly Token[]): boolean {
  return tokens.some(
    (token) => token.day?.side === 'ahead' || token.day?.side === 'either' || token.meaning === 'later',
  )
}

/** «какую форму», «где взять бланк»; «что», «как», «когда» ask only where something is to be done («что приложить»). */
function startsWithQuestion(tokens: readonly Token[]): boolean {
  const at = tokens.findIndex(
    ({ meaning, kind }) => kind === 'word' && meaning !== 'filler' && meaning !== 'address' && meaning !== 'greeting',
  )
  const first = tokens[at]
  const by = first?.kind === 'word' && /^(в|на|до|к|с|по|о|из|от|за|для)$/u.test(first.word) ? tokens[at + 1] : first
  if (by?.meaning === 'wh' || tokens.slice(-2).some(isWh) || tokens.at(-1)?.meaning === 'weak wh') return true
  if (
    tokens.some(({ meaning }) => meaning === 'whether') &&
    !tokens.some(({ meaning }) => DID.has(meaning) || meaning === 'doubt')
  )
    return true
  if (by?.meaning === 'when' && !tokens.some(saysMore)) return true
  if (by?.meaning !== 'weak wh' && by?.meaning !== 'when') return false
  return (
    tokens.some((token) => token.meaning && /^(to do|to send|to be doing|need|may)$/u.test(token.meaning)) ||
    tokens.some(isInfinitive)
  )
}

/** «когда будет семинар» asks; «когда проведём, пришлём» does not. */
function saysMore({ meaning }: Token): boolean {
  return isAct(meaning) || meaning === 'later' || meaning === 'ack'
}

function isCourtesy({ kind, meaning }: Token): boolean {
  return kind === 'mark' || meaning === 'greeting' || meaning === 'thanks' || meaning === 'address'
}

function isWh({ meaning }: Token): boolean {
  return meaning === 'wh'
}

function isInfinitive({ kind, word, meaning }: Token): boolean {
  return kind === 'word' && meaning === null && /(?:ать|ить|еть|ять|уть|сти|йти|чь)$/u.test(word)
}

/** A question, or the leave to be late: «можно перенести на 20 апреля?», «можно сдать позже?». */
function asked({ tokens }: Clause, acts: readonly Act[]): Signal[] {
  const has = (meaning: Meaning) => tokens.some((token) => token.meaning === meaning)
  const open = has('wh') || has('weak wh') || has('when') || has('if')
  const told = acts.some(({ meaning, token }) => meaning === 'postpone' && TOLD_AS_DONE.test(token.word))
  const leave = has('may') && isPermission(tokens) && !has('not') && !has('no')
  const wish = acts.some(({ meaning, denied }) => meaning === 'postpone' && !denied) && !told
  return !open && (leave || wish) ? ['postpone'] : ['question']
}

// --- telling ----------------------------------------------------------------------------------------------------------------------

function told(clause: Clause, acts: readonly Act[]): Signal[] {
  const { tokens } = clause
  const around = surroundings(clause)
  const signals = new Set<Signal>([...acts.flatMap((act) => signalsOfAct(act, around)), ...signalsOfSigns(tokens)])
  for (const signal of [...wantOf(tokens), ...eventHeld(tokens), ...manners(tokens)]) signals.add(signal)
  weigh(clause, acts, signals)
  if (onlySays(signals, ['thanks', 'all']) && !clause.except && hasContent(tokens)) signals.add('words')
  if (onlySays(signals, ['words', 'all', 'thanks']) && isAheadOnly(tokens)) return ['days ahead']
  return [...signals]
}

/** What the whole clause knows of its acts: whether a thing is their subject, whether it speaks of a paper. */
type Surroundings = { subject: boolean; paper: boolean }

function surroundings({ tokens, tasks, opened }: Clause): Surroundings {
  return {
    subject: hasSubject(tokens, tasks !== null || /^[-–—:]$/u.test(opened)),
    paper: tokens.some(({ meaning }) => meaning === 'paper'),
  }
}

function signalsOfAct({ meaning, denied, token }: Act, { subject, paper }: Surroundings): Signal[] {
  if (denied) return signalsOfDenial(meaning)
  switch (meaning) {
    case 'held':
    case 'took part':
      return ['held']
    case 'made':
    case 'sent':
    case 'ready':
    case 'managed':
      return ['made']
    case 'ready ones':
      return subject ? ['made'] : ['plan']
    case 'will do':
      return ['will']
    case 'will send':
      return [paper ? 'will send' : 'will']
    case 'doing':
    case 'in work':
      return ['doing']
    case 'almost':
      return ['half']
    case 'postpone':
      return TOLD_AS_DONE.test(token.word) ? ['postpone', 'moved'] : ['postpone']
    case 'late':
      return ['late']
    case 'cannot':
      return ['cannot']
    case 'help':
      return ['cannot', 'obstacle']
    case 'stuck':
      return ['no paper']
    case 'not for us':
      return ['not for us']
    case 'not mine':
      return ['doubt']
    case 'plan':
    case 'ready for':
      return ['plan']
    case 'handing':
      return ['handing']
    case 'shortage':
    case 'obstacle':
      return ['obstacle']
    case 'no':
      return ['words']
    case 'not here yet':
    case 'was doing':
    case 'to do':
    case 'to send':
    case 'to be doing':
      return ['words']
    case 'ack':
      return ['ack']
    default:
      return []
  }
}

function signalsOfDenial(meaning: Meaning): Signal[] {
  if (DID.has(meaning) || meaning === 'ready ones' || meaning === 'doing' || meaning === 'in work') return ['not done']
  if (meaning === 'postpone') return ['not postpone']
  if (/^(was doing|to do|to be doing|to send|will do|will send|will be|plan|handing|ready for)$/u.test(meaning))
    return ['not done']
  return meaning === 'almost' ? ['half'] : ['words']
}

/** Whether «готов», «готова», «готовы» is said of a thing («приказ готов») and not of the people («мы готовы»). */
function hasSubject(tokens: readonly Token[], named: boolean): boolean {
  if (tokens.some(({ word }) => word === 'мы' || word === 'я')) return false
  if (
    named ||
    tokens.some(
      ({ meaning }) =>
        meaning === 'all' || meaning === 'paper' || meaning === 'rest' || meaning === 'last' || meaning === 'some',
    )
  )
    return true
  return tokens.some(({ kind, meaning, word }) => kind === 'word' && meaning === null && word.length > 3)
}

/** «нет учителя физики», «нет 11 класса», «фото нет», and «ещё нет» alone. */
function wantOf(tokens: readonly Token[]): Signal[] {
  const no = tokens.find(({ meaning }) => meaning === 'no')
  if (!no) return []
  const named = (meaning: Meaning) => tokens.some((token) => token.meaning === meaning)
  if (tokens.some((token) => DID.has(token.meaning))) return ['not done']
  if (tokens.some(({ word }) => /^молод/u.test(word))) return ['not for us']
  if (named('resource') && !/^(?:без)$/u.test(no.word)) return ['obstacle']
  if (named('pupils') || tokens.some(({ word, kind }) => kind === 'word' && /^класс/u.test(word))) return ['not for us']
  if (named('paper')) return ['no paper']
  return named('event') || !tokens.some(({ kind, meaning }) => kind === 'word' && meaning === null)
    ? ['not done']
    : ['words']
}

/** «семинар был вчера»: an event that was, on a day behind. */
function eventHeld(tokens: readonly Token[]): Signal[] {
  const has = (meaning: Meaning) => tokens.some((token) => token.meaning === meaning)
  const behind = tokens.some(({ day }) => day?.done && day.role === 'on')
  return has('event') && has('was') && behind && !has('no') && !has('not') ? ['held'] : []
}

function signalsOfSigns(tokens: readonly Token[]): Signal[] {
  return tokens
    .filter(({ kind }) => kind === 'sign')
    .flatMap(({ word }): Signal[] => {
      if (DONE_SIGN.test(word)) return ['sign']
      if (NOT_DONE_SIGN.test(word)) return ['not done']
      return POLITE_SIGN.test(word) ? ['ack'] : []
    })
}

function manners(tokens: readonly Token[]): Signal[] {
  const has = (meaning: Meaning) => tokens.some((token) => token.meaning === meaning)
  const signals: Signal[] = []
  if (has('thanks')) signals.push('thanks')
  if (has('greeting')) signals.push('thanks')
  const all = tokens.findIndex(({ meaning }) => meaning === 'all')
  const thanks = tokens.findIndex(({ meaning }) => meaning === 'thanks')
  if (all >= 0 && /^(?:все|оба|обе)$/u.test(tokens[all]!.word) && !(thanks >= 0 && thanks < all)) signals.push('all')
  if (has('because')) signals.push('obstacle')
  if (tokens.some(({ kind }) => kind === 'link') || (has('here') && has('paper'))) signals.push('handing')
  if (isPartPercent(tokens) || isPartOfSome(tokens)) signals.push('half')
  if (tokens.at(-1)?.meaning === 'not') signals.push('not done')
  if (has('except') && !tokens.some(({ kind }) => kind === 'tasks')) signals.push('half')
  if (
    has('need') &&
    tokens.some(({ day, meaning, word }) => day?.side === 'ahead' || meaning === 'postpone' || word === 'время')
  )
    signals.push('postpone')
  return signals
}

/** «прошло две недели», «прошёл месяц»: time went by. */
function isOfTime({ token, at }: Act, tokens: readonly Token[]): boolean {
  if (!/^прош(?:ел|ла|ло|ли)$/u.test(token.word)) return false
  const next = tokens[at + 1]?.kind === 'number' ? tokens[at + 2] : tokens[at + 1]
  return /^(?:дня|дней|день|недел|месяц|год|лет|час|полгода|срок|время)/u.test(next?.word ?? '')
}

/** «школу закрыли», «класс закрыли на карантин»: not a task that is closed. */
function isClosing({ token }: Act, tokens: readonly Token[]): boolean {
  const closing = token.word.startsWith('закры')
  return (
    closing &&
    tokens.some(
      ({ word, meaning }) => /^(?:школ|класс|садик|дорог|интернат|корпус)/u.test(word) || meaning === 'obstacle',
    )
  )
}

/** «2 пункта готовы»: some of the tasks, but which? «Все 3 пункта» says it. */
function countsTasks(tokens: readonly Token[]): boolean {
  return tokens.some(
    ({ kind }, at) =>
      kind === 'number' &&
      tokens[at + 1]?.meaning === 'point' &&
      tokens[at - 1]?.meaning !== 'all' &&
      tokens[at - 1]?.word !== 'из',
  )
}

/** What may be counted other than tasks. */
const THINGS: ReadonlySet<Meaning | null> = new Set<Meaning | null>([null, 'paper', 'event', 'resource', 'pupils'])

/** «2 из 3 сделали»: of tasks, where no other thing is counted. */
function isPartOfSome(tokens: readonly Token[]): boolean {
  return tokens.some(({ kind, value }, at) => {
    const [of, whole, noun] = [tokens[at + 1], tokens[at + 2], tokens[at + 3]]
    const partial = kind === 'number' && of?.word === 'из' && whole?.kind === 'number' && value < whole.value
    return partial && !(noun?.kind === 'word' && THINGS.has(noun.meaning))
  })
}

/** What a percentage may be of, other than the work done. */
const MEASURED = /^(?:охват|охвач|явк|явил|посещаемост|успеваемост|качеств|присутств|участ|справил)/u

/** «готово на 80%», «выполнено 80 %»: of the work itself, not «охват 80%». */
function isPartPercent(tokens: readonly Token[]): boolean {
  return tokens.some(({ kind, value }, at) => {
    if (kind !== 'number' || value >= 100) return false
    const [before, after, further] = [tokens[at - 1], tokens[at + 1], tokens[at + 2]]
    if (after?.text !== '%' && !/^проц/u.test(after?.word ?? '')) return false
    if (/^состав/u.test(before?.word ?? '') || tokens.some(({ word }) => MEASURED.test(word))) return false
    return before?.word === 'на' || DID.has(before?.meaning ?? null) || DID.has(further?.meaning ?? null)
  })
}

/** What stands beside a «done» and takes it back: «бы», «если», «вроде», «будет», «завтра», «только», last year, someone else. */
function weigh({ tokens, tasks }: Clause, acts: readonly Act[], signals: Set<Signal>): void {
  const has = (meaning: Meaning) => tokens.some((token) => token.meaning === meaning)
  const did = signals.has('held') || signals.has('made')
  if (signals.has('cannot') && tokens.some(({ word }) => word === 'раньше')) takeBack('late')
  if (did && countsTasks(tokens)) takeBack('doubt')
  if (acts.some((act) => isOfTime(act, tokens))) takeBack('words')
  if (acts.some((act) => isClosing(act, tokens))) takeBack('obstacle')
  const unsure = has('doubt') || has('past year') || has('others') || has('if') || (has('when') && did)
  if (unsure || (has('would') && !has('postpone'))) takeBack('doubt')
  if (has('called off')) takeBack('called off')
  if ((has('if') || has('when')) && signals.has('will')) signals.add('will later')
  if (has('not needed') && signals.delete('postpone')) signals.add('not postpone')
  if (acts.some(({ meaning, denied }) => meaning === 'will be' && !denied)) takeBack('will')
  if (signals.has('plan')) takeBack('plan')
  if (did && has('only') && !has('just now') && tasks === null) takeBack('half')
  if (has('stuck')) signals.delete('handing')
  if (signals.has('obstacle')) signals.delete('half')
  if (signals.has('half') || signals.has('not done'))
    for (const signal of ['held', 'made', 'handing', 'sign'] as const) signals.delete(signal)
  const promised = signals.has('will') || signals.has('will send') || signals.has('postpone')
  if (signals.has('will') && tokens.some(({ day }) => day && day.side !== 'past')) signals.add('will later')
  if (!isAhead(tokens) || signals.has('postpone')) return
  if (promised || signals.has('plan'))
    signals.add(signals.has('will') || signals.has('plan') ? 'will later' : 'will send')
  else if (did && !tokens.some(({ day }) => day?.done && day.role === 'on')) takeBack('will later')
  else if (signals.has('handing')) takeBack('will later')
  else if (signals.has('doing') && !/готовимся|подготов/u.test(tokens.map(({ word }) => word).join(' ')))
    takeBack('will later')

  function takeBack(instead: Signal) {
    for (const signal of ['held', 'made', 'handing', 'sign'] as const) signals.delete(signal)
    if (instead === 'will later' || instead === 'doubt') signals.delete('doing')
    if (instead === 'late') signals.delete('cannot')
    if (instead === 'doubt') for (const signal of ['cannot', 'not for us', 'half'] as const) signals.delete(signal)
    signals.add(instead)
  }
}

function isAhead(tokens: readonly Token[]): boolean {
  return tokens.some(
    ({ day, meaning }) =>
      meaning === 'later' || (day && (day.side === 'ahead' || (day.role === 'target' && day.side !== 'past'))),
  )
}

/** Nothing said but until when: «до пятницы», «на неделю». */
function isAheadOnly(tokens: readonly Token[]): boolean {
  return (
    tokens.some(({ day }) => day && day.side !== 'past' && (day.role === 'target' || day.role === 'until')) &&
    tokens.every(({ kind, meaning }) => kind !== 'word' || (meaning !== null && NEUTRAL.has(meaning)))
  )
}

function onlySays(signals: ReadonlySet<Signal>, allowed: readonly Signal[]): boolean {
  return [...signals].every((signal) => allowed.includes(signal))
}

/** Whether anything is left that is not understood, once courtesies («спасибо за напоминание») and names are left out. */
function hasContent(tokens: readonly Token[]): boolean {
  const thanks = tokens.findIndex(({ meaning }) => meaning === 'thanks')
  const own = thanks < 0 ? tokens : tokens.slice(0, thanks)
  return own.some((token, at) => isWordOfContent(token) && !isName(token) && !(own[at + 1] && isName(own[at + 1]!)))
}

function isWordOfContent({ kind, meaning }: Token): boolean {
  if (kind === 'word') return meaning === null || meaning === 'filler' || !NEUTRAL.has(meaning)
  return kind !== 'mark' && kind !== 'link' && kind !== 'other'
}

function isName({ kind, word }: Token): boolean {
  return kind === 'word' && /(?:овна|евна|ична|инична|ович|евич)$/u.test(word)
}
