/** `vault check`: quick; damage ends with exit code 6. */
import type { ViewOf } from '../../../app/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { oneLine } from '../../present/terminal.ts'

export async function run(invocation: Invocation): Promise<number> {
  const acceptOlder = invocation.flag('accept-older')
  const view = await ask(invocation, 'vault.check', {}, { acceptOlder })
  return presentDamage(invocation, view, 'healthmate vault scrub')
}

export function presentDamage(invocation: Invocation, view: ViewOf<'vault.check'>, next: string): number {
  const { output } = invocation
  const sound = view.damages.length === 0
  if (output.format === 'json') output.json({ sound, ...view })
  else {
    for (const { object, reason } of view.damages)
      output.result(`${output.style.bad('damaged')} ${oneLine(object)}: ${oneLine(reason)}`)
    if (sound)
      output.result(`${output.style.good('sound')} ${view.rows.toLocaleString('en-US')} rows checked`)
    else output.note(`${view.damages.length} damaged. Next: ${next}`)
  }
  return sound ? 0 : 6
}
