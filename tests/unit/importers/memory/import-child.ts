/** A process that imports a path (or standard input) into a vault file, and tells its report and its peak of memory. */
import { existsSync, readFileSync } from 'node:fs'
import { openInput, runImport } from '../../../../src/importers/index.ts'
import { openTestVault } from '../../vault/engine/test-vault.ts'

const [vaultPath = '', format = '', path = ''] = process.argv.slice(2)
const { vault } = openTestVault(vaultPath)
const input = await openInput([path], { stdin: process.stdin })
const { read, imported, refusals } = await runImport({
  input,
  importer: format,
  sink: vault.importSink('import1'),
  options: { importId: 'import1', zone: 'UTC' },
})
await input.close()
const kept = vault.info().observations
vault.close()
// `maxRSS` begins with that of the process that forked this one; the kernel's own mark begins anew with the program.
const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
const peakKiB = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS)
const maxRssMiB = peakKiB / 1024
process.stdout.write(JSON.stringify({ read, imported, refusals: refusals.length, kept, maxRssMiB }))
