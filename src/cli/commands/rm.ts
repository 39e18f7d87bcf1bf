/** `rm`: removes records; they stay removed when the same export is imported again. */
import { ask } from '../ask.ts'
import type { Invocation } from '../invocation.ts'
import { recordTable } from '../present/record-table.ts'
import { oneLine } from '../present/terminal.ts'
import { confirm } from '../prompt/confirm.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { output } = invocation
  const ids = invocation.arguments('id')
  const dryRun = invocation.flag('dry-run')
  if (!dryRun)
    await confirm(invocation, `Remove ${ids.length === 1 ? 'this record' : `these ${ids.length} records`}?`)
  const view = await ask(invocation, 'rm', { ids, dryRun })
  if (output.format === 'json') output.json(view)
  else {
    output.result(recordTable(view.removed, output))
    output.note(
      dryRun
        ? 'Nothing was removed (--dry-run).'
        : `${view.removed.length} removed. healthmate undo brings ${view.removed.length === 1 ? 'it' : 'them'} back.`,
    )
    for (const id of view.missing) output.warn(`there is no record ${oneLine(id.slice(0, 80))}`)
  }
  return view.missing.length > 0 ? 5 : 0
}
