/** `tag add` and `tag rm`. */
import type { RecordView } from '../../../app/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { recordTable } from '../../present/record-table.ts'

export async function changeTags(invocation: Invocation, action: 'add' | 'rm'): Promise<void> {
  const { output } = invocation
  const records: RecordView[] = []
  for (const id of invocation.arguments('id')) {
    const view = await ask(invocation, 'tag', { action, id, tags: [invocation.argument('tag')] })
    if (view.record) records.push(view.record)
  }
  if (output.format === 'json') output.json({ records, count: records.length })
  else output.result(recordTable(records, output))
}
