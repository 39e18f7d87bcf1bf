/** `vault compact`. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const view = await ask(invocation, 'vault.compact', {})
  if (output.format === 'json') return output.json(view)
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
  output.result(`${megabytes(view.bytesBefore)} before, ${megabytes(view.bytesAfter)} now`)
  output.note(
    `${view.prunedBatches} batches are covered by snapshots; their headers stay, so the chains still verify.`,
  )
}
