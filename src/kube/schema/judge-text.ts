/** Length, pattern and format of a text: `stringValidator` and `formatValidator` of kube-openapi. */
import { hasFormat } from './formats.ts'
import { formatIn } from './judge-type.ts'
import { addFault, type Judgement, type Subject } from './judgement.ts'

export function addTextFaults(judgement: Judgement, subject: Subject, text: string): void {
  const { limits, pattern } = subject.schema
  const { maxLength, minLength } = limits ?? {}
  // The server stops at the first of these.
  if (maxLength !== undefined && text.length > maxLength && countRunes(text) > maxLength)
    addFault(judgement, subject, text, { code: 'length', keyword: 'maxLength', value: maxLength })
  else if (minLength !== undefined && countRunes(text) < minLength)
    addFault(judgement, subject, text, { code: 'length', keyword: 'minLength', value: minLength })
  else if (pattern && !pattern.test(text))
    addFault(judgement, subject, text, { code: 'pattern', keyword: 'pattern', value: pattern.source })
  const format = formatIn(subject)
  if (format !== '' && !hasFormat(format, text, subject.minor))
    addFault(judgement, subject, text, { code: 'format', keyword: 'format', value: format })
}

function countRunes(text: string): number {
  let count = text.length
  for (let at = 1; at < text.length; at++)
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800) count--
  return count
}
