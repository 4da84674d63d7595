/** Checkstyle XML, which Jenkins and review bots read. */
import { toXml } from './escape.ts'
import { formatMessageWithOrigins, groupByFile, type Reporter, toRange } from './reporter.ts'

export const formatCheckstyle: Reporter = report => {
  const files = [...groupByFile(report.findings)].map(([file, findings]) => {
    const errors = findings.map(it => {
      const { line, column } = toRange(it.location).start
      const message = toXml(formatMessageWithOrigins(it, report))
      return `    <error line="${line}" column="${column}" severity="${it.severity}" message="${message}" source="plimsoll.${toXml(it.rule)}"/>\n`
    })
    return `  <file name="${toXml(file)}">\n${errors.join('')}  </file>\n`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n${files.join('')}</checkstyle>\n`
}
