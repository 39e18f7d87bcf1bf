/** `import FORMAT PATH…`: reads an export and accounts for every record of it. */
import { basename } from 'node:path'
import type { ImportArgs } from '../../../app/index.ts'
import { Failure } from '../../../foundation/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { whenFrom } from '../../when.ts'
import { contractView, exitCodeOf, type ImportView, present } from './report.ts'
import { watch } from './watch.ts'

export async function run(invocation: Invocation): Promise<number> {
  const paths = invocation.arguments('path')
  if (paths.length === 0) {
    throw new Failure('USAGE', 'which file should be imported?', {
      hint: 'healthmate import apple-health export.zip',
    })
  }
  const args = await argsOf(invocation, paths)
  if (invocation.flag('watch')) return watch(invocation, args)
  const view = await ask(invocation, 'import', args)
  show(invocation, view)
  return exitCodeOf(view, new Set(paths.map((path) => (path === '-' ? 'stdin' : basename(path)))))
}

function show(invocation: Invocation, view: ImportView): void {
  const { output } = invocation
  if (output.format === 'human') present(invocation, view)
  else output.json(contractView(view))
}

async function argsOf(invocation: Invocation, paths: readonly string[]): Promise<ImportArgs> {
  const since = invocation.text('since')
  const zone = invocation.text('tz')
  const order = invocation.text('date-order')
  const whose = invocation.text('whose')
  const map = invocation.flag('interactive') ? await mappingName(invocation, paths) : invocation.text('map')
  return {
    format: invocation.argument('format'),
    paths,
    dryRun: invocation.flag('dry-run'),
    skipUnmapped: invocation.flag('skip-unmapped'),
    units: invocation.texts('unit'),
    ...(since === undefined ? {} : { sinceMs: (await whenFrom(invocation, since)).ms }),
    ...(zone === undefined ? {} : { zone }),
    ...(order === 'day-first' || order === 'month-first' ? { dateOrder: order } : {}),
    ...(whose === undefined ? {} : { whose }),
    ...(map === undefined ? {} : { map }),
  }
}

/** Asks what the columns of the first table mean and saves the answers. Fails with USAGE where nobody can be asked. */
async function mappingName(invocation: Invocation, paths: readonly string[]): Promise<string> {
  if (invocation.argument('format') !== 'csv') {
    throw new Failure('USAGE', '--interactive asks about the columns of a table', {
      hint: 'healthmate import csv FILE --interactive',
    })
  }
  if (!invocation.interactive) {
    throw new Failure('USAGE', 'there is nobody to ask: standard input is no terminal', {
      hint: 'Write the mapping by hand (docs/formats/csv-import.md) and use it with --map NAME.',
    })
  }
  const { writeMapping } = await import('./write-mapping.ts')
  return writeMapping(invocation, paths[0] as string)
}
