/** `show`: everything known about one record. */
import type { ViewOf } from '../../app/index.ts'
import { ask } from '../ask.ts'
import type { Invocation } from '../invocation.ts'
import { oneLine } from '../present/terminal.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const view = await ask(invocation, 'show', { id: invocation.argument('id') })
  if (output.format === 'json') return output.json(view)
  for (const [title, text] of linesOf(view))
    output.result(`${output.style.dim(title.padEnd(11))} ${oneLine(text)}`)
}

function linesOf(view: ViewOf<'show'>): [string, string][] {
  const { record, entity } = view
  const lines: [string, string][] = []
  if (record) {
    lines.push(
      ['what', `${record.name} ${record.text}`],
      ['when', record.end ? `${record.at} to ${record.end}` : record.at],
    )
    if (record.original)
      lines.push(['as given', `${JSON.stringify(record.original.value)} ${record.original.unit}`])
    lines.push(['source', record.source])
    if (record.note !== null) lines.push(['note', record.note])
    if (record.context !== null) lines.push(['context', record.context])
    if (record.tags.length > 0) lines.push(['tags', record.tags.join(', ')])
    if (record.flags.length > 0) lines.push(['marks', record.flags.join(', ')])
  }
  if (entity) {
    lines.push(['what', entity.type])
    for (const [name, value] of Object.entries(entity.fields)) {
      if (value !== null) lines.push([name, typeof value === 'string' ? value : JSON.stringify(value)])
    }
  }
  for (const { id, label } of view.imports) lines.push(['import', `${id} (${label})`])
  for (const { id, name, bytes } of view.attachments)
    lines.push(['attachment', `${id} ${name}, ${bytes} bytes`])
  for (const [name, value] of Object.entries(view.meta)) lines.push([name, value])
  lines.push(['id', record?.id ?? entity?.id ?? ''])
  return lines
}
