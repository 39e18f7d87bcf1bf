/** `import formats`: what can be read and where people get it. */

import { importFormats } from '../../../app/index.ts'
import type { Invocation } from '../../invocation.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const formats = await importFormats()
  if (output.format === 'json') return output.json({ formats, count: formats.length })
  if (output.format === 'ndjson') return output.ndjson(formats)
  for (const format of formats) {
    output.result(`${output.style.strong(format.name)}  ${format.title}`)
    output.result(`  needs: ${format.needs}`)
    output.result(`  where: ${format.whereToGet}`)
  }
}
