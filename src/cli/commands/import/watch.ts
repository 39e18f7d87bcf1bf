/**
 * `import --watch`: imports what arrives in a folder, each thing once, until Ctrl-C.
 *
 * What was imported is known again by its fingerprint in the vault, so that a second watch does not start over; a
 * vault that cannot be read now (locked) may take it twice, which adds nothing.
 */
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportArgs } from '../../../app/index.ts'
import { Failure } from '../../../foundation/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { presentError } from '../../present/failure.ts'
import { oneLine } from '../../present/terminal.ts'
import { Arrivals } from './arrivals.ts'
import { contractView, type ImportView, present } from './report.ts'

/** Time between two looks: what is still being written changes within it. */
const lookMs = 1000

/** Ends with 0, or with 130 when Ctrl-C cut an import short (the next watch goes on with it). */
export async function watch(invocation: Invocation, args: ImportArgs): Promise<number> {
  const { output, signal } = invocation
  if (args.paths.includes('-') || args.dryRun === true) {
    throw new Failure('USAGE', '--watch goes with files and folders, and without --dry-run', {
      hint: 'healthmate import auto FOLDER --watch',
    })
  }
  const arrivals = new Arrivals(args.paths)
  const reports: object[] = []
  let isCutShort = false
  output.note(`Watching ${args.paths.map((path) => oneLine(path)).join(', ')}; Ctrl-C ends it.`)
  while (!signal.aborted) {
    for (const path of arrivals.look()) {
      if (signal.aborted) break
      const view = await importArrival(invocation, { ...args, paths: [path], once: true })
      if (view === undefined) continue
      if (output.format === 'ndjson') output.json(contractView(view))
      else if (output.format === 'json') reports.push(contractView(view))
      isCutShort = view.interrupted
    }
    await sleep(lookMs, undefined, { signal }).catch(() => {})
  }
  if (output.format === 'json') output.json({ imports: reports, count: reports.length })
  return isCutShort ? 130 : 0
}

/** Undefined for what could not be imported: that is told, and the next one awaited. */
async function importArrival(invocation: Invocation, args: ImportArgs): Promise<ImportView | undefined> {
  const { output } = invocation
  const name = oneLine(basename(args.paths[0] ?? ''))
  try {
    const view = await ask(invocation, 'import', args)
    if (view.known) output.note(`${name}: imported before`)
    else if (output.format === 'human') {
      output.result(output.style.strong(name))
      present(invocation, view)
    }
    return view
  } catch (error) {
    const isPassing = error instanceof Failure && ['REFUSED_INPUT', 'NOT_FOUND', 'IO'].includes(error.code)
    if (!isPassing) throw error
    if (output.format === 'human') presentError(error, output)
    else output.warn(`${name}: ${oneLine(error.message)}`)
    return undefined
  }
}
