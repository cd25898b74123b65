import { slipsBetween } from './spelling.ts'

/** A word of a question. `variants`: ways to read it, as typed first; more than one where the letters may come from the other keyboard. */
export type AskedWord = { typed: string; variants: string[]; weight: number }

const LONGEST_QUESTION = 1_500
const MOST_WORDS = 40

const LATIN_TWINS = 'acekmhoptxybu'
const CYRILLIC_TWINS = 'асекмнортхуви'
const LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
const CYRILLIC_KEYS = 'ёйцукенгшщзхъфывапролджэячсмитьбю'

/** The words of `text` that carry its meaning, as search sees them, in their order, at most forty. Words that only join others are left out. */
export function askedWords(text: string): AskedWord[] {
  const asked: AskedWord[] = []
  for (const typed of wordsOf(text)) {
    const weight = weightOf(typed)
    if (weight > 0 && !asked.some((word) => word.typed === typed))
      asked.push({ typed, variants: readingsOf(typed), weight })
  }
  return asked.slice(0, MOST_WORDS)
}

/** `text` in small letters without «ё», cut into words and numbers («9а» is two); words of mixed alphabets are made Cyrillic. */
export function wordsOf(text: string): string[] {
  const plain = text.slice(0, LONGEST_QUESTION).normalize('NFC').toLowerCase().replaceAll('ё', 'е')
  const chunks = plain.split(/\s+/).flatMap((chunk) => (isOtherLayout(chunk) ? [switchLayout(chunk)] : [chunk]))
  return chunks.flatMap((chunk) => straighten(chunk).match(/\p{L}+|\p{N}+/gu) ?? [])
}

/** `text` with the Latin look-alikes inside Cyrillic words («BПP», «cправка») replaced by Cyrillic letters; its case is kept. */
export function straighten(text: string): string {
  return text.replace(/\p{L}+/gu, (word) =>
    /\p{Script=Cyrillic}/u.test(word) && /[a-z]/i.test(word) ? twins(word) : word,
  )
}

/** How much a word says of what is asked: 0 nothing («и», «пожалуйста»), little («можно», «когда», a number), half («сразу», «прислали», «старый»), 1 for all others. */
export function weightOf(word: string): number {
  if (SILENT.has(word)) return 0
  if (QUIET.has(word) || QUIET_BEGINNINGS.test(word) || /^\d+$/.test(word)) return 0.25
  return PALE.test(word) ? 0.5 : 1
}

/**
 * What a word that no entry knows says: little if it is one slip away from a word that says little («какго», «нрваится»), and less than others
 * if it is a verb, because verbs are put in each other's place more freely than the things they are about.
 */
export function weightOfUnknown(word: string): number {
  if (word.length < 4) return weightOf(word)
  for (const quiet of SMALL_WORDS) if (quiet.length > 3 && slipsBetween(word, quiet) <= 1) return weightOf(quiet)
  return VERB.test(word) ? 0.6 * weightOf(word) : weightOf(word)
}

function readingsOf(typed: string): string[] {
  if (!/^[a-z]+$/.test(typed)) return [typed]
  const readings = [typed, switchLayout(typed)]
  if ([...typed].every((letter) => LATIN_TWINS.includes(letter))) readings.push(twins(typed))
  return readings
}

function twins(word: string): string {
  return [...word].map((letter) => swap(letter, LATIN_TWINS, CYRILLIC_TWINS)).join('')
}

function swap(letter: string, from: string, to: string): string {
  const place = from.indexOf(letter.toLowerCase())
  const other = to[place]
  if (place < 0 || other === undefined) return letter
  return letter === letter.toLowerCase() ? other : other.toUpperCase()
}

/** Keys that only the Russian layout has as letters («;», «[») inside a Latin word: «ghtlvtns», «j,hfpjdfybt». */
function isOtherLayout(chunk: string): boolean {
  return /^[a-z[\];',.`]+$/.test(chunk) && /[a-z][[\];',.`]+[a-z]/.test(chunk) && !/\.(ru|com|org|net|рф)\b/.test(chunk)
}

function switchLayout(word: string): string {
  return [...word]
    .map((letter) => swap(letter, LATIN_KEYS, CYRILLIC_KEYS))
    .join('')
    .replaceAll('ё', 'е')
}

const SILENT = new Set(
  `а без бы был была были было быть в вам вами вас ваш ваша ваше ваши во вот вы да для до его ее ей ему если есть еще же за и из или им
  ими их к как ко ли либо мне мной мы на нам нами нас наш наша наше нашей наши нашу не него нее ней нем нет ни ним них но ну о об обо однако он она они оно от
  по под при про с себе себя сам сама сами со так также такая такие такого такое такой там те тем то того тоже той том тот ту тут ты у уже
  хоть чего чем через что чтоб чтобы эта эти это этого этой этом этот эту я мой моя мое мои моего моей моему моих мою свой своя свое свои своего своей своих
  пожалуйста плиз спасибо здравствуйте здрасте привет приветствую добрый доброе доброго день вечер утро подскажите скажите подскажи скажи ответьте коллеги уважаемые
  вопрос вопросик кстати просто именно вообще очень только лишь ведь даже разве неужели тогда потом теперь сейчас срочно`.split(
    /\s+/,
  ),
)

const QUIET = new Set(
  `когда где куда откуда сколько кто кого кому кем который которая которое которые какой какого какая какое какие какую каком каких каким какому чей зачем почему
  можно нельзя нужно надо нужен нужна нужны должен должна должны обязан обязана обязаны обязательно следует стоит могу может можем могут мочь хочу хотим хочется хотел
  хотела хотели хотелось делать сделать делается делают сделали будет будут бывает есть имеет имеют имеем иметь знать узнать знает понять
  понимаю объясните расскажите помогите помочь помощь интересует интересно случай случае случаи раз время время года год году лет дня дней
  весь вся все всех всем любой любая каждый другой другая другие один одна одно два две три если кроме после перед между около сначала
  правильно правильный верно точно нормально хорошо лучше нравится нравиться вопросу поводу насчет связи часто всегда никогда иногда самостоятельно самому самой
  человек люди людей новый новая новое новые новую наличие порядок образом способ вариант варианты пример примеру`.split(
    /\s+/,
  ),
)

/** Words that look like verbs by their ending: «оплатить», «привезли». */
const VERB = /([аяеиыоу]ть|ться|ти|[аяеуо]ет|ют|ут|ят|[аяоеу]ем|[еиюу]тся|[ая]тся|лся|лась|лись|[аяеиыу]л[аи]|[еи]шь)$/

const SMALL_WORDS = [...SILENT, ...QUIET]

/** Words of any talk, of time, place, manner and measure, of coming, giving and seeing: they go with every subject and name none. By their beginnings. */
const PALE_BEGINNINGS = `быстр скор сраз медлен тих рано раньш поздн поздно долг давн недавн завтра сегодня сегодняшн вчера вчерашн послезавтра утр днев вечер
  вечерн ноч недел месяц минут секунд сут суток полчас полгод квартал понедельник вторник сред четверг пятниц начал конец конц середин
  больш маленьк мал высок низк длин коротк старш младш стар молод хорош плох красив чуж друг сво собствен общ личн люб разн прост сложн
  легк трудн тяжел полн готов главн важн последн следующ предыдущ прошл будущ нынешн текущ перв втор трет ближайш отдельн обычн специальн
  некотор сам здесь туда сюда рядом близк далек внутр снаружи дома домой вмест вместо снова опять заново обратн назад вперед вообще примерн
  приблизительн почти совсем слишк достаточн прийти приду придет придут пришел пришл приш приход идти идет идут пойти пойд пошел пошл ход
  ходят зайти зайд зашл захож заход уйти уйд ушл ехать еду поехать приех приезж дать даст дадут дают дает дал дала дали взять возьм взял
  брать берут беру нес принес прин принос привез привест приве отправ присл прислал отда остав положит полож вид виж вижу видн увид смотр
  посмотр найти найд нашел нашл наш иска ищ поиск сказа говор спрос спрашив отвеч зна дума каж показыв звуч слыш стать стал стан станет
  начин нача кончил конча законч заканчив продолж происход случил случ оказ оказал явля бывает быва появ держ держать лежит леж стоят наход
  работает нуж треб требу необходим положен полага дел сдела пользу хват ждать жд ожида успе успев попроб пыта старат реш штук дело дела
  тип сорт часть част мест сторон раз образ связ действ ситуац проблем ранн иду`
const PALE_ENDINGS = `а я о е и ы у ю ь й ой ей ий ый ая яя ое ее ые ие ого его ому ему ым им ых их ую юю ам ям ами ями ах ях ом ем ов ев а?ть ить еть ит ет ят ют ут ат
  л ла ло ли ил ила или ал ала али но на ны ен ена ены тся ться ится ется ются лся лась лись илась ились ился алось илось ишь ешь ите ете айте а?ю ив
  ав`
const PALE = new RegExp(`^(${alternatives(PALE_BEGINNINGS)})(${alternatives(PALE_ENDINGS)})?$`)

function alternatives(words: string): string {
  return words.split(/\s+/).join('|')
}

const QUIET_BEGINNINGS =
  /^(подска|скаж|котор|какого|какими|нужд|явля|относи|происход|осуществл|получа|получи|получ[аи]тся)/
