/** Word cases of huandu/xstrings 1.5: snakecase, kebabcase, camelcase. */
import { costly, type FunctionTable, fn } from '../template/call.ts'

export const caseFunctions: FunctionTable = {
  snakecase: costly(
    300,
    fn(['string'], (_, text) => connectWords(text, '_')),
  ),
  kebabcase: costly(
    300,
    fn(['string'], (_, text) => connectWords(text, '-')),
  ),
  camelcase: costly(
    100,
    fn(['string'], (_, text) => pascalCase(text)),
  ),
}

const isConnector = (rune: string): boolean => rune === '-' || rune === '_' || /\s|\x85/.test(rune)
const isUpper = (rune: string): boolean => /\p{Lu}/u.test(rune)
const isNumber = (rune: string): boolean => /\p{N}/u.test(rune)
const isPunctuation = (rune: string): boolean => /\p{P}/u.test(rune)
const isAlphabet = (rune: string): boolean =>
  /\p{L}/u.test(rune) && (/\p{Ll}|\p{Lu}/u.test(rune) || /[A-Za-z]/.test(rune))

type WordType = 'none' | 'number' | 'upper' | 'alphabet' | 'connector' | 'punctuation' | 'other'

class WordReader {
  private readonly runes: readonly string[]
  private at = 0
  private kind: WordType = 'none'
  word = ''

  constructor(text: string) {
    this.runes = [...text]
  }

  /** Kind of the current word; a method, because `next` changes it. */
  type(): WordType {
    return this.kind
  }

  get rest(): boolean {
    return this.at < this.runes.length
  }

  next(): void {
    const { runes } = this
    const start = this.at
    const first = runes[start]
    this.kind = 'none'
    this.word = ''
    if (first === undefined) return
    this.at++
    if (isConnector(first)) this.take('connector', isConnector)
    else if (isPunctuation(first)) this.take('punctuation', isPunctuation)
    else if (isUpper(first)) this.takeUpper()
    else if (isAlphabet(first)) this.take('alphabet', it => isAlphabet(it) && !isUpper(it))
    else if (isNumber(first)) this.take('number', isNumber)
    else this.take('other', it => !isConnector(it) && !isAlphabet(it) && !isNumber(it) && !isPunctuation(it))
    this.word = runes.slice(start, this.at).join('')
  }

  private take(type: WordType, belongs: (rune: string) => boolean): void {
    this.kind = type
    while (this.at < this.runes.length && belongs(this.runes[this.at]!)) this.at++
  }

  /** `HTTPStatus` is `HTTP` and `Status`. */
  private takeUpper(): void {
    this.kind = 'upper'
    const next = this.runes[this.at]
    if (next === undefined) return
    if (!isUpper(next)) {
      if (isAlphabet(next)) this.take('upper', it => isAlphabet(it) && !isUpper(it))
      return
    }
    this.take('upper', isUpper)
    const behind = this.runes[this.at]
    if (behind !== undefined && isAlphabet(behind)) this.at--
  }
}

const isJoined = (type: WordType): boolean => type === 'alphabet' || type === 'number'
const isBreak = (type: WordType): boolean => type === 'connector' || type === 'punctuation'

function connectWords(text: string, connector: string): string {
  const reader = new WordReader(text)
  let result = ''
  const write = (type: WordType, word: string) => {
    result += type === 'connector' ? connector.repeat([...word].length) : word.toLowerCase()
  }
  const writeJoined = () => {
    while (isJoined(reader.type())) {
      write(reader.type(), reader.word)
      reader.next()
    }
  }
  reader.next()
  while (reader.rest) {
    if (reader.type() !== 'connector') write(reader.type(), reader.word)
    const previous = reader.type()
    const last = reader.word
    reader.next()
    if (previous === 'number') {
      writeJoined()
      if (reader.type() !== 'none' && !isBreak(reader.type())) result += connector
    } else if (previous === 'connector') write(previous, last)
    else if (previous !== 'punctuation') {
      if (reader.type() !== 'number') {
        if (!isBreak(reader.type())) result += connector
      } else if (reader.rest) {
        const number = reader.word
        reader.next()
        if (reader.type() !== 'alphabet') {
          // A number without letters behind it belongs to the word before: `bld4_floor`.
          write('number', number)
          if (!isBreak(reader.type())) result += connector
        } else {
          result += connector
          write('number', number)
          writeJoined()
          if (reader.type() !== 'none' && !isBreak(reader.type())) result += connector
        }
      }
    }
  }
  write(reader.type(), reader.word)
  return result
}

function pascalCase(text: string): string {
  const runes = [...text]
  let at = 0
  let result = ''
  while (at < runes.length && isConnector(runes[at]!)) result += runes[at++]
  // The last of nothing but connectors is written twice.
  if (at >= runes.length) return result + (runes.at(-1) ?? '')
  let upper = isUpper(runes[at]!)
  let current = runes[at++]!.toUpperCase()
  if (at >= runes.length) return result + current
  for (; at < runes.length; at++) {
    const previous = current
    current = runes[at]!
    if (isConnector(current) && isConnector(previous)) {
      result += previous
      continue
    }
    if (isConnector(previous)) {
      upper = isUpper(current)
      current = current.toUpperCase()
      continue
    }
    if (upper) {
      if (isUpper(current)) current = current.toLowerCase()
      else upper = false
    }
    result += previous
  }
  return result + current
}
