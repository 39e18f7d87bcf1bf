/** `experiment report [NAME]`: what came of it, or how it stands. */
import type { ViewOf } from '../../../app/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { oneLine } from '../../present/terminal.ts'

export async function run(invocation: Invocation): Promise<void> {
  const name = invocation.optionalArgument('name')
  const args = name === undefined ? { action: 'report' as const } : { action: 'report' as const, name }
  presentReports(invocation, await ask(invocation, 'experiment', args))
}

export function presentReports(invocation: Invocation, view: ViewOf<'experiment'>): void {
  const { output } = invocation
  if (output.format === 'json') {
    output.json(view)
    return
  }
  if (view.count === 0) {
    output.note('No experiments yet: healthmate experiment start "no coffee" --outcome resting_heart_rate')
    return
  }
  for (const { name, report, note } of view.experiments) {
    output.result(output.style.strong(oneLine(name)))
    output.result(`  ${oneLine(report.text)}`)
    if (note !== null) output.result(`  ${oneLine(note)}`)
  }
}
