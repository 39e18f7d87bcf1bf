/** `export FORMAT --out PATH`: records leave the vault. */
import { resolve } from 'node:path'
import type { ExportFormat } from '../../app/index.ts'
import { Failure } from '../../foundation/index.ts'
import { ask } from '../ask.ts'
import type { Invocation } from '../invocation.ts'
import { counted } from '../present/count.ts'
import { oneLine } from '../present/terminal.ts'
import { periodOf } from '../when.ts'

const formats: readonly ExportFormat[] = ['csv', 'ndjson', 'fhir', 'gdpr']

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const format = formatOf(invocation.argument('format'))
  const out = invocation.text('out')
  if (out === undefined) {
    const example = format === 'gdpr' ? 'my-data.zip' : `records.${format === 'fhir' ? 'json' : format}`
    throw new Failure('USAGE', 'where should it go?', {
      hint: `healthmate export ${format} --out ${example}`,
    })
  }
  if (out === '-' && output.format !== 'human') {
    throw new Failure('USAGE', '--json and --out - both write to standard output', {
      hint: 'Give --out a file.',
    })
  }
  const { fromMs, toMs } = await periodOf(invocation)
  const view = await ask(invocation, 'export', {
    format,
    out: out === '-' ? out : resolve(out),
    only: invocation.texts('only'),
    force: invocation.flag('force'),
    dryRun: invocation.flag('dry-run'),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  })
  if (output.format === 'json') return output.json(view)
  const { observations, entities, raw, attachments } = view.records
  const parts = [
    counted(observations, 'measurement'),
    ...(entities > 0 ? [counted(entities, 'entry', 'entries')] : []),
    ...(raw > 0 ? [counted(raw, 'raw record')] : []),
    ...(attachments > 0 ? [counted(attachments, 'file')] : []),
  ]
  const bytes = view.files.reduce((sum, file) => sum + file.bytes, 0)
  const size = `${(bytes / 1e6).toFixed(1)} MB`
  if (view.dryRun) output.note(`Would write ${parts.join(', ')}, ${size}`)
  else output.note(`Wrote ${parts.join(', ')} to ${oneLine(out === '-' ? 'standard output' : out)}, ${size}`)
  for (const note of view.notes) output.note(oneLine(note))
  if (!view.dryRun && out !== '-')
    output.note('This file is not encrypted: keep it where only you can read it.')
}

function formatOf(text: string): ExportFormat {
  const found = formats.find((one) => one === text.toLowerCase())
  if (found) return found
  throw new Failure('USAGE', `there is no export format "${text.slice(0, 40)}"`, {
    hint: `Formats: ${formats.join(', ')}.`,
  })
}
