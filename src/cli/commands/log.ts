/** `log`: one record from the command line, or many from standard input as NDJSON. */
import type { LogRequest, LogView } from '../../app/index.ts'
import { Failure } from '../../foundation/index.ts'
import { ask } from '../ask.ts'
import type { Invocation } from '../invocation.ts'
import { oneLine } from '../present/terminal.ts'
import { readHidden } from '../prompt/read-value.ts'
import { type When, whenOf } from '../when.ts'
import { readRequests } from './log-stdin.ts'

export async function run(invocation: Invocation): Promise<number> {
  const many = invocation.flag('stdin')
  const lines = many ? await readRequests(invocation) : undefined
  const view = await ask(invocation, 'log', {
    requests: lines ? lines.requests : [await requestOf(invocation)],
    dryRun: invocation.flag('dry-run'),
    ...(lines ? { places: lines.places } : {}),
  })
  const refusals = [...(lines?.refusals ?? []), ...view.refusals].sort(byLine)
  present(invocation, { ...view, refusals })
  return refusals.length > 0 ? 3 : 0
}

function byLine(a: LogView['refusals'][number], b: LogView['refusals'][number]): number {
  return Number(a.where.slice('line '.length)) - Number(b.where.slice('line '.length))
}

async function requestOf(invocation: Invocation): Promise<LogRequest> {
  const metric = invocation.optionalArgument('metric')
  if (metric === undefined) {
    throw new Failure('USAGE', 'what should be logged?', { hint: 'healthmate log bp 128/82' })
  }
  const when = await whenOf(invocation, 'at')
  const until = invocation.text('until') === undefined ? undefined : await whenOf(invocation, 'until')
  const tags = invocation.texts('tag')
  const pulse = invocation.number('pulse')
  const severity = invocation.number('severity')
  return {
    metric,
    value: await typedValue(invocation, metric),
    ...timeFields(when, until),
    ...textFields(invocation, ['unit', 'note', 'context', 'source']),
    ...(tags.length > 0 ? { tags } : {}),
    ...(pulse === undefined ? {} : { pulse }),
    ...(severity === undefined ? {} : { severity }),
    ...(invocation.flag('yes') ? { confirmed: true } : {}),
  }
}

function timeFields(when: When, until: When | undefined): Pick<LogRequest, 'atMs' | 'offsetMin' | 'endMs'> {
  return { atMs: when.ms, offsetMin: when.offsetMin, ...(until ? { endMs: until.ms } : {}) }
}

function textFields<Name extends string>(
  invocation: Invocation,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const fields: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const text = invocation.text(name)
    if (text !== undefined) fields[name] = text
  }
  return fields
}

/** `-` keeps the value out of the shell's history: it is read from standard input or asked for. */
async function typedValue(invocation: Invocation, metric: string): Promise<string> {
  const words = invocation.arguments('value')
  if (words.length === 0) {
    throw new Failure('USAGE', `which value of ${metric.slice(0, 40)}?`, {
      hint: `healthmate log ${metric.slice(0, 40)} VALUE, or "-" to type it unseen by the shell's history`,
    })
  }
  const text = words.join(' ')
  return text === '-' ? readHidden(invocation, metric) : text
}

function present(invocation: Invocation, view: LogView): void {
  const { output } = invocation
  if (output.format === 'json') {
    output.json(view)
    return
  }
  for (const logged of view.logged.slice(0, 20)) {
    const category = logged.category ? ` · ${logged.category.label} (${logged.category.source})` : ''
    const text = `${output.style.strong(oneLine(logged.name))} ${oneLine(logged.text)}`
    output.result(`${text}, ${shortTime(logged.at)}${category}`)
    if (logged.weekMean)
      output.note(`  mean of the last 7 days: ${logged.weekMean.text} (${logged.weekMean.days} days)`)
    if (logged.category?.urgent) output.warn(output.errorStyle.bad(logged.category.urgent))
  }
  if (view.logged.length > 20) output.result(`… and ${view.logged.length - 20} more`)
  for (const refusal of view.refusals) {
    const hint = refusal.hint === null ? '' : ` ${refusal.hint}`
    output.warn(`${oneLine(refusal.where)}: ${oneLine(refusal.reason)}.${oneLine(hint)}`)
  }
  if (view.dryRun) output.note('Nothing was written (--dry-run).')
  else if (view.sealed && view.logged.length > 0) output.note('Sealed; it merges at the next unlock.')
  if (view.refusals.length > 0) output.note(`${view.logged.length} kept, ${view.refusals.length} refused`)
}

function shortTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}`
}
