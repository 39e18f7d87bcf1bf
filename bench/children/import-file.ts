/** A process that imports one export into a new vault, and reports. Its argument: `ImportTask` as JSON. */
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { openInput, runImport } from '../../src/importers/index.ts'
import type { ImportTask } from '../import-runs.ts'
import { peakMemoryKiB } from '../process.ts'
import { newVault, vaultBytes } from '../test-vault.ts'

const importId = 'bench-import'
const { path, scratch, importer, options }: ImportTask = JSON.parse(process.argv[2] ?? '')
const { at, vault } = await newVault(scratch, `import-${process.pid}`)
const start = performance.now()
const input = await openInput([path], { stdin: process.stdin })
const report = await runImport({
  input,
  importer,
  sink: vault.importSink(importId),
  options: { importId, zone: 'UTC', ...options },
})
await input.close()
const kept = vault.info().observations
vault.close()
const ms = performance.now() - start
const observations = Object.values(report.byMetric).reduce((sum, count) => sum + count, 0)
if (kept !== observations) throw new Error(`the vault holds ${kept} of ${observations} observations`)
if (report.refused > 0) throw new Error(`${report.refused} refused: ${JSON.stringify(report.refusals[0])}`)
const maxRssKiB = peakMemoryKiB()
const bytesPerSample = vaultBytes(at) / kept
rmSync(dirname(at.path), { recursive: true })
process.stdout.write(JSON.stringify({ ms, count: report.read, maxRssKiB, observations, bytesPerSample }))
