/** `doctor`: checks the installation. Its output holds no names, paths or values: it is safe to paste in public. */
import { doctorReport } from '../../app/index.ts'
import type { Invocation } from '../invocation.ts'
import { oneLine } from '../present/terminal.ts'
import { setupOf } from '../setup.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { output } = invocation
  const { paths, vaultPath } = setupOf(invocation)
  const checks = await doctorReport(paths, vaultPath)
  const bad = checks.filter((check) => check.state === 'bad').length
  if (output.format === 'json') output.json({ healthy: bad === 0, checks })
  else {
    const { style } = output
    for (const { state, what, detail, hint } of checks) {
      const mark =
        state === 'ok' ? style.good('ok  ') : state === 'note' ? style.warning('note') : style.bad('bad ')
      output.result(`${mark} ${oneLine(`${what}: ${detail}${hint === null ? '' : ` → ${hint}`}`)}`)
    }
    output.note(bad === 0 ? 'Nothing is wrong.' : `${bad} to mend.`)
  }
  return bad === 0 ? 0 : 1
}
