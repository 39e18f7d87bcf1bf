import { describe, expect, it } from 'vitest'
import { checkObservation, maxInstantMs, minInstantMs, observationFault } from '../../../src/records/index.ts'

const valid = { startMs: 0, durationMs: 0, offsetMin: 60, values: [1] }

describe('what may enter a vault', () => {
  it.each([
    valid,
    { ...valid, startMs: minInstantMs },
    { ...valid, startMs: maxInstantMs - 1 },
    { ...valid, offsetMin: -1080 },
    { ...valid, values: [-0, 5e-324] },
  ])('includes %j', (row) => {
    expect(observationFault(row)).toBeNull()
    expect(() => checkObservation(row)).not.toThrow()
  })

  it.each([
    [{ ...valid, startMs: 0.5 }, 'DATE'],
    [{ ...valid, startMs: Number.NaN }, 'DATE'],
    [{ ...valid, startMs: minInstantMs - 1 }, 'DATE'],
    [{ ...valid, startMs: maxInstantMs }, 'DATE'],
    [{ ...valid, durationMs: -1 }, 'DATE'],
    [{ ...valid, durationMs: Number.POSITIVE_INFINITY }, 'DATE'],
    [{ ...valid, startMs: maxInstantMs - 5, durationMs: 5 }, 'DATE'],
    [{ ...valid, offsetMin: 1081 }, 'DATE'],
    [{ ...valid, offsetMin: 0.5 }, 'DATE'],
    [{ ...valid, values: [] }, 'VALUE'],
    [{ ...valid, values: [1, Number.NaN] }, 'VALUE'],
    [{ ...valid, values: [Number.POSITIVE_INFINITY] }, 'VALUE'],
  ] as const)('does not include %j', (row, code) => {
    expect(observationFault(row)?.code).toBe(code)
    expect(() => checkObservation(row)).toThrow(expect.objectContaining({ code }))
  })
})
