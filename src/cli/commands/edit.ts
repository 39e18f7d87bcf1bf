/** `edit`: changes a record; `undo` takes it back. */
import { ask } from '../ask.ts'
import type { Invocation } from '../invocation.ts'
import { oneLine } from '../present/terminal.ts'
import { whenOf } from '../when.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const value = invocation.text('value')
  const note = invocation.text('note')
  const context = invocation.text('context')
  const tags = invocation.texts('tag')
  const when = invocation.text('at') === undefined ? undefined : await whenOf(invocation, 'at')
  const view = await ask(invocation, 'edit', {
    id: invocation.argument('id'),
    dryRun: invocation.flag('dry-run'),
    confirmed: invocation.flag('yes'),
    ...(value === undefined ? {} : { value }),
    ...(when === undefined ? {} : { atMs: when.ms, offsetMin: when.offsetMin }),
    ...(note === undefined ? {} : { note: note === '' ? null : note }),
    ...(context === undefined ? {} : { context: context === '' ? null : context }),
    ...(tags.length === 0 ? {} : { tags: tags.filter((tag) => tag !== '') }),
  })
  if (output.format === 'json') return output.json(view)
  const { before, after } = view
  output.result(
    `${oneLine(after.name)} ${oneLine(after.text)}, ${after.at} (was ${oneLine(before.text)}, ${before.at})`,
  )
  output.note(view.dryRun ? 'Nothing was changed (--dry-run).' : 'healthmate undo takes it back.')
}
