/** `models rollback METRIC [--to VERSION]`. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { presentModels } from './show.ts'

export async function run(invocation: Invocation): Promise<void> {
  const version = invocation.count('to', 1)
  presentModels(
    invocation,
    await ask(invocation, 'models', {
      action: 'rollback',
      metric: invocation.argument('metric'),
      ...(version === undefined ? {} : { version }),
    }),
  )
}
