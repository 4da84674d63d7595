/** Diagnostics for clients that do not ask: published a moment after the last change, only where they differ. */
import { buildDiagnostics, listFilesWithFindings } from './diagnostics.ts'
import { createPulse } from './pulse.ts'
import type { Session } from './session.ts'

export function servePushes(session: Session): void {
  /** Result ids of what the client shows. */
  const published = new Map<string, string>()
  const pulse = createPulse({ pause: 80, longest: 400 }, () => {
    publish(session, published).catch(error =>
      session.connection.console.error(error instanceof Error ? String(error.stack) : String(error)),
    )
  })
  session.onChange(() => pulse.beat())
}

async function publish(session: Session, published: Map<string, string>): Promise<void> {
  const { projects, settings, connection } = session
  const gone = new Set(published.keys())
  for (const project of settings.enable ? projects.list() : []) {
    const check = await session.check(project)
    for (const id of listFilesWithFindings(check)) {
      const version = projects.versionOf(project, id)
      if (!projects.owns(project, id) || (settings.scope === 'openFiles' && version === undefined)) continue
      const uri = projects.uriOf(project, id)
      gone.delete(uri)
      const { resultId, items } = buildDiagnostics(check, id, session.wordingOf(project))
      if (published.get(uri) === resultId) continue
      published.set(uri, resultId)
      await connection.sendDiagnostics({ uri, diagnostics: items, ...(version !== undefined && { version }) })
    }
  }
  for (const uri of gone) {
    published.delete(uri)
    await connection.sendDiagnostics({ uri, diagnostics: [] })
  }
}
