/**
 * How often `trend` claims a direction or a shift: on noise (false claims, wanted ≤ 5 %) and on real trends (power).
 * Prints JSON lines. `node bench/trend-power.mjs [runs]`. Seeded: the same numbers every time.
 *
 * The sources are TypeScript, so they are bundled into memory first.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'rolldown'

const runs = Number(process.argv[2] ?? 400)
const { trendOf } = await loadInsight()
const options = {
  metric: 'weight',
  name: 'Weight',
  unit: 'kg',
  format: { value: (v) => `${v.toFixed(1)} kg`, change: (v) => `${v.toFixed(2)} kg` },
}

for (const n of [5, 8, 14, 21, 30, 60, 90, 180, 400]) {
  for (const phi of [0, 0.3, 0.5, 0.7]) {
    // Change over the whole period in standard deviations of the noise; 0 is noise alone.
    for (const change of [0, 0.5, 1, 2, 4]) measure({ kind: 'trend', n, phi, change })
    for (const change of [1, 2, 3]) measure({ kind: 'step', n, phi, change })
  }
}

function measure({ kind, n, phi, change }) {
  const normal = seededNormal(n * 1000 + phi * 100 + change * 10 + (kind === 'step' ? 7 : 0))
  const counts = { rising: 0, falling: 0, steady: 0, unclear: 0 }
  let shifted = 0
  for (let run = 0; run < runs; run++) {
    const noise = autoregressive(n, phi, normal)
    const value = noise.map((v, i) => v + (kind === 'step' ? (i >= n / 2 ? change : 0) : (change * i) / n))
    const result = trendOf({ day: Int32Array.from(value, (_, i) => 20_000 + i), value }, options)
    counts[result.direction]++
    if (result.changePoints.length > 0) shifted++
  }
  const share = (count) => Number((count / runs).toFixed(3))
  const directions = Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, share(count)]))
  process.stdout.write(
    `${JSON.stringify({ kind, n, phi, change, runs, ...directions, shifted: share(shifted) })}\n`,
  )
}

/** Unit-variance first-order autoregressive noise. */
function autoregressive(n, phi, normal) {
  const out = new Float64Array(n)
  let value = normal()
  for (let i = 0; i < n; i++) {
    out[i] = value
    value = phi * value + Math.sqrt(1 - phi * phi) * normal()
  }
  return out
}

/** Mulberry32 and Box-Muller. */
function seededNormal(seed) {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

async function loadInsight() {
  const folder = mkdtempSync(join(tmpdir(), 'healthmate-bench-'))
  try {
    const file = join(folder, 'insight.mjs')
    const input = join(import.meta.dirname, '../src/insight/index.ts')
    await build({ input, platform: 'node', output: { file, format: 'esm' }, logLevel: 'warn' })
    return await import(pathToFileURL(file).href)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
