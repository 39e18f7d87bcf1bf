/** `undo`: takes the last change back. */
import { ask } from '../ask.ts'
import type { Invocation } from '../invocation.ts'
import { oneLine } from '../present/terminal.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const view = await ask(invocation, 'undo', { dryRun: invocation.flag('dry-run') })
  if (output.format === 'json') return output.json(view)
  output.result(`${view.undone ? 'Taken back' : 'Would take back'}: ${oneLine(view.label)}`)
}
