/** Reading a vault: `RecordSource` over segments, rollups and entities. */
import { startDay } from '../../foundation/index.ts'
import {
  type Attachment,
  columnsToObservations,
  type DailyRollup,
  type Entity,
  type EntityType,
  type Observation,
  type ObservationQuery,
  type ObservationRef,
  observationAt,
  observationId,
  type Period,
  parseObservationId,
  type RawRecord,
  type RecordSource,
  type ResolvedDays,
  refOf,
  rowExtra,
  type SeriesColumns,
  type SeriesInfo,
  sliceColumns,
} from '../../records/index.ts'
import { daysToRollup } from '../segment/day-table.ts'
import { type ExplainedInterval, type ResolvedDay, resolveDay } from '../segment/resolve.ts'
import { readingWindow } from '../segment/resolve-range.ts'
import { countOf, type Directory, type SeriesEntry } from './directory.ts'
import { collectionOfSeries, type Engine } from './engine.ts'
import { entityView } from './fold.ts'
import { readImportStates } from './import-states.ts'
import { textToIdentity } from './operation-codec.ts'
import { seenRows, supersededRows } from './overlay-store.ts'
import { metricRule, RollupStore } from './rollup-store.ts'
import { readSeries } from './series-reader.ts'
import { rollupSettings } from './settings.ts'

interface SeriesPlace {
  readonly directory: Directory
  readonly entry: SeriesEntry
}

/** An observation with the reference that edits of it need. */
export interface LocatedObservation {
  readonly observation: Observation
  readonly ref: ObservationRef
}

export class RecordReader implements RecordSource {
  readonly #engine: Engine
  readonly #rollups: RollupStore

  constructor(engine: Engine) {
    this.#engine = engine
    this.#rollups = new RollupStore(engine)
  }

  get rollups(): RollupStore {
    return this.#rollups
  }

  series(metric?: string): readonly SeriesInfo[] {
    return this.#read(() =>
      this.#places({ ...(metric === undefined ? {} : { metric }) }).map(({ entry }) => ({
        series: entry.series,
        count: countOf(entry),
        firstMs: entry.segments[0]?.firstMs ?? 0,
        lastMs: lastMsOf(entry),
      })),
    )
  }

  read(query: ObservationQuery): readonly SeriesColumns[] {
    return this.#read(() =>
      this.#places(query).flatMap(({ directory, entry }) => {
        const columns = readSeries(this.#engine, directory.collection, entry, query.period)
        return columns.length === 0 ? [] : [{ series: entry.series, columns }]
      }),
    )
  }

  scan(query: ObservationQuery, visit: (part: SeriesColumns) => void): void {
    this.#read(() => {
      for (const { directory, entry } of this.#places(query)) {
        readSeries(this.#engine, directory.collection, entry, query.period, (columns) => {
          visit({ series: entry.series, columns })
        })
      }
    })
  }

  latest(query: ObservationQuery, limit: number): readonly Observation[] {
    return this.#read(() => {
      const places = this.#places(query).sort((a, b) => lastMsOf(b.entry) - lastMsOf(a.entry))
      let found: Observation[] = []
      for (const place of places) {
        const oldest = found[limit - 1]
        // The series come by their newest row: from here on all are older than what is found.
        if (oldest !== undefined && lastMsOf(place.entry) < oldest.startMs) break
        found.push(...this.#latestOf(place, query.period, limit))
        found.sort((a, b) => b.startMs - a.startMs || (a.id < b.id ? -1 : 1))
        found = found.slice(0, limit)
      }
      return found
    })
  }

  find(id: string): Observation | undefined {
    return this.locate(id)?.observation
  }

  /** The observation with this id, and its reference. Undefined when there is none or it was removed. */
  locate(id: string): LocatedObservation | undefined {
    let wanted: ReturnType<typeof parseObservationId>
    try {
      wanted = parseObservationId(id)
    } catch {
      return undefined
    }
    const { metric, startMs } = wanted
    return this.#read(() => {
      for (const place of this.#places({ metric })) {
        const moved = place.entry.hasOverlay ? this.#findMoved(place, id) : undefined
        const period = moved ?? { fromMs: startMs, toMs: startMs + 1 }
        const columns = readSeries(this.#engine, place.directory.collection, place.entry, period)
        const located = this.#match(place, { series: place.entry.series, columns }, id)
        if (located !== undefined) return located
      }
      return undefined
    })
  }

  /** Observations with a note, tags or a context, series by series. */
  annotated(): readonly Observation[] {
    return this.#read(() => {
      const found: Observation[] = []
      for (const place of this.#places({})) {
        readSeries(this.#engine, place.directory.collection, place.entry, undefined, (columns) => {
          if (columns.extraTable.length === 0) return
          found.push(...this.#annotatedRows(place, { series: place.entry.series, columns }))
        })
      }
      return found
    })
  }

  resolvedDays(metric: string, fromDay?: number, toDay?: number): ResolvedDays {
    const { settings, rule, collection } = this.#read(() => {
      const directory = this.#directoryOf(metric)
      return {
        settings: rollupSettings(this.#engine),
        rule: metricRule(directory, metric),
        collection: directory.collection,
      }
    })
    const rollups = this.#rollups.resolved(collection, metric, settings)
    const components = rollups.map((rollup) => clipDays(rollup, fromDay, toDay))
    const empty = Array.from({ length: rule.components }, () => emptyRollup)
    return { metric, unit: rule.unit, components: components.length > 0 ? components : empty }
  }

  /** Daily rollups by series (text) and component, from the rows themselves: what `resolvedDays` keeps, unkept. */
  dailyFromRows(metric: string): ReadonlyMap<string, readonly DailyRollup[]> {
    return this.#read(() =>
      this.#rollups.fromRows(this.#directoryOf(metric), metric, rollupSettings(this.#engine)),
    )
  }

  /** One day under the overlap rule, with what was kept and dropped and why. */
  explainDay(metric: string, day: number): ResolvedDay {
    return this.#read(() => {
      const settings = rollupSettings(this.#engine)
      const rule = metricRule(this.#directoryOf(metric), metric)
      const [fromMs, toMs] = readingWindow(day, settings.dayStartMin)
      const parts = this.#places({ metric }).map(({ directory, entry }) => ({
        series: entry.series,
        conversion: rule.conversionFrom(entry.series.unit),
        columns: readSeries(this.#engine, directory.collection, entry, { fromMs, toMs }),
      }))
      const resolved = resolveDay(parts, day, {
        ...settings,
        combine: rule.combine,
        components: rule.components,
      })
      const superseded = this.#supersededOn(metric, day, settings.dayStartMin)
      return { ...resolved, explained: [...resolved.explained, ...superseded] }
    })
  }

  /** Earlier versions of the day's results, and results that their source withdrew. */
  #supersededOn(metric: string, day: number, dayStartMin: number): ExplainedInterval[] {
    const directory = this.#directoryOf(metric)
    const rule = metricRule(directory, metric)
    const entries = [...directory.series.values()].filter(
      ({ series, hasOverlay }) => hasOverlay && series.metric === metric,
    )
    return entries.flatMap(({ series, components }) => {
      const overlay = this.#engine.overlays.load(directory.collection, series, components)
      const { factor, offset } = rule.conversionFrom(series.unit)
      return supersededRows(
        overlay,
        (startMs, durationMs, offsetMin) => startDay(startMs, durationMs, offsetMin, dayStartMin) === day,
      ).map(({ values, ...row }) => ({
        series,
        ...row,
        values: values.map((value) => factor * value + offset),
        reason: 'superseded' as const,
        onDay: 1,
        share: 0,
        by: null,
      }))
    })
  }

  entities(type: EntityType): readonly Entity[] {
    return this.#read(() => {
      const { withdrawn } = readImportStates(this.#engine.entities)
      return this.#engine.entities.ofType(type).flatMap((state) => entityView(state, withdrawn) ?? [])
    })
  }

  entity(type: EntityType, id: string): Entity | undefined {
    return this.#read(() => {
      const state = this.#engine.entities.get(type, id)
      if (state === undefined) return undefined
      return entityView(state, readImportStates(this.#engine.entities).withdrawn)
    })
  }

  rawRecords(visit: (record: RawRecord) => void): void {
    this.#read(() => this.#engine.raw.visit(readImportStates(this.#engine.entities).withdrawn, visit))
  }

  attachment(id: string): Attachment | undefined {
    const entity = this.entity('attachment', id)
    return entity?.fields['content'] === undefined ? undefined : this.#engine.blobs.read(entity)
  }

  #read<T>(work: () => T): T {
    return this.#engine.store.read(work)
  }

  #directoryOf(metric: string): Directory {
    return this.#engine.directories.of(collectionOfSeries({ metric }))
  }

  #places(query: ObservationQuery): SeriesPlace[] {
    const { metric, sources } = query
    const directories = metric === undefined ? this.#engine.directories.all() : [this.#directoryOf(metric)]
    const places: SeriesPlace[] = []
    for (const directory of directories) {
      for (const entry of directory.series.values()) {
        if (entry.segments.length === 0) continue
        if (metric !== undefined && entry.series.metric !== metric) continue
        if (sources !== undefined && !sources(entry.series.source)) continue
        places.push({ directory, entry })
      }
    }
    return places
  }

  #latestOf(place: SeriesPlace, period: Period | undefined, limit: number): Observation[] {
    const found: Observation[] = []
    const { directory, entry } = place
    const canonical = this.#canonical(place)
    for (const segment of entry.segments.toReversed()) {
      if (found.length >= limit) break
      if (period !== undefined && (segment.lastMs < period.fromMs || segment.firstMs >= period.toMs)) continue
      const window = {
        fromMs: Math.max(segment.firstMs, period?.fromMs ?? segment.firstMs),
        toMs: Math.min(segment.lastMs + 1, period?.toMs ?? segment.lastMs + 1),
      }
      const columns = readSeries(this.#engine, directory.collection, entry, window)
      const needed = limit - found.length
      const part = {
        series: entry.series,
        columns: sliceColumns(columns, columns.length - needed, columns.length),
      }
      for (let row = part.columns.length - 1; row >= 0; row--) found.push(observationAt(part, row, canonical))
    }
    return found
  }

  /** Where an edited observation is now, if an edit concerns it. */
  #findMoved(place: SeriesPlace, id: string): Period | undefined {
    const { directory, entry } = place
    const overlay = this.#engine.overlays.load(directory.collection, entry.series, entry.components)
    for (const identity of overlay.registers.keys()) {
      const ref = { series: entry.series, ...textToIdentity(identity) }
      if (observationId(ref) !== id) continue
      const seen = seenRows(overlay, new Set([identity]))
      const startMs = seen.startMs[0]
      if (startMs !== undefined) return { fromMs: startMs, toMs: startMs + 1 }
    }
    return undefined
  }

  #match(place: SeriesPlace, part: SeriesColumns, id: string): LocatedObservation | undefined {
    for (let row = 0; row < part.columns.length; row++) {
      const ref = refOf(part, row)
      if (observationId(ref) === id)
        return { observation: observationAt(part, row, this.#canonical(place)), ref }
    }
    return undefined
  }

  *#annotatedRows(place: SeriesPlace, part: SeriesColumns): Generator<Observation> {
    const { columns } = part
    for (let row = 0; row < columns.length; row++) {
      if (columns.extraIndex[row] === 0) continue
      const { note, tags, context } = rowExtra(columns, row)
      if (note === undefined && tags === undefined && context === undefined) continue
      yield* columnsToObservations(
        { ...part, columns: sliceColumns(columns, row, row + 1) },
        this.#canonical(place),
      )
    }
  }

  #canonical({ directory, entry }: SeriesPlace) {
    const rule = metricRule(directory, entry.series.metric)
    return { unit: rule.unit, conversion: rule.conversionFrom(entry.series.unit) }
  }
}

/** Start of a series' newest row. */
function lastMsOf(entry: SeriesEntry): number {
  return entry.segments.at(-1)?.lastMs ?? 0
}

const emptyRollup: DailyRollup = clipDays(daysToRollup([]))

/** Days [from, to] of a rollup, inclusive, sharing memory. */
function clipDays(rollup: DailyRollup, fromDay?: number, toDay?: number): DailyRollup {
  let from = 0
  let to = rollup.length
  if (fromDay !== undefined) while (from < to && (rollup.day[from] as number) < fromDay) from++
  if (toDay !== undefined) while (to > from && (rollup.day[to - 1] as number) > toDay) to--
  return {
    length: to - from,
    day: rollup.day.subarray(from, to),
    count: rollup.count.subarray(from, to),
    sum: rollup.sum.subarray(from, to),
    min: rollup.min.subarray(from, to),
    max: rollup.max.subarray(from, to),
    first: rollup.first.subarray(from, to),
    last: rollup.last.subarray(from, to),
    timeWeightedMean: rollup.timeWeightedMean.subarray(from, to),
    sumOfSquares: rollup.sumOfSquares.subarray(from, to),
  }
}
