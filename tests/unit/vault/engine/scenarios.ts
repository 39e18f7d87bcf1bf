/** What crash tests do to a vault, by name: run in a process that is killed, and once more in one that is not. */
import type { Database } from 'better-sqlite3'
import { emptyChange } from '../../../../src/records/index.ts'
import { encodeChange } from '../../../../src/vault/engine/change-codec.ts'
import type { RecordVault } from '../../../../src/vault/engine/vault.ts'
import { blockOf, entryOf, putIntoInbox, rowOf, seriesOf } from './test-vault.ts'

export const scenarioStart = Date.UTC(2026, 2, 1)
const t0 = scenarioStart
const series = seriesOf('heart_rate', 'Watch')

const heartRates = (from: number, count: number) =>
  blockOf(
    series,
    Array.from({ length: count }, (_, i) => rowOf(t0 + (from + i) * 1000, 60 + ((from + i) % 5))),
  )

const chunkOf = (from: number, count: number) => ({
  blocks: [heartRates(from, count)],
  raw: [{ type: 'X', where: `x:${from}`, startMs: t0, text: `raw ${from}` }],
  attachments: [],
  operations: [
    { kind: 'entity', type: 'import', id: 'first', field: 'consumed', value: from + count },
  ] as const,
  consumed: from + count,
})

/** The vault that every scenario begins with. */
export function prepare(vault: RecordVault, sqlite: Database): void {
  vault.write(entryOf('weight', t0, 80))
  vault.importSink('first').write(chunkOf(0, 3000))
  vault.write(entryOf('weight', t0 + 1000, 81))
  vault.resolvedDays('heart_rate')
  putIntoInbox(sqlite, encodeChange(entryOf('weight', t0 + 5000, 79)))
  putIntoInbox(sqlite, encodeChange({ ...emptyChange, label: 'import', blocks: [heartRates(9000, 10)] }))
}

/** Each may be run again after it was interrupted. */
export const scenarios: Readonly<Record<string, (vault: RecordVault) => unknown>> = {
  log: (vault) => vault.write(entryOf('weight', t0 + 2000, 82)),
  import: (vault) => vault.importSink('first').write(chunkOf(2000, 20_000)),
  edit(vault) {
    const ref = vault.locate(vault.latest({ metric: 'weight' }, 1)[0]?.id ?? '')?.ref
    if (ref === undefined) throw new Error('not located')
    const operation = { kind: 'observation', ref, field: 'values', value: [90] } as const
    vault.write({ ...emptyChange, label: 'edit', operations: [operation] })
  },
  withdraw(vault) {
    if (vault.entity('import', 'first')?.fields['withdrawn'] !== true) vault.withdrawImport('first')
  },
  attach: (vault) =>
    vault.write({
      ...emptyChange,
      label: 'attach',
      attachments: [
        { id: 'a', name: 'x.pdf', mediaType: 'application/pdf', bytes: new Uint8Array(2_500_000).fill(3) },
      ],
    }),
  drain: (vault) => vault.drainInbox(),
  rebuild: (vault) => vault.rebuild(),
  compact: (vault) => vault.compact(),
}
