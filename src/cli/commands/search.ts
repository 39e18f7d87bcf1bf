/** `search`: records and entities that hold all words. */
import { Failure } from '../../foundation/index.ts'
import { ask } from '../ask.ts'
import type { Invocation } from '../invocation.ts'
import { recordTable } from '../present/record-table.ts'
import { oneLine } from '../present/terminal.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const words = invocation.arguments('words').join(' ')
  const view = await ask(invocation, 'search', { words, limit: invocation.count('limit', 1) ?? 50 })
  if (output.format === 'json') return output.json(view)
  if (output.format === 'ndjson') return output.ndjson([...view.records, ...view.entities])
  if (view.count === 0) {
    throw new Failure('NOT_FOUND', `nothing holds "${words.slice(0, 60)}"`, {
      hint: 'Try fewer or shorter words.',
    })
  }
  if (view.records.length > 0) output.result(recordTable(view.records, output))
  for (const entity of view.entities) {
    const fields = Object.entries(entity.fields).filter(([, value]) => typeof value === 'string')
    output.result(
      `${entity.type} ${entity.id}  ${oneLine(fields.map(([name, value]) => `${name}: ${value}`).join(', '))}`,
    )
  }
}
