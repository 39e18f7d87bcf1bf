/** `models pin METRIC [MODEL]`, `models pin METRIC --off`. */
import { Failure } from '../../../foundation/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { presentModels } from './show.ts'

export async function run(invocation: Invocation): Promise<void> {
  const metric = invocation.argument('metric')
  const model = invocation.optionalArgument('model')
  if (invocation.flag('off')) {
    if (model !== undefined)
      throw new Failure('USAGE', '--off takes no model', { hint: 'Leave the model out.' })
    return presentModels(invocation, await ask(invocation, 'models', { action: 'unpin', metric }))
  }
  const chosen = model === undefined ? {} : { model }
  presentModels(invocation, await ask(invocation, 'models', { action: 'pin', metric, ...chosen }))
}
