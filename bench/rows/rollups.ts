/** Questions over ten years: the same time whatever the number of samples. */

import { useCases } from '../../src/app/index.ts'
import { asked, type Context } from '../asked-vault.ts'
import { type Bench, largest, type RowGroup, sizes } from '../bench.ts'
import { days, firstDay } from '../data/decade.ts'
import { interleaved } from '../measure.ts'
import { type Measurement, ratioTarget } from '../result.ts'
import { decadeVault, type TestVault } from '../test-vault.ts'

const rounds = 15
const range = { fromDay: firstDay, toDay: firstDay + days - 1 }

export const rollupRows: RowGroup = {
  names: ['rollup-years-trend', 'rollup-years-summary'],
  async run(bench) {
    const [smallest] = Object.keys(sizes) as (keyof typeof sizes)[]
    const small = await decadeVault(bench, smallest ?? '100k')
    const large = await decadeVault(bench, largest(bench))
    const trend = await useCases.trend.load()
    const summary = await useCases.summary.load()
    return [
      await compared(bench, 'rollup-years-trend', small, large, async (context) => {
        const { n } = await trend.run(context, { metric: 'steps', ...range })
        if (n !== days) throw new Error(`the trend has ${n} of ${days} days`)
      }),
      await compared(bench, 'rollup-years-summary', small, large, async (context) => {
        const { groups } = await summary.run(context, range)
        const metrics = groups.flatMap((group) => group.metrics)
        if (metrics.length < 5) throw new Error(`the summary has ${metrics.length} metrics`)
      }),
    ]
  },
}

async function compared(
  bench: Bench,
  name: string,
  small: TestVault,
  large: TestVault,
  ask: (context: Context) => Promise<void>,
): Promise<Measurement> {
  // The first question compiles the code for both.
  await asked(small, ask)
  await asked(large, ask)
  const { value, baseline, ratio } = await interleaved(
    rounds,
    () => asked(large, ask),
    () => asked(small, ask),
  )
  const about = `${name.split('-').at(-1)} over ten years, ${largest(bench)} samples against 100k, vault just opened`
  return { name, value, unit: 'ms', baseline, ratio, target: ratioTarget('<=', 1.3), about }
}
