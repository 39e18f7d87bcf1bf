/** `profile show`. */
import type { ViewOf } from '../../../app/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { oneLine } from '../../present/terminal.ts'

export async function run(invocation: Invocation): Promise<void> {
  presentProfile(invocation, await ask(invocation, 'profile', { action: 'show' }))
}

export function presentProfile(invocation: Invocation, view: ViewOf<'profile'>): void {
  const { output } = invocation
  if (output.format === 'json') {
    output.json(view)
    return
  }
  const facts = Object.entries(view.facts).filter(([, value]) => value !== null)
  if (facts.length === 0) {
    output.note('The profile is empty: healthmate profile set birth-date 1980-05-17.')
    return
  }
  for (const [name, value] of facts)
    output.result(`${output.style.dim(name.padEnd(18))} ${oneLine(String(value))}`)
}
