/** `import formats`: what can be read, where people get it, what it becomes, and what it was tested with. */
import { importFormats } from '../../../app/index.ts'
import type { Invocation } from '../../invocation.ts'

/** Names listed of what a format maps. */
const listed = 6

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const formats = await importFormats()
  if (output.format === 'json') return output.json({ formats, count: formats.length })
  if (output.format === 'ndjson') return output.ndjson(formats)
  for (const { name, title, needs, whereToGet, maps, testedWith } of formats) {
    output.result(`${output.style.strong(name)}  ${title}`)
    output.result(`  needs:  ${needs}`)
    output.result(`  where:  ${whereToGet}`)
    const more = maps.length > listed ? ` and ${maps.length - listed} more` : ''
    if (maps.length > 0) output.result(`  maps:   ${maps.slice(0, listed).join(', ')}${more}`)
    for (const { kind, what } of testedWith) output.result(`  tested: ${what} (${kindLabels[kind]})`)
  }
}

const kindLabels = {
  real: 'real exports',
  specification: "made to the maker's definition",
  generated: 'generated',
} as const
