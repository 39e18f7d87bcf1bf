/** `import undo ID`. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { counted } from '../../present/count.ts'
import { oneLine } from '../../present/terminal.ts'
import { confirm } from '../../prompt/confirm.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const id = invocation.argument('id')
  const dryRun = invocation.flag('dry-run')
  if (!dryRun && !invocation.flag('yes')) await agree(invocation, id)
  const view = await ask(invocation, 'import.undo', { id, dryRun })
  if (output.format === 'json') return output.json(view)
  const files = oneLine(view.files.join(', '))
  const gone = counted(view.removed, 'measurement')
  output.result(
    dryRun ? `Would withdraw the import of ${files}: ${gone}` : `Withdrew the import of ${files}: ${gone}`,
  )
  output.note('Records that another import or you yourself assert stay.')
}

/** Asks with what would be gone, which is found out first: an id that is none is told before anything is asked. */
async function agree(invocation: Invocation, id: string): Promise<void> {
  const { files, removed } = await ask(invocation, 'import.undo', { id, dryRun: true })
  const gone = counted(removed, 'measurement')
  await confirm(invocation, `Withdraw the import of ${oneLine(files.join(', '))} (${gone})?`)
}
