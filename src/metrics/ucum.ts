/**
 * Any UCUM unit of the right kind, through @lhncbc/ucum-lhc. The library takes some 30 ms to load, so only a unit
 * that the catalogue does not list brings it in.
 *
 * Dimensionless units all convert into each other in UCUM (`%`, `{steps}`, `[ppm]`), and curly-brace annotations
 * count for nothing there; to a person they differ. Metrics of dimensionless units therefore take listed units only,
 * and annotations must agree.
 */
import { createRequire } from 'node:module'
import type { UcumUtils } from '@lhncbc/ucum-lhc'
import type { AcceptedUnit, Metric } from './types.ts'

let library: UcumUtils | undefined

export async function loadUcumLibrary(): Promise<UcumUtils> {
  library ??= (await import('@lhncbc/ucum-lhc')).UcumLhcUtils.getInstance()
  return library
}

/** For synchronous readers of series whose unit was resolved by an earlier process. */
export function requireUcumLibrary(): UcumUtils {
  if (!library) {
    const required: typeof import('@lhncbc/ucum-lhc') = createRequire(import.meta.url)('@lhncbc/ucum-lhc')
    library = required.UcumLhcUtils.getInstance()
  }
  return library
}

/** Annotations that only name what is counted. */
const neutralAnnotations = new Set(['{beats}', '{breaths}', '{beat}', '{breath}'])

/** UCUM allows `70kg` as a unit; in a quantity that is a second number and a mistake. Powers of ten are units. */
const hidesNumber = /^\d+(?![\d*^/])/

const maxCodeLength = 60

/** The unit that a UCUM code means for this metric, or undefined where it is none or of another kind. */
export function unitFromUcum(utils: UcumUtils, metric: Metric, text: string): AcceptedUnit | undefined {
  const code = validCode(utils, text)
  if (code === undefined) return undefined
  for (const accepted of metric.units) {
    if (isDimensionless(utils, accepted.ucum) || !sameAnnotations(code, accepted.ucum)) continue
    const affine = affineBetween(utils, code, accepted.ucum)
    if (!affine) continue
    return {
      ucum: code,
      spellings: [],
      label: code,
      factor: rounded(affine.factor * accepted.factor),
      offset: rounded(affine.offset * accepted.factor) + accepted.offset,
    }
  }
  return undefined
}

function validCode(utils: UcumUtils, text: string): string | undefined {
  const trimmed = text.trim().replace(/[µμ]/g, 'u')
  if (trimmed === '' || trimmed.length > maxCodeLength || /[^\x21-\x7e]/.test(trimmed)) return undefined
  if (hidesNumber.test(trimmed)) return undefined
  const answer = utils.validateUnitString(trimmed)
  return answer.status === 'valid' && answer.ucumCode ? answer.ucumCode : undefined
}

function isDimensionless(utils: UcumUtils, code: string): boolean {
  return utils.convertUnitTo(code, 1, '1').status === 'succeeded'
}

function sameAnnotations(a: string, b: string): boolean {
  return annotations(a) === annotations(b)
}

function annotations(code: string): string {
  const found = code.match(/\{[^}]*\}/g) ?? []
  return found
    .filter((annotation) => !neutralAnnotations.has(annotation))
    .sort()
    .join()
}

/** Far enough from zero that a zero point such as 273.15 takes no digits away from the factor. */
const farValue = 1e6

/** Two points give the line, a third one proves that it is one (decibels are not). */
function affineBetween(
  utils: UcumUtils,
  from: string,
  to: string,
): { readonly factor: number; readonly offset: number } | undefined {
  const at = (value: number) => {
    const { status, toVal } = utils.convertUnitTo(from, value, to)
    return status === 'succeeded' && toVal !== null && Number.isFinite(toVal) ? toVal : undefined
  }
  const [zero, far, between] = [at(0), at(farValue), at(1000)]
  if (zero === undefined || far === undefined || between === undefined) return undefined
  const factor = (far - zero) / farValue
  const isLine = Math.abs(zero + 1000 * factor - between) <= 1e-9 * Math.max(1e-12, Math.abs(between))
  return factor > 0 && isLine ? { factor, offset: zero } : undefined
}

/** The library computes through powers of ten and leaves noise in the last digits (10*3/uL → 0.9999999999999999). */
function rounded(value: number): number {
  return Number(value.toPrecision(13))
}
