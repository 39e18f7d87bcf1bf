/** What `import` prints of a report, for people and as the contract's JSON. */
import type { ViewOf } from '../../../app/index.ts'
import type { Invocation } from '../../invocation.ts'
import { counted } from '../../present/count.ts'
import { oneLine } from '../../present/terminal.ts'

export type ImportView = ViewOf<'import'>

/** The contract's keys first, in its order; `pending` only where the fate of records is not known yet. */
export function contractView(view: ImportView): object {
  const { pending, consumed: _consumed, known, ...rest } = view
  return { ...rest, ...(pending > 0 ? { pending } : {}), ...(known ? { known } : {}) }
}

/** 3 when something was refused, 130 when it was interrupted. `named`: files that the person named themselves. */
export function exitCodeOf(view: ImportView, named: ReadonlySet<string>): number {
  if (view.interrupted) return 130
  const isUnknown = view.unrecognised.some(({ where }) => named.has(where))
  return view.refused > 0 || view.refusals.length > 0 || isUnknown ? 3 : 0
}

export function present(invocation: Invocation, view: ImportView): void {
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
    ...part(
      sum(view.unmapped),
      invocation.flag('skip-unmapped') ? 'without a metric, left out' : 'without a metric, kept as they are',
    ),
  ]
  const megabytesPerSecond = view.seconds > 0 ? view.bytes / 1e6 / view.seconds : 0
  const rate = megabytesPerSecond >= 1 ? `, ${megabytesPerSecond.toFixed(0)} MB/s` : ''
  output.result(
    `${counted(view.read, 'record')} read in ${view.seconds.toFixed(1)} s${rate}: ${parts.join(', ')}`,
  )
  if (view.from !== null) output.result(`From ${view.from.slice(0, 10)} to ${view.to?.slice(0, 10)}`)
  presentCounts(invocation, view)
  presentRemarks(invocation, view)
}

function presentCounts({ output }: Invocation, view: ImportView): void {
  const formats = Object.entries(view.formats)
  if (formats.length > 1) {
    for (const [name, { read, imported }] of formats)
      output.result(`${count(read).padStart(12)}  read as ${name}, ${count(imported)} new`)
  }
  const metrics = Object.entries(view.byMetric).sort(([, a], [, b]) => b - a)
  for (const [metric, number] of metrics.slice(0, 12))
    output.result(`${count(number).padStart(12)}  ${metric}`)
  if (metrics.length > 12) output.result(`${' '.repeat(12)}  … and ${metrics.length - 12} more metrics`)
  for (const [type, number] of Object.entries(view.entities)) {
    output.result(`${count(number).padStart(12)}  ${type.replaceAll('_', ' ')}`)
  }
}

function presentRemarks(invocation: Invocation, view: ImportView): void {
  const { output } = invocation
  for (const refusal of view.refusals.slice(0, 10)) {
    output.warn(`${oneLine(refusal.where)}: ${oneLine(refusal.reason)}`)
  }
  if (view.refusals.length > 10) output.warn(`… and ${view.refusals.length - 10} more; --json lists them`)
  for (const { where, looksLike } of view.unrecognised.slice(0, 10)) {
    output.warn(`${oneLine(where)} is of no known format: ${oneLine(looksLike)}`)
  }
  const unlisted = view.unrecognised.length - 10
  if (unlisted > 0) output.warn(`… and ${unlisted} more files of no known format; --json lists them`)
  for (const note of view.notes) output.note(oneLine(note))
  const facts = view.profile.filter(({ value }) => value !== 'other')
  if (facts.length > 0) output.note('The export states what your profile does not hold yet:')
  for (const { field, value } of facts) {
    output.note(`  healthmate profile set ${profileFieldByOffer[field]} ${oneLine(value)}`)
  }
  if (view.resumed) output.note('Went on where the interrupted import stopped.')
  if (view.dryRun) output.note('Nothing was written (--dry-run).')
  else if (view.interrupted) output.note('Interrupted. The same command goes on from here.')
  else if (view.importId !== null && hasTaken(view))
    output.note(`healthmate import undo ${view.importId} takes it back.`)
}

const profileFieldByOffer = {
  dateOfBirth: 'birth-date',
  sex: 'sex',
  bloodType: 'blood-type',
  skinType: 'skin-type',
  smoking: 'smoking',
} as const

/** Whether there is anything that `import undo` could take back. */
function hasTaken(view: ImportView): boolean {
  return view.imported + view.pending + view.duplicates + sum(view.unmapped) + sum(view.kept) > 0
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
