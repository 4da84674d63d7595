/**
 * The fast producer: one pass over bytes into the node table, for the YAML that manifests are made of.
 *
 * It accepts what kubectl's reader (go-yaml) accepts, and declines the rest by document: tags, anchors of keys and in
 * brackets, `? ` keys, tabs as indentation, and everything that may be an error. What it declines, `compose.ts` reads.
 */

import {
  AMPERSAND,
  ASTERISK,
  COLON,
  CR,
  DASH,
  DOT,
  DOUBLE_QUOTE,
  EXCLAMATION,
  GREATER,
  HASH,
  isBlank,
  LEFT_BRACE,
  LEFT_BRACKET,
  LESS,
  LF,
  NUL,
  PIPE,
  PLUS,
  SINGLE_QUOTE,
  SPACE,
  TAB,
} from '../text/characters.ts'
import type { Span } from '../text/source.ts'
import { FIRST, GAP, TEXT, VERBATIM } from './bytes.ts'
import type { Problem } from './document.ts'
import { hashBytes, hashStart, hashStep } from './keys.ts'
import { AnchorScanner } from './scan-anchors.ts'
import { DECLINED, MAX_DEPTH } from './scan-flow.ts'
import { EMPTY, FOLDED, KEEP, LITERAL, MAP, MULTILINE, PLAIN, SEQ, STRIP } from './table.ts'

/** What a document came to. `end` is the offset of the `---` behind it, or the end of the text. */
export interface Scanned {
  /** Undefined when the chunk has no content, only comments and blank lines. */
  readonly nodes: Int32Array | undefined
  /** As in the table. */
  readonly aliases?: ReadonlyMap<number, Span>
  readonly problems: readonly Problem[]
  readonly end: number
}

export class Scanner extends AnchorScanner {
  /** Column of `at` when it stands at the first character of a line; -1 at the end of the document. */
  private column = -1
  /** A comment stood between the last token and `at`: an unquoted text ends there. */
  private afterComment = false

  /** Reads the document that begins at an offset; undefined when it is for the other producer. */
  scan(start: number): Scanned | undefined {
    this.at = start
    this.top = 0
    this.depth = 0
    this.problems = []
    this.forgetAnchors()
    try {
      this.nextLine()
      if (this.column < 0) {
        if (this.isDots()) this.decline()
        return { nodes: undefined, problems: [], end: this.at }
      }
      this.blockNode(-1)
      if (this.column >= 0) return undefined
      if (this.isDots()) this.skipDots()
      const { aliases, problems, at: end } = this
      return { nodes: this.takeNodes(), problems, end, ...(aliases.size > 0 && { aliases }) }
    } catch (error) {
      if (error !== DECLINED) throw error
      return undefined
    }
  }

  /** Moves to the first character of the next line that has content. */
  private nextLine(): void {
    const { bytes } = this
    let at = this.at
    this.afterComment = false
    for (;;) {
      const line = at
      let byte = bytes[at]!
      while (byte === SPACE) byte = bytes[++at]!
      if (byte === LF) {
        at++
        continue
      }
      if (byte === HASH) {
        this.afterComment = true
        at = this.endOfComment(at)
        byte = bytes[at]!
        if (byte === LF) {
          at++
          continue
        }
      }
      if (byte === CR) {
        if (bytes[at + 1] !== LF) this.decline()
        at += 2
        continue
      }
      if (byte === NUL) {
        if (at < this.length) this.decline()
        this.at = at
        this.column = -1
        return
      }
      if (byte === TAB) this.decline()
      this.at = at
      this.lineStart = line
      this.column = at - line
      if (at === line && this.isMarker(at)) this.column = -1
      return
    }
  }

  private isDots(): boolean {
    return this.at < this.length && this.bytes[this.at] === DOT
  }

  /** kubectl drops what stands behind `...`; so only nothing may stand there. */
  private skipDots(): void {
    this.at += 3
    this.endLine()
    if (this.column >= 0 || this.isDots()) this.decline()
  }

  /** Behind a token only blanks and a comment may follow; goes on to the next line with content. */
  private endLine(): void {
    const { bytes } = this
    const start = this.at
    let at = start
    let byte = bytes[at]!
    while (byte === SPACE || byte === TAB) byte = bytes[++at]!
    let comment = false
    if (byte === HASH) {
      if (at === start) this.decline()
      at = this.endOfComment(at)
      byte = bytes[at]!
      comment = true
    }
    if (byte === LF) at++
    else if (byte === CR && bytes[at + 1] === LF) at += 2
    else if (byte !== NUL || at < this.length) this.decline()
    this.at = at
    this.nextLine()
    if (comment) this.afterComment = true
  }

  /** A node at `at`, whose column is `column`; `parent` is the column of the collection around it. */
  private blockNode(parent: number): void {
    const byte = this.bytes[this.at]!
    if (byte === DASH && GAP[this.bytes[this.at + 1]!] === 1) this.blockSequence(this.column)
    else if (byte === PIPE || byte === GREATER) this.blockScalar(parent)
    else if (byte === LEFT_BRACKET || byte === LEFT_BRACE) {
      this.flowCollection()
      this.endLine()
    } else if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) this.quotedOrMap(byte)
    else this.plainOrMap(parent, byte)
  }

  private quotedOrMap(quote: number): void {
    const column = this.column
    const map = this.top
    const line = this.lineStart
    const start = this.at
    this.quoted(quote)
    const end = this.at
    const colon = this.skipBlanks(end)
    if (this.bytes[colon] !== COLON || GAP[this.bytes[colon + 1]!] === 0) {
      this.endLine()
      return
    }
    // The node turned out to be the first key: it moves behind its map.
    this.top = map
    this.addNode(MAP, start, 0, 0)
    this.at = start
    this.lineStart = line
    this.quotedKey(quote)
    this.blockMap(map, column)
  }

  private plainOrMap(parent: number, first: number): void {
    const column = this.column
    const map = this.top
    const start = this.at
    if ((first === LESS || first === EXCLAMATION) && this.isMergeKey()) {
      this.addNode(MAP, this.startOfMergeKey(), 0, 0)
      this.mergedMap(map, column)
      return
    }
    if (FIRST[first] !== 0 && (FIRST[first] === 2 || GAP[this.bytes[start + 1]!] === 1)) this.decline()
    this.addNode(MAP, start, 0, 0)
    if (this.plainKey()) this.blockMap(map, column)
    else {
      this.top = map
      this.at = start
      this.plain(parent)
    }
  }

  /** A map whose first key is written and whose column is `column`; `at` is behind the first colon. */
  private blockMap(map: number, column: number): void {
    if (++this.depth > MAX_DEPTH) this.decline()
    this.mapValue(column)
    this.entries(map, column, { size: 1, merged: 0 })
  }

  /** A map that begins with a merge key. */
  private mergedMap(map: number, column: number): void {
    if (++this.depth > MAX_DEPTH) this.decline()
    const merged = this.merge()
    this.endLine()
    this.entries(map, column, { size: merged, merged })
  }

  /** What follows the first entry of a map, up to its end. */
  private entries(
    map: number,
    column: number,
    before: { readonly size: number; readonly merged: number },
  ): void {
    let { size, merged } = before
    while (this.column === column) {
      const byte = this.bytes[this.at]!
      if ((byte === LESS || byte === EXCLAMATION) && this.isMergeKey()) {
        const count = this.merge()
        this.endLine()
        size += count
        merged += count
        continue
      }
      if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) this.quotedKey(byte)
      else {
        if (FIRST[byte] !== 0 && (FIRST[byte] === 2 || GAP[this.bytes[this.at + 1]!] === 1)) this.decline()
        if (!this.plainKey()) this.decline()
      }
      this.mapValue(column)
      size++
    }
    if (this.column > column) this.decline()
    this.depth--
    if (merged > 0) size -= this.dropOverwritten(map)
    this.closeNode(map, this.tail, size)
    if (size > 1) this.checkKeys(map)
  }

  /** Writes an unquoted key and stops behind its colon; false when there is no colon on the line. */
  private plainKey(): boolean {
    const { bytes } = this
    const start = this.at
    let at = start
    let hash = hashStart
    let units = 0
    for (;;) {
      let byte = bytes[at]!
      while (TEXT[byte] === 0) {
        hash = hashStep(hash, byte)
        units |= byte
        byte = bytes[++at]!
      }
      if (byte === COLON) {
        if (GAP[bytes[at + 1]!] === 1) break
      } else if (byte === HASH) {
        if (isBlank(bytes[at - 1]!)) return false
      } else if (byte === LF || byte === CR || (byte === NUL && at >= this.length)) return false
      else this.decline()
      hash = hashStep(hash, byte)
      at++
    }
    let end = at
    if (isBlank(bytes[end - 1]!)) {
      while (isBlank(bytes[end - 1]!)) end--
      hash = hashBytes(bytes, start, end)
    }
    this.addPlainKey(start, end, this.keyOf(start, end, hash, units))
    this.at = at + 1
    return true
  }

  /** Writes a quoted key of a block map and stops behind its colon. */
  private quotedKey(quote: number): void {
    const key = this.quoted(quote)
    this.nameQuoted(key)
    const colon = this.skipBlanks(this.at)
    if (this.bytes[colon] !== COLON || GAP[this.bytes[colon + 1]!] === 0) this.decline()
    this.at = colon + 1
  }

  private skipBlanks(from: number): number {
    const { bytes } = this
    let at = from
    while (isBlank(bytes[at]!)) at++
    return at
  }

  /** The value behind the colon of a block map's key. */
  private mapValue(column: number): void {
    const { bytes } = this
    const colon = this.at
    const at = this.skipBlanks(colon)
    const byte = bytes[at]!
    if (byte === LF || byte === CR || byte === HASH || byte === NUL) {
      this.endLine()
      if (this.column > column) this.blockNode(column)
      else if (this.column === column && bytes[this.at] === DASH && GAP[bytes[this.at + 1]!] === 1)
        this.blockSequence(column)
      else this.addNode(EMPTY, colon, colon, 0)
      return
    }
    this.at = at
    if (byte === ASTERISK) {
      this.alias()
      this.endLine()
    } else if (byte === AMPERSAND) this.anchoredValue(column, 'entry')
    else this.inlineValue(column, byte)
  }

  /** A value that begins on the line of its key or dash, and is no block collection. */
  private inlineValue(column: number, byte: number): void {
    if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) {
      this.quoted(byte)
      this.endLine()
    } else if (byte === PIPE || byte === GREATER) this.blockScalar(column)
    else if (byte === LEFT_BRACKET || byte === LEFT_BRACE) {
      this.flowCollection()
      this.endLine()
    } else {
      if (FIRST[byte] !== 0 && (FIRST[byte] === 2 || GAP[this.bytes[this.at + 1]!] === 1)) this.decline()
      this.plain(column)
    }
  }

  /** `&name` and its node, behind a colon or a dash. */
  private anchoredValue(column: number, form: 'entry' | 'item'): void {
    const { bytes } = this
    const anchor = this.openAnchor()
    const at = this.skipBlanks(this.at)
    const byte = bytes[at]!
    if (byte === LF || byte === CR || byte === HASH || byte === NUL) {
      this.endLine()
      const isDash = bytes[this.at] === DASH && GAP[bytes[this.at + 1]!] === 1
      if (this.column > column) this.blockNode(column)
      else if (form === 'entry' && this.column === column && isDash) this.blockSequence(column)
      else this.decline()
    } else {
      this.at = at
      this.inlineValue(column, byte)
    }
    anchor.isOpen = false
  }

  private blockSequence(column: number): void {
    if (++this.depth > MAX_DEPTH) this.decline()
    const { bytes } = this
    const sequence = this.addNode(SEQ, this.at, 0, 0)
    let size = 0
    for (;;) {
      size++
      const dash = this.at + 1
      let at = dash
      while (bytes[at] === SPACE) at++
      const byte = bytes[at]!
      if (byte === LF || byte === CR || byte === HASH || byte === NUL) {
        this.at = dash
        this.endLine()
        if (this.column > column) this.blockNode(column)
        else this.addNode(EMPTY, dash, dash, 0)
      } else {
        if (byte === TAB) this.decline()
        this.at = at
        this.column = at - this.lineStart
        this.item(column, byte)
      }
      if (this.column !== column || bytes[this.at] !== DASH || GAP[bytes[this.at + 1]!] === 0) break
    }
    if (this.column > column) this.decline()
    this.depth--
    this.closeNode(sequence, this.tail, size)
  }

  /** What stands on the line of its dash. */
  private item(column: number, byte: number): void {
    if (byte === ASTERISK) {
      this.alias()
      this.endLine()
    } else if (byte === AMPERSAND) this.anchoredValue(column, 'item')
    else this.blockNode(column)
  }

  /** An unquoted text in a block; goes on to the next line with content. */
  private plain(parent: number): void {
    const { bytes } = this
    const start = this.at
    let kind = PLAIN
    let at = start
    let end = start
    for (;;) {
      for (;;) {
        while (TEXT[bytes[at]!] === 0) at++
        const byte = bytes[at]!
        if (byte === LF) break
        if (byte === COLON) {
          if (GAP[bytes[at + 1]!] === 1) this.decline()
        } else if (byte === HASH) {
          if (isBlank(bytes[at - 1]!)) break
        } else if (byte === CR || byte === NUL) break
        else this.decline()
        at++
      }
      end = at
      while (isBlank(bytes[end - 1]!)) end--
      if (bytes[at] === LF) {
        this.at = at + 1
        this.nextLine()
      } else {
        this.at = end
        this.endLine()
      }
      if (this.column <= parent) break
      if (this.afterComment) this.decline()
      kind |= MULTILINE
      at = this.at
    }
    if (this.mayBeInfinite(start)) this.decline()
    this.addNode(kind, start, end, 0)
  }

  /** `|` or `>` with its lines; goes on to the next line with content. */
  private blockScalar(parent: number): void {
    // Without a collection around it the text may stand at any column.
    if (parent < 0) this.decline()
    const { bytes } = this
    const start = this.at
    let kind = bytes[start] === PIPE ? LITERAL : FOLDED
    let indent = 0
    let at = start + 1
    for (; ; at++) {
      const byte = bytes[at]!
      if (byte === DASH && (kind & (STRIP | KEEP)) === 0) kind |= STRIP
      else if (byte === PLUS && (kind & (STRIP | KEEP)) === 0) kind |= KEEP
      else if (byte >= 49 && byte <= 57 && indent === 0) indent = parent + byte - 48
      else break
    }
    const header = at
    at = this.skipBlanks(at)
    if (bytes[at] === HASH && at > header) at = this.endOfComment(at)
    if (bytes[at] === CR) at++
    if (bytes[at] === NUL && at >= this.length) {
      if ((kind & KEEP) !== 0) this.decline()
    } else if (bytes[at++] !== LF) this.decline()
    if (indent === 0) indent = this.blockIndent(at, parent)
    this.at = at
    const end = this.blockLines(indent, (kind & KEEP) !== 0)
    if (end < 0 && (kind & KEEP) !== 0) this.decline()
    this.addNode(kind, start, end < 0 ? header : end, end < 0 ? 0 : indent)
    this.nextLine()
  }

  /** The indentation of a block scalar's first line that is not blank; 0 when there is none. */
  private blockIndent(from: number, parent: number): number {
    const { bytes } = this
    let line = from
    let blank = 0
    for (;;) {
      let at = line
      while (bytes[at] === SPACE) at++
      const indent = at - line
      const byte = bytes[at]!
      if (byte === LF || (byte === CR && bytes[at + 1] === LF)) {
        if (indent > blank) blank = indent
        line = byte === LF ? at + 1 : at + 2
        continue
      }
      if (byte === TAB) this.decline()
      // go-yaml takes the longest of the leading blank lines for the indentation.
      if (byte === NUL) return Math.max(parent + 1, blank, indent)
      if (indent <= parent) return Math.max(parent + 1, blank)
      if (blank > indent) this.decline()
      return indent
    }
  }

  /** Skips the lines of a block scalar; the end of the last one that counts, or -1 when there is none. */
  private blockLines(indent: number, keep: boolean): number {
    const { bytes } = this
    let line = this.at
    let end = -1
    for (;;) {
      let at = line
      const limit = line + indent
      while (at < limit && bytes[at] === SPACE) at++
      let byte = bytes[at]!
      if (at < limit) {
        if (byte !== LF && byte !== CR && byte !== NUL) {
          if (byte === TAB) this.decline()
          break
        }
        if (byte === NUL && (at === line || at < this.length)) break
        if (keep && end >= 0) end = at
      } else if (byte === LF || byte === CR || byte === NUL) {
        if (keep && end >= 0 && (byte !== NUL || at < this.length || at > line)) end = at
      } else {
        at = this.endOfBlockLine(at)
        end = bytes[at - 1] === CR ? at - 1 : at
        byte = bytes[at]!
      }
      if (byte === CR && bytes[at + 1] === LF) byte = bytes[++at]!
      if (byte === NUL) {
        line = at
        break
      }
      if (byte !== LF) this.decline()
      line = at + 1
    }
    this.at = line
    return end
  }

  private endOfBlockLine(from: number): number {
    const { bytes } = this
    let at = from
    for (;;) {
      while (VERBATIM[bytes[at]!] === 0) at++
      const byte = bytes[at]!
      if (byte === LF || (byte === NUL && at >= this.length)) return at
      if (VERBATIM[byte] === 2 || byte === NUL || (byte === CR && bytes[at + 1] !== LF)) this.decline()
      at++
    }
  }
}
