/** The catalogue of metrics: names, units, conversions, bounds. */
export { type BoundsViolation, checkBounds } from './bounds.ts'
export { metrics } from './catalogue/all.ts'
export { decimalText } from './decimal.ts'
export { decimalsFor, differenceIn, displayUnit, formatValue, shownNumber, unitLabel } from './display.ts'
export {
  collectionOf,
  findByLoinc,
  findMetric,
  type LoincMatch,
  loincFor,
  metricById,
  suggestMetrics,
  symptomMetricId,
} from './find.ts'
export { type ParsedQuantity, parseQuantity } from './quantity.ts'
export * from './types.ts'
export { conversion, fromCanonical, resolveUnit, resolveUnitWithUcum, toCanonical } from './unit.ts'
