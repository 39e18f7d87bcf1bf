/** `config get KEY`: the value alone, so that a script can use it. */
import type { Invocation } from '../../invocation.ts'
import { oneLine } from '../../present/terminal.ts'
import { setupOf } from '../../setup.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const { config } = setupOf(invocation)
  const { key, value, origin } = config.get(invocation.argument('key'))
  if (output.format === 'json') output.json({ key, value, origin })
  else output.result(oneLine(value))
}
