/** `completion bash|zsh|fish` */
import { importFormats, loadAnalysis } from '../../app/index.ts'
import { metrics } from '../../metrics/index.ts'
import { commandTable } from '../command-table.ts'
import { type CompletionSource, completionScript } from '../completion.ts'
import type { Invocation } from '../invocation.ts'

export async function run(invocation: Invocation): Promise<void> {
  const script = completionScript(invocation.argument('shell'), await completionSource())
  if (invocation.flag('json')) invocation.output.json({ shell: invocation.argument('shell'), script })
  else invocation.output.result(script)
}

/** Ids and the aliases that are typed (single words), without doubles, and the names of import formats. */
export async function completionSource(): Promise<CompletionSource> {
  const formats = await importFormats()
  const names = metrics.flatMap((metric) => [
    metric.id,
    ...metric.aliases.filter((alias) => /^[\w-]+$/.test(alias)),
  ])
  return {
    commands: commandTable,
    metricNames: [...new Set(names)].sort(),
    methodNames: (await loadAnalysis()).methods,
    formatNames: ['auto', ...formats.map(({ name }) => name)],
  }
}
