/** `import FORMAT PATH…`: reads an export and accounts for every record of it. */
import type { ImportArgs, ViewOf } from '../../../app/index.ts'
import { Failure } from '../../../foundation/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { oneLine } from '../../present/terminal.ts'
import { whenFrom } from '../../when.ts'
import { watchAndImport } from './watch.ts'

type ImportView = ViewOf<'import'>

export async function run(invocation: Invocation): Promise<number> {
  const paths = invocation.arguments('path')
  if (paths.length === 0) {
    throw new Failure('USAGE', 'which file should be imported?', {
      hint: 'healthmate import apple-health export.zip',
    })
  }
  const once = (): Promise<number> => importOnce(invocation, paths)
  return invocation.flag('watch') ? watchAndImport(invocation, paths, once) : once()
}

async function importOnce(invocation: Invocation, paths: readonly string[]): Promise<number> {
  const view = await ask(invocation, 'import', await argsOf(invocation, paths))
  const { output } = invocation
  if (output.format === 'json') output.json(contractView(view))
  else present(invocation, view)
  if (view.interrupted) return 130
  return view.refused > 0 || view.refusals.length > 0 ? 3 : 0
}

async function argsOf(invocation: Invocation, paths: readonly string[]): Promise<ImportArgs> {
  const since = invocation.text('since')
  const zone = invocation.text('tz')
  return {
    format: invocation.argument('format'),
    paths,
    dryRun: invocation.flag('dry-run'),
    skipUnmapped: invocation.flag('skip-unmapped'),
    ...(since === undefined ? {} : { sinceMs: (await whenFrom(invocation, since)).ms }),
    ...(zone === undefined ? {} : { zone }),
  }
}

/** The contract's keys first, in its order; `pending` only where the fate of records is not known yet. */
function contractView(view: ImportView) {
  const { pending, consumed: _consumed, ...rest } = view
  return pending > 0 ? { ...rest, pending } : rest
}

function present(invocation: Invocation, view: ImportView): void {
  const { output } = invocation
  const verb = view.dryRun ? 'would be imported' : 'imported'
  const parts = [
    view.pending > 0
      ? `${count(view.pending)} sealed, they merge at the next unlock`
      : `${count(view.imported)} ${verb}`,
    ...part(view.merged, 'merged into others'),
    ...part(view.duplicates, 'already there'),
    ...part(view.skipped, 'skipped'),
    ...part(view.refused, 'refused'),
    ...part(sum(view.unmapped), 'without a metric, kept as they are'),
  ]
  const rate = view.seconds > 0 ? `, ${(view.bytes / 1e6 / view.seconds).toFixed(0)} MB/s` : ''
  output.result(
    `${count(view.read)} records read in ${view.seconds.toFixed(1)} s${rate}: ${parts.join(', ')}`,
  )
  if (view.from !== null) output.result(`From ${view.from.slice(0, 10)} to ${view.to?.slice(0, 10)}`)
  const metrics = Object.entries(view.byMetric).sort(([, a], [, b]) => b - a)
  for (const [metric, number] of metrics.slice(0, 12))
    output.result(`${count(number).padStart(12)}  ${metric}`)
  if (metrics.length > 12) output.result(`${' '.repeat(12)}  … and ${metrics.length - 12} more metrics`)
  presentRemarks(invocation, view)
}

function presentRemarks(invocation: Invocation, view: ImportView): void {
  const { output } = invocation
  for (const refusal of view.refusals.slice(0, 10)) {
    output.warn(`${oneLine(refusal.where)}: ${oneLine(refusal.reason)}`)
  }
  if (view.refusals.length > 10) output.warn(`… and ${view.refusals.length - 10} more; --json lists them`)
  for (const note of view.notes) output.note(oneLine(note))
  const facts = view.profile.filter(({ value }) => value !== 'other')
  if (facts.length > 0) output.note('The export states what your profile does not hold yet:')
  for (const { field, value } of facts) {
    output.note(`  healthmate profile set ${profileField(field)} ${oneLine(value)}`)
  }
  if (view.resumed) output.note('Went on where the interrupted import stopped.')
  if (view.dryRun) output.note('Nothing was written (--dry-run).')
  else if (view.interrupted) output.note('Interrupted. The same command goes on from here.')
  else if (view.importId !== null) output.note(`healthmate import undo ${view.importId} takes it back.`)
}

const profileFieldByOffer = {
  dateOfBirth: 'birth-date',
  sex: 'sex',
  bloodType: 'blood-type',
  skinType: 'skin-type',
} as const

function profileField(field: keyof typeof profileFieldByOffer): string {
  return profileFieldByOffer[field]
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

function part(value: number, what: string): string[] {
  return value > 0 ? [`${count(value)} ${what}`] : []
}

function sum(byType: Readonly<Record<string, number>>): number {
  return Object.values(byType).reduce((total, value) => total + value, 0)
}
