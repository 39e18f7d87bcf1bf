/** `experiment stop NAME`: ends it today, and says what came of it. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { presentReports } from './report.ts'

export async function run(invocation: Invocation): Promise<void> {
  presentReports(
    invocation,
    await ask(invocation, 'experiment', { action: 'stop', name: invocation.argument('name') }),
  )
}
