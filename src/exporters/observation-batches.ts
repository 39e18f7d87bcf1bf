/**
 * The observations of a metric in batches, ascending by start, in bounded memory.
 *
 * `RecordSource.scan` runs to its end without waiting, a sink may need to be waited for. So the time that a metric
 * covers is cut into windows that hold about one batch each by the directory's counts; a window that turns out too
 * full is cut again where its observations lie. Every observation starts in exactly one window.
 */
import { Failure } from '../foundation/index.ts'
import { conversion, metricById } from '../metrics/index.ts'
import {
  type CanonicalUnit,
  type Observation,
  observationAt,
  type Period,
  type RecordSource,
  type SeriesKey,
} from '../records/index.ts'
import { anyTime } from './selection.ts'

/** Observations per batch, at most twice as many; about 20 MB. */
export const batchSize = 32_768

/** Batches of the observations of `metric` that start in `period`. */
export function* observationBatches(
  source: RecordSource,
  metric: string,
  period: Period = anyTime,
): Generator<readonly Observation[]> {
  for (const window of windowsOf(source, metric, period)) yield* windowBatches(source, metric, window)
}

/** Windows that touch each other and cover the whole period, whatever the directory says. */
function windowsOf(source: RecordSource, metric: string, period: Period): readonly Period[] {
  let count = 0
  let firstMs = Number.POSITIVE_INFINITY
  let lastMs = Number.NEGATIVE_INFINITY
  for (const info of source.series(metric)) {
    count += info.count
    firstMs = Math.min(firstMs, info.firstMs)
    lastMs = Math.max(lastMs, info.lastMs)
  }
  const pieces = Math.ceil(count / batchSize)
  if (pieces <= 1) return [period]
  const cuts = [period.fromMs]
  for (let piece = 0; piece <= pieces; piece++) {
    const cut = Math.floor(firstMs + ((lastMs + 1 - firstMs) * piece) / pieces)
    if (cut > (cuts.at(-1) as number) && cut < period.toMs) cuts.push(cut)
  }
  return cuts.map((fromMs, index) => ({ fromMs, toMs: cuts[index + 1] ?? period.toMs }))
}

function* windowBatches(
  source: RecordSource,
  metric: string,
  window: Period,
): Generator<readonly Observation[]> {
  const { batch, sample } = readWindow(source, metric, window)
  if (sample === undefined) {
    if (batch.length > 0) yield batch
    return
  }
  const cuts = [window.fromMs, ...cutsWithin(window, sample), window.toMs]
  for (let piece = 0; piece + 1 < cuts.length; piece++) {
    yield* windowBatches(source, metric, { fromMs: cuts[piece] as number, toMs: cuts[piece + 1] as number })
  }
}

/** One start in this many is remembered, to cut a window that is too full where its observations lie. */
const sampleEvery = 16

/** The window's observations; where they are too many and the window can be cut, a sample of their starts instead. */
function readWindow(
  source: RecordSource,
  metric: string,
  window: Period,
): { readonly batch: readonly Observation[]; readonly sample?: Float64Array } {
  const { fromMs, toMs } = window
  const limit = toMs - fromMs > 1 ? 2 * batchSize : Number.POSITIVE_INFINITY
  const batch: Observation[] = []
  const sample: number[] = []
  let count = 0
  source.scan(queryOf(metric, window), (part) => {
    const { columns } = part
    const canonical = canonicalUnit(part.series)
    for (let row = 0; row < columns.length; row++) {
      // An interval that began earlier reaches into the window, but belongs to where it starts.
      const startMs = columns.startMs[row] as number
      if (startMs < fromMs || startMs >= toMs) continue
      if (count++ % sampleEvery === 0) sample.push(startMs)
      if (count <= limit) batch.push(observationAt(part, row, canonical))
    }
  })
  if (count > limit) return { batch: [], sample: Float64Array.from(sample).sort() }
  return { batch: batch.sort(byStart) }
}

/** Cuts between `window.fromMs` and `window.toMs` that leave about one batch between them; at least one. */
function cutsWithin({ fromMs, toMs }: Period, sample: Float64Array): readonly number[] {
  const cuts: number[] = []
  for (let i = batchSize / sampleEvery; i < sample.length; i += batchSize / sampleEvery) {
    const cut = sample[i] as number
    if (cut > (cuts.at(-1) ?? fromMs)) cuts.push(cut)
  }
  if (cuts.length > 0) return cuts
  // Nearly everything starts in one millisecond: it gets a window of its own.
  const crowded = sample[0] as number
  return [crowded, crowded + 1].filter((cut) => cut > fromMs && cut < toMs)
}

function byStart(a: Observation, b: Observation): number {
  return a.startMs - b.startMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

function queryOf(metric: string, window: Period): { readonly metric: string; readonly period?: Period } {
  return window === anyTime ? { metric } : { metric, period: window }
}

/** Where the catalogue knows no way to the canonical unit, the numbers stay in their own unit. */
function canonicalUnit(series: SeriesKey): CanonicalUnit {
  const metric = metricById(series.metric)
  const own = { unit: series.unit, conversion: { factor: 1, offset: 0 } }
  if (metric === undefined) return own
  try {
    return { unit: metric.unit, conversion: conversion(metric.id, series.unit) }
  } catch (failure) {
    if (failure instanceof Failure && failure.code === 'UNIT') return own
    throw failure
  }
}
