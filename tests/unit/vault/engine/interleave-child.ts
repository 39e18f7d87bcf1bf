/** `node interleave-child.mjs <vault> <name> <writes>`: writes entries of its own, reading in between. */
import { entryOf, openTestVault } from './test-vault.ts'

const [path = '', name = '', writes = '0'] = process.argv.slice(2)
const { vault } = openTestVault(path)
const start = Date.UTC(2026, 0, 1)
for (let i = 0; i < Number(writes); i++) {
  vault.write(entryOf('weight', start + i * 60_000, 80, { extra: { key: `${name}-${i}` } }))
  if (i % 10 === 0) vault.resolvedDays('weight')
}
vault.close()
