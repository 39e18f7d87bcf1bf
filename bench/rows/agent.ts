/** `list` and `trend` through the unlock agent, whole processes, on the largest vault. */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Bench, largest, type RowGroup, sized } from '../bench.ts'
import { interleaved } from '../measure.ts'
import { outputOfNode, programPath, timeEmptyNode, timeNode } from '../process.ts'
import { type Measurement, ratioTarget } from '../result.ts'
import { decadeVault, environmentOf, passphraseFile } from '../test-vault.ts'

const rounds = 21
const period = ['--from', '2016-03-01', '--to', '2026-02-28']

export const agentRows: RowGroup = {
  names: ['list-agent', 'trend-agent'],
  async run(bench) {
    const at = await decadeVault(bench, largest(bench))
    const environment = environmentOf(at)
    mkdirSync(join(dirname(at.path), 'run'), { recursive: true, mode: 0o700 })
    const program = programPath(bench.root)
    outputOfNode([program, 'unlock', '--for', '1h', '--passphrase-file', passphraseFile(at)], environment)
    try {
      const list = [program, 'list', 'heart_rate', '--limit', '20', '--json']
      const trend = [program, 'trend', 'steps', ...period, '--json']
      const listed = JSON.parse(outputOfNode(list, environment))
      const trended = JSON.parse(outputOfNode(trend, environment))
      if (listed.count !== 20 || !(trended.n > 3000)) throw new Error('list or trend answered something else')
      return [
        await measured(bench, 'list-agent', () => timeNode(list, environment)),
        await measured(bench, 'trend-agent', () => timeNode(trend, environment)),
      ]
    } finally {
      outputOfNode([program, 'lock'], environment)
    }
  },
}

async function measured(bench: Bench, name: string, run: () => Promise<number>): Promise<Measurement> {
  const { value, baseline, ratio } = await interleaved(rounds, run, timeEmptyNode)
  const size = largest(bench)
  const what = name === 'list-agent' ? 'list heart_rate' : 'trend steps over ten years'
  const about = `healthmate ${what} through the agent, ${size} samples, whole process, against node -e 0`
  return { name: sized(name, size), value, unit: 'ms', baseline, ratio, target: ratioTarget('<=', 4), about }
}
