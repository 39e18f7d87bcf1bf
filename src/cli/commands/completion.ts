/** `completion bash|zsh|fish` */
import { metrics } from '../../metrics/index.ts'
import { commandTable } from '../command-table.ts'
import { completionScript } from '../completion.ts'
import type { Invocation } from '../invocation.ts'

export async function run(invocation: Invocation): Promise<void> {
  const script = completionScript(invocation.argument('shell'), completionSource())
  if (invocation.flag('json')) invocation.output.json({ shell: invocation.argument('shell'), script })
  else invocation.output.result(script)
}

/** Ids and the aliases that are typed (single words), without doubles. */
export function completionSource() {
  const names = metrics.flatMap((metric) => [
    metric.id,
    ...metric.aliases.filter((alias) => /^[\w-]+$/.test(alias)),
  ])
  return { commands: commandTable, metricNames: [...new Set(names)].sort() }
}
