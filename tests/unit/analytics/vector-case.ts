import { expect } from 'vitest'
import { runMethod } from '../../../src/analytics/index.ts'

/** One case of a reference vector file: expected numbers from R, scipy, statsmodels or a publication. */
export interface VectorCase {
  readonly name: string
  readonly input: Record<string, unknown>
  readonly options: Record<string, unknown>
  readonly expected: Record<string, unknown>
  readonly tolerance: Tolerance & { readonly fields?: Record<string, Tolerance> }
  readonly source?: string
}

interface Tolerance {
  readonly rel: number
  readonly abs: number
}

export interface VectorFile {
  readonly method: string
  readonly cases: readonly VectorCase[]
}

/** Walks `expected`; extra fields of the result are ignored, null means "not a number". */
export function expectCase(method: string, vector: VectorCase): void {
  const result = runMethod(method, vector.input, vector.options)
  for (const [key, value] of Object.entries(vector.expected)) expectValue(result[key], value, key, vector)
}

function expectValue(got: unknown, want: unknown, path: string, vector: VectorCase): void {
  const where = `${vector.name} ${path}`
  if (want === null)
    expect(got === null || got === undefined, `${where} is not computable, got ${got}`).toBe(true)
  else if (typeof want === 'number') {
    const { rel, abs } = vector.tolerance.fields?.[path] ?? vector.tolerance
    expect(typeof got, where).toBe('number')
    expect(Math.abs((got as number) - want), `${where}: ${got} for ${want}`).toBeLessThanOrEqual(
      abs + rel * Math.abs(want),
    )
  } else if (Array.isArray(want)) {
    expect(got, where).toHaveLength(want.length)
    want.forEach((item, i) => {
      expectValue((got as unknown[])[i], item, path, vector)
    })
  } else if (typeof want === 'object') {
    for (const [key, value] of Object.entries(want)) {
      expectValue((got as Record<string, unknown> | undefined)?.[key], value, `${path}.${key}`, vector)
    }
  } else expect(got, where).toBe(want)
}
