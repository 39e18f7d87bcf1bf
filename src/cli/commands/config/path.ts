/** `config path`: every place that the program writes to. */
import { configPath } from '../../../app/index.ts'
import type { Invocation } from '../../invocation.ts'
import { oneLine, padText } from '../../present/terminal.ts'
import { setupOf } from '../../setup.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const { paths, vaultPath } = setupOf(invocation)
  const places = {
    config: configPath(paths),
    vault: vaultPath,
    data: paths.data,
    state: paths.state,
    runtime: paths.runtime,
  }
  if (output.format === 'json') {
    output.json(places)
    return
  }
  const lines = Object.entries(places).map(
    ([name, path]) => `${output.style.dim(padText(name, 8))}${oneLine(path)}`,
  )
  output.result(lines.join('\n'))
}
