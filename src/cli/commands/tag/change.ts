/** `tag add` and `tag rm`. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { recordTable } from '../../present/record-table.ts'
import { oneLine } from '../../present/terminal.ts'

export async function changeTags(invocation: Invocation, action: 'add' | 'rm'): Promise<number> {
  const { output } = invocation
  const { records, missing } = await ask(invocation, 'tag', {
    action,
    ids: invocation.arguments('id'),
    tag: invocation.argument('tag'),
  })
  if (output.format === 'json') output.json({ records, missing, count: records.length })
  else {
    output.result(recordTable(records, output))
    for (const id of missing) output.warn(`there is no record ${oneLine(id.slice(0, 80))}`)
  }
  return missing.length > 0 ? 5 : 0
}
