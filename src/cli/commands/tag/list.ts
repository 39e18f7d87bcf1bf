/** `tag list`. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { oneLine } from '../../present/terminal.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const { tags } = await ask(invocation, 'tag', { action: 'list' })
  if (output.format === 'json') return output.json({ tags, count: tags.length })
  if (output.format === 'ndjson') return output.ndjson(tags)
  if (tags.length === 0) return output.note('No tags yet: healthmate tag add NAME ID.')
  for (const { tag, count } of tags) output.result(`${String(count).padStart(6)}  ${oneLine(tag)}`)
}
