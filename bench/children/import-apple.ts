/** A process that imports an export (first argument) into a new vault below a folder (second), and reports. */
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { openInput, runImport } from '../../src/importers/index.ts'
import { peakMemoryKiB } from '../process.ts'
import { newVault, vaultBytes } from '../test-vault.ts'

const [file = '', scratch = ''] = process.argv.slice(2)
const { at, vault } = await newVault(scratch, `import-${process.pid}`)
const start = performance.now()
const input = await openInput([file], { stdin: process.stdin })
const report = await runImport({
  input,
  importer: 'apple-health',
  sink: vault.importSink('bench-import'),
  options: { importId: 'bench-import' },
})
await input.close()
const kept = vault.info().observations
vault.close()
const ms = performance.now() - start
if (kept !== report.imported) throw new Error(`the vault holds ${kept} of ${report.imported} observations`)
const maxRssKiB = peakMemoryKiB()
const bytesPerSample = vaultBytes(at) / kept
rmSync(dirname(at.path), { recursive: true })
process.stdout.write(JSON.stringify({ ms, records: report.read, maxRssKiB, kept, bytesPerSample }))
