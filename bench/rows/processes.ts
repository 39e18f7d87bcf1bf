/** Whole processes that need no key: `--version`, and `log` on a locked vault. */
import { existsSync } from 'node:fs'
import { openLocked } from '../../src/vault/index.ts'
import type { RowGroup } from '../bench.ts'
import { interleaved } from '../measure.ts'
import { outputOfNode, programPath, timeEmptyNode, timeNode } from '../process.ts'
import { ratioTarget } from '../result.ts'
import { environmentOf, newVault } from '../test-vault.ts'

const rounds = 31

export const versionRow: RowGroup = {
  names: ['version'],
  async run({ root }) {
    const program = programPath(root)
    const printed = outputOfNode([program, '--version']).trim()
    if (!/^\d+\.\d+\.\d+/.test(printed)) throw new Error(`--version printed ${printed}`)
    const { value, baseline, ratio } = await interleaved(
      rounds,
      () => timeNode([program, '--version']),
      timeEmptyNode,
    )
    const about = 'healthmate --version, whole process, against node -e 0'
    return [{ name: 'version', value, unit: 'ms', baseline, ratio, target: ratioTarget('<=', 1.6), about }]
  },
}

export const lockedLogRow: RowGroup = {
  names: ['log-locked'],
  async run({ root, scratch }) {
    const { at, vault } = await newVault(scratch, 'locked')
    vault.close()
    const program = programPath(root)
    const environment = environmentOf(at)
    const log = () => timeNode([program, 'log', 'weight', '81.4kg'], environment)
    await log()
    const { value, baseline, ratio } = await interleaved(rounds, log, timeEmptyNode)
    const locked = openLocked(at.path, at.places)
    const { inboxEntries } = locked.info()
    locked.close()
    if (inboxEntries !== rounds + 1 || !existsSync(at.path))
      throw new Error(`${inboxEntries} entries were sealed`)
    const about =
      'healthmate log on a locked vault (sealed append, durable), whole process, against node -e 0'
    return [{ name: 'log-locked', value, unit: 'ms', baseline, ratio, target: ratioTarget('<=', 2.5), about }]
  },
}
