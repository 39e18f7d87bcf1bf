/**
 * Tables of the export: the folders of Fitbit's own CSV (local times without a zone) and Google's time series
 * (`Physical Activity_GoogleData`, times in UTC). Units are those of the titles and of the readme files that Google puts
 * beside the tables.
 */
import { minuteMs } from '../../foundation/index.ts'

export interface Column {
  readonly title: RegExp
  readonly metric: string
  readonly unit: string
  /** Smallest value that is a measurement. */
  readonly from: number
  /** Numbers are this many times those of the unit; 1 unless stated. */
  readonly times?: number
}

/**
 * How a table writes times: an instant in UTC; a local time, even where it ends in `Z`; the date of a local day, which a
 * midnight in UTC stands for as well; `day-or-utc`: the day for a midnight, the instant for all else.
 */
export type Clock = 'utc' | 'local' | 'day' | 'day-or-utc'

export interface Table {
  /** `fitbit sleep_score`: the kind under which rows without a value are kept. */
  readonly kind: string
  /** Titles of a header that has only these and `also`, besides the device. */
  readonly time: RegExp
  readonly columns: readonly Column[]
  readonly also?: RegExp
  /** Names of the family, where other tables have the same header. */
  readonly families?: RegExp
  readonly clock: Clock
  /** Length of what a row tells; ms. */
  readonly durationMs: number
  /** Sums, of which each device tells its own. */
  readonly isCount?: true
  /** An average of readings that stand in other files: taken only where the input holds none of them. */
  readonly averages?: string
  /** Values that stand for none. */
  readonly none?: readonly number[]
}

const timestamp = /^timestamp$/
const fiveMinutesMs = 5 * minuteMs

function column(title: RegExp, metric: string, unit: string, from = 0): Column {
  return { title, metric, unit, from }
}

function series(kind: string, title: RegExp, metric: string, unit: string, more: Partial<Table> = {}): Table {
  const columns = [column(title, metric, unit, more.isCount ? 0 : 0.001)]
  return { kind: `fitbit ${kind}`, time: timestamp, columns, clock: 'utc', durationMs: 0, ...more }
}

const perMinute = { isCount: true, durationMs: minuteMs } as const
const perDay = { clock: 'day' } as const

/** Asked in order. */
export const tables: readonly Table[] = [
  series('daily_resting_heart_rate', /^beats per minute$/, 'resting_heart_rate', '/min', {
    ...perDay,
    families: /resting_heart_rate$/,
  }),
  series('heart_rate', /^beats per minute$/, 'heart_rate', '/min', { families: /^heart_rate$/ }),
  series('steps', /^steps$/, 'steps', '{steps}', perMinute),
  series('distance', /^distance$/, 'distance_walking_running', 'm', perMinute),
  series('calories', /^calories$/, 'total_energy', 'kcal', perMinute),
  series('floors', /^floors$/, 'flights_climbed', '{floors}', perMinute),
  {
    ...series('altitude', /^gain$/, 'elevation_gain', 'm', perMinute),
    // Millimetres: 3048 for a floor of ten feet.
    columns: [{ ...column(/^gain$/, 'elevation_gain', 'm'), times: 1000 }],
  },
  {
    ...series('active_minutes', /^light$/, 'light_activity_time', 'min', perMinute),
    columns: [
      column(/^light$/, 'light_activity_time', 'min'),
      column(/^moderate$/, 'moderate_activity_time', 'min'),
      column(/^very$/, 'vigorous_activity_time', 'min'),
    ],
  },
  series('active_zone_minutes', /^total minutes$/, 'active_zone_minutes', '{score}', {
    ...perMinute,
    also: /^heart rate zone$/,
  }),
  series('active_zone_minutes', /^total_minutes$/, 'active_zone_minutes', '{score}', {
    ...perMinute,
    time: /^date_time$/,
    also: /^heart_zone_id$/,
    clock: 'local',
  }),
  series('oxygen_saturation', /^oxygen saturation percentage$/, 'oxygen_saturation', '%', { none: [50] }),
  series('minute_spo2', /^value$/, 'oxygen_saturation', '%', {
    families: /^minute_spo2$/,
    also: /^(confidence|coverage|valid|unused)$/,
    none: [50],
  }),
  series('daily_oxygen_saturation', /^average percentage$/, 'oxygen_saturation', '%', {
    ...perDay,
    also: /percentage$/,
    averages: 'oxygen_saturation',
  }),
  series('daily_spo2', /^average_value$/, 'oxygen_saturation', '%', {
    ...perDay,
    also: /^(lower|upper)_bound$/,
    averages: 'oxygen_saturation',
  }),
  series('heart_rate_variability', /^root mean square of successive differences/, 'hrv_rmssd', 'ms', {
    durationMs: fiveMinutesMs,
    also: /^standard deviation/,
  }),
  series('heart_rate_variability_details', /^rmssd$/, 'hrv_rmssd', 'ms', {
    clock: 'local',
    durationMs: fiveMinutesMs,
    also: /^(coverage|low_frequency|high_frequency)$/,
  }),
  series('daily_heart_rate_variability', /^average heart rate variability milliseconds$/, 'hrv_rmssd', 'ms', {
    ...perDay,
    also: /./,
    averages: 'hrv_rmssd',
  }),
  series('daily_heart_rate_variability_summary', /^rmssd$/, 'hrv_rmssd', 'ms', {
    ...perDay,
    also: /^(nremhr|entropy)$/,
    averages: 'hrv_rmssd',
  }),
  series(
    'daily_respiratory_rate',
    /^(breaths per minute|daily_respiratory_rate)$/,
    'respiratory_rate',
    '/min',
    perDay,
  ),
  series('weight', /^weight grams$/, 'weight', 'g'),
  series('height', /^height millimeters$/, 'height', 'mm'),
  series('body_fat', /^(body )?fat percentage$/, 'body_fat', '%'),
  series('core_body_temperature', /^temperature celsius$/, 'body_temperature', 'Cel', { families: /^core_/ }),
  // What the tracker measures at the skin; temperatures of the body that a person enters are those of the core.
  series('body_temperature', /^temperature celsius$/, 'wrist_temperature', 'Cel'),
  series('daily_sleep_temperature', /^nightly temperature celsius$/, 'wrist_temperature', 'Cel', {
    ...perDay,
    also: /celsius$/,
    averages: 'wrist_temperature',
  }),
  series('vo2max', /^((demographic|run) ?vo2 ?max|(daily )?vo2 max value)$/, 'vo2_max', 'mL/kg/min', {
    clock: 'day-or-utc',
    also: /vo2/,
  }),
  series('daily_readiness', /^(score|readiness_score_value)$/, 'readiness_score', '{score}', {
    ...perDay,
    time: /^(timestamp|date)$/,
    also: /^(type|.*(readiness|subcomponent|state).*)$/,
    families: /readiness/,
  }),
  series('sleep_score', /^overall_score$/, 'sleep_score', '{score}', {
    clock: 'local',
    also: /^(sleep_log_entry_id|.*_score|deep_sleep_in_minutes|resting_heart_rate|restlessness)$/,
  }),
  series('active_energy_burned', /^kilocalories$/, 'active_energy', 'kcal', perMinute),
]

/** Metrics that rows can become. */
export const tableMetrics: readonly string[] = tables.flatMap(({ columns }) =>
  columns.map(({ metric }) => metric),
)

const device = /^data source$/

/** A table with the places of its columns. */
export interface FoundTable {
  readonly table: Table
  readonly time: number
  readonly columns: readonly { readonly column: Column; readonly at: number }[]
  /** -1 where rows name no device. */
  readonly device: number
  /** Titles that are kept beside the values, with their place. */
  readonly beside: readonly (readonly [string, number])[]
}

/** The table with this header (titles in lower case) and family; undefined for all others. */
export function findTable(titles: readonly string[], family: string): FoundTable | undefined {
  for (const table of tables) {
    if (table.families && !table.families.test(family)) continue
    const time = titles.findIndex((title) => table.time.test(title))
    const columns = table.columns.map((one) => ({
      column: one,
      at: titles.findIndex((title) => one.title.test(title)),
    }))
    if (time < 0 || columns.some(({ at }) => at < 0)) continue
    const taken = new Set([time, ...columns.map(({ at }) => at)])
    const beside = titles.flatMap((title, at) =>
      taken.has(at) || device.test(title) || title === '' ? [] : [[title, at] as const],
    )
    if (beside.some(([title]) => !table.also?.test(title))) continue
    return { table, time, columns, device: titles.findIndex((title) => device.test(title)), beside }
  }
  return undefined
}
