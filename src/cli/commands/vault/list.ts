/** `vault list`: the vaults that have a name, and the default one. */
import { existsSync } from 'node:fs'
import { defaultVaultPath } from '../../../app/index.ts'
import type { Invocation } from '../../invocation.ts'
import { renderTable } from '../../present/table.ts'
import { oneLine } from '../../present/terminal.ts'
import { setupOf } from '../../setup.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const { paths, config, vaultPath } = setupOf(invocation)
  const named = [...config.vaults()].map(([name, path]) => ({ name, path }))
  const byDefault = defaultVaultPath(paths)
  const all = named.some(({ path }) => path === byDefault)
    ? named
    : [{ name: 'default', path: byDefault }, ...named]
  const vaults = all.map((one) => ({ ...one, exists: existsSync(one.path), current: one.path === vaultPath }))
  if (output.format === 'json') return output.json({ vaults, count: vaults.length })
  if (output.format === 'ndjson') return output.ndjson(vaults)
  const rows = vaults.map((one) => [
    `${one.current ? '* ' : '  '}${oneLine(one.name)}`,
    oneLine(one.path),
    one.exists ? '' : 'not made yet',
  ])
  const columns = [{ title: 'name' }, { title: 'file', flexible: true }, { title: '' }]
  output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
}
