/** docs/metrics.md says what the catalogue says. */
import { expect, it } from 'vitest'
import { metricsPage } from './metrics-page.ts'

it('docs/metrics.md is current', async () => {
  await expect(metricsPage()).toMatchFileSnapshot('../../../docs/metrics.md')
})
