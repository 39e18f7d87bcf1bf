/** Asks before something is removed; `--yes` answers, and without a terminal it is refused. */
import { Failure } from '../../foundation/index.ts'
import type { Invocation } from '../invocation.ts'

/** Goes on only with a yes. Fails with DECLINED otherwise, naming `--yes` where nobody can be asked. */
export async function confirm(invocation: Invocation, question: string): Promise<void> {
  if (invocation.flag('yes')) return
  if (!invocation.interactive) {
    throw new Failure('DECLINED', `not done without a confirmation: ${question}`, { hint: 'Add --yes.' })
  }
  const { default: inquirer } = await import('inquirer')
  const ask = inquirer.createPromptModule({ input: process.stdin, output: process.stderr })
  const { yes } = await ask<{ yes: boolean }>([
    { type: 'confirm', name: 'yes', message: question, default: false },
  ])
  if (!yes) throw new Failure('DECLINED', 'nothing was changed')
}
