/** `inbox accept` and `inbox reject`: by id, or everything with `--all`. */
import { Failure } from '../../../foundation/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'

export async function decide(invocation: Invocation, decision: 'accept' | 'reject'): Promise<void> {
  const { output } = invocation
  const ids = invocation.arguments('id')
  const all = invocation.flag('all')
  if (all === ids.length > 0) {
    throw new Failure('USAGE', 'which entries: ids, or --all?', {
      hint: `healthmate inbox ${decision} --all`,
    })
  }
  const { decided } = await ask(invocation, `inbox.${decision}`, all ? {} : { ids })
  if (output.format === 'json') return output.json({ decision, decided })
  output.note(`${decided} ${decided === 1 ? 'entry' : 'entries'} ${decision}ed.`)
}
