/** `vault info`. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { counted } from '../../present/count.ts'
import { renderTable } from '../../present/table.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const view = await ask(invocation, 'vault.info', {})
  if (output.format === 'json') return output.json(view)
  const count = (value: number): string => value.toLocaleString('en-US')
  output.result(`vault ${view.vaultId}`)
  output.result(
    `${counted(view.observations, 'measurement')} in ${count(view.series)} series, ${counted(view.entities, 'entry', 'entries')}`,
  )
  output.result(
    `${counted(view.batches, 'signed batch', 'signed batches')}, file of ${(view.fileBytes / 1e6).toFixed(1)} MB`,
  )
  output.result(`digest ${view.digest}`)
  const rows = view.collections
    .filter((one) => one.observations > 0)
    .map((one) => [one.name, count(one.observations)])
  const tables = view.tables
    .filter((one) => one.rows > 0)
    .map((one) => [one.name, count(one.rows), count(one.bytes)])
  const options = { width: output.width, style: output.style }
  const right = 'right' as const
  output.result(
    renderTable([{ title: 'collection' }, { title: 'measurements', align: right }], rows, options),
  )
  output.note(
    renderTable(
      [{ title: 'table' }, { title: 'rows', align: right }, { title: 'bytes', align: right }],
      tables,
      options,
    ),
  )
}
