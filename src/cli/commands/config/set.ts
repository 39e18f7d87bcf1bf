/** `config set KEY VALUE`: changes nothing that is stored in the vault. */
import { setSetting } from '../../../app/index.ts'
import type { Invocation } from '../../invocation.ts'
import { oneLine } from '../../present/terminal.ts'
import { setupOf } from '../../setup.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output, environment } = invocation
  const { paths } = setupOf(invocation)
  const view = setSetting(paths, environment, invocation.argument('key'), invocation.argument('value'))
  if (output.format === 'json') output.json({ key: view.key, value: view.value, origin: view.origin })
  else output.note(`${view.key} is ${view.value === '' ? 'not set' : oneLine(view.value)}`)
  if (view.origin === 'env') output.warn(`the environment sets ${view.key} and wins over the file`)
}
