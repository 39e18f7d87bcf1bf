/** `write`, `size` and `scan`: the vault against a plaintext SQLite table of the same samples. */
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Bench, type RowGroup, type SizeName, sized, sizes } from '../bench.ts'
import { decade } from '../data/decade.ts'
import { importId } from '../data/rows.ts'
import { interleaved, timed } from '../measure.ts'
import { type DailyAggregates, PlainTable } from '../plain-table.ts'
import { type Measurement, ratioTarget, valueTarget } from '../result.ts'
import { aggregateVault } from '../scan-vault.ts'
import { importBlocks, newVault, reopen, type TestVault, vaultBytes } from '../test-vault.ts'

export const storageRows: RowGroup = {
  names: ['write', 'size', 'scan'],
  async run(bench) {
    const rows: Measurement[] = []
    for (const size of bench.sizes) rows.push(...(await measureSize(bench, size)))
    return rows
  },
}

/** Small sizes vary more and cost less. */
const rounds: Readonly<Record<SizeName, number>> = { '100k': 7, '1m': 5, '10m': 3 }

async function measureSize(bench: Bench, size: SizeName): Promise<Measurement[]> {
  bench.note(`generating ${size} samples`)
  const blocks = [...decade(sizes[size])]
  const samples = blocks.reduce((sum, { columns }) => sum + columns.length, 0)
  const plainPath = join(bench.scratch, `plain-${size}.db`)
  let plain: PlainTable | undefined
  let at: TestVault | undefined
  bench.note(`writing ${samples} samples, ${rounds[size]} times each way`)
  const write = await interleaved(
    rounds[size],
    async () => {
      if (at) rmSync(dirname(at.path), { recursive: true })
      const { at: place, vault } = await newVault(bench.scratch, `write-${size}`)
      at = place
      const elapsed = await timed(() => {
        const added = importBlocks(vault.importSink(importId), blocks)
        if (added !== samples) throw new Error(`the vault took ${added} of ${samples} samples`)
        vault.settle()
      })
      vault.close()
      return elapsed
    },
    async () => {
      plain?.close()
      for (const end of ['', '-wal', '-shm']) rmSync(plainPath + end, { force: true })
      plain = new PlainTable(plainPath)
      return timed(() => plain?.insert(blocks))
    },
  )
  if (at === undefined || plain === undefined) throw new Error('nothing was written')
  const bytes = { vault: vaultBytes(at), plain: plain.size() }
  bench.note(`scanning ${samples} samples, ${rounds[size] + 2} times each way`)
  const scan = await measureScan(at, plain, rounds[size] + 2, samples)
  plain.close()
  rmSync(plainPath)
  rmSync(dirname(at.path), { recursive: true })
  const rate = (elapsedMs: number): number => samples / elapsedMs / 1000
  return [
    {
      name: sized('write', size),
      value: rate(write.value),
      unit: 'M samples/s',
      baseline: rate(write.baseline),
      ratio: 1 / write.ratio,
      target: ratioTarget('>=', 2),
      about:
        'import into a vault, log, segments, daily and resolved values, against inserts into a plain table',
    },
    {
      name: sized('size', size),
      value: bytes.vault / samples,
      unit: 'bytes/sample',
      baseline: bytes.plain / samples,
      ratio: bytes.vault / bytes.plain,
      target: valueTarget('<=', 12),
      about: 'the vault file with all its tables, against the plain table',
    },
    {
      name: sized('scan', size),
      value: rate(scan.value),
      unit: 'M samples/s',
      baseline: rate(scan.baseline),
      ratio: 1 / scan.ratio,
      target: ratioTarget('>=', 4),
      about:
        'decrypt, decode, daily count, sum, least and greatest of all series, against GROUP BY; results equal',
    },
  ]
}

async function measureScan(at: TestVault, plain: PlainTable, times: number, samples: number) {
  const vault = await reopen(at)
  try {
    assertEqualDays(aggregateVault(vault), plain.aggregate(), samples)
    return await interleaved(
      times,
      async () => timed(() => aggregateVault(vault)),
      async () => timed(() => plain.aggregate()),
    )
  } finally {
    vault.close()
  }
}

/** Sums may differ in the last digits: SQLite adds with compensation (Kahan-Babuška-Neumaier since 3.43). */
function assertEqualDays(vault: DailyAggregates, plain: DailyAggregates, samples: number): void {
  let counted = 0
  for (const [key, { count, sum, min, max }] of plain) {
    counted += count
    const day = vault.get(key)
    const isEqual =
      day?.count === count &&
      day.min === min &&
      day.max === max &&
      Math.abs(day.sum - sum) <= 1e-9 * Math.max(1, Math.abs(sum))
    if (!isEqual) throw new Error(`the aggregates of ${key} differ`)
  }
  if (counted !== samples || vault.size !== plain.size)
    throw new Error('the aggregates differ in what they count')
}
