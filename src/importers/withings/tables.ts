/** Tables of the Withings archive with one measurement a row: weight, pressure, height, saturation, days. */

/** A column: its title before the unit in brackets, what it becomes, and the unit where the title names none. */
export interface Column {
  readonly title: RegExp
  readonly metric: string
  /** UCUM; '' where only the title can tell. */
  readonly unit: string
}

/** A file of the archive by its name without `.csv`. */
export interface Table {
  readonly file: RegExp
  readonly columns: readonly Column[]
  /** Values are sums of a local day. */
  readonly isDaily?: true
}

const value = /^value$/i

export const tables: readonly Table[] = [
  {
    file: /^weight$/,
    columns: [
      { title: /^weight$/i, metric: 'weight', unit: '' },
      { title: /^fat mass$/i, metric: 'fat_mass', unit: '' },
      { title: /^bone mass$/i, metric: 'bone_mass', unit: '' },
      { title: /^muscle mass$/i, metric: 'muscle_mass', unit: '' },
      { title: /^hydration$/i, metric: 'body_water_mass', unit: '' },
    ],
  },
  { file: /^height$/, columns: [{ title: /^height$/i, metric: 'height', unit: '' }] },
  { file: /^(manual_)?spo2$/, columns: [{ title: value, metric: 'oxygen_saturation', unit: '%' }] },
  {
    file: /^(body_)?temperature$/,
    columns: [{ title: /^(body temperature|temperature|value)$/i, metric: 'body_temperature', unit: '' }],
  },
  {
    file: /^pwv$/,
    columns: [{ title: /^(pwv|pulse wave velocity|value)$/i, metric: 'pulse_wave_velocity', unit: '' }],
  },
  {
    file: /^aggregates_steps$/,
    isDaily: true,
    columns: [{ title: value, metric: 'steps', unit: '{steps}' }],
  },
  {
    file: /^aggregates_distance$/,
    isDaily: true,
    columns: [{ title: value, metric: 'distance_walking_running', unit: 'm' }],
  },
  {
    file: /^aggregates_calories_earned$/,
    isDaily: true,
    columns: [{ title: value, metric: 'active_energy', unit: 'kcal' }],
  },
  {
    file: /^aggregates_calories_passive$/,
    isDaily: true,
    columns: [{ title: value, metric: 'basal_energy', unit: 'kcal' }],
  },
]

/** Unit in brackets of a title → UCUM. */
const ucumByText: Readonly<Record<string, string>> = {
  kg: 'kg',
  lb: '[lb_av]',
  lbs: '[lb_av]',
  st: '[stone_av]',
  m: 'm',
  cm: 'cm',
  in: '[in_i]',
  ft: '[ft_i]',
  '°c': 'Cel',
  c: 'Cel',
  '°f': '[degF]',
  f: '[degF]',
  'm/s': 'm/s',
  '%': '%',
}

/** `Weight (kg)` → title and unit. */
export function titleOf(cell: string): { readonly title: string; readonly unit: string | undefined } {
  const match = /^(.*?)\s*\(([^()]*)\)\s*$/.exec(cell.trim())
  const text = (match?.[2] ?? '').trim().toLowerCase()
  return {
    title: (match?.[1] ?? cell).trim(),
    unit: Object.hasOwn(ucumByText, text) ? ucumByText[text] : undefined,
  }
}

/** Raw series of a device: elements of one row, one after the other. */
export interface RawSeries {
  readonly file: RegExp
  readonly metric: string
  readonly unit: string
  /** Adds up, so that the sums of days have to rank before it. */
  readonly isSum: boolean
  /** Smallest value that is a measurement. */
  readonly from: number
}

export const rawSeries: readonly RawSeries[] = [
  {
    file: /^raw_(hr|tracker|bed|sleep-monitor)_hr$/,
    metric: 'heart_rate',
    unit: '/min',
    isSum: false,
    from: 1,
  },
  { file: /^raw_spo2_auto_spo2$/, metric: 'oxygen_saturation', unit: '%', isSum: false, from: 1 },
  {
    file: /^raw_(bed|sleep-monitor)_respiratory-rate$/,
    metric: 'respiratory_rate',
    unit: '/min',
    isSum: false,
    from: 1,
  },
  { file: /^raw_tracker_steps$/, metric: 'steps', unit: '{steps}', isSum: true, from: 0 },
  { file: /^raw_tracker_distance$/, metric: 'distance_walking_running', unit: 'm', isSum: true, from: 0 },
  { file: /^raw_tracker_elevation$/, metric: 'elevation_gain', unit: 'm', isSum: true, from: 0 },
  { file: /^raw_tracker_calories-earned$/, metric: 'active_energy', unit: 'kcal', isSum: true, from: 0 },
]

/** Series whose value is a state that lasts: file → state → metric. */
export const stateSeries: readonly {
  readonly file: RegExp
  readonly states: Readonly<Record<number, string>>
}[] = [
  {
    file: /^raw_(tracker|bed)_sleep-state$/,
    states: { 0: 'sleep_awake', 1: 'sleep_core', 2: 'sleep_deep', 3: 'sleep_rem' },
  },
  { file: /^raw_sleep-monitor_sleep-state$/, states: { 0: 'sleep_awake', 1: 'sleep_asleep' } },
  { file: /^raw_(bed|sleep-monitor)_snoring$/, states: { 1: 'snoring' } },
]

/** Columns of `sleep.csv`. */
export const sleepColumns: readonly {
  readonly title: RegExp
  readonly metric: string
  readonly unit: string
  /** At waking, not over the night. */
  readonly atEnd?: true
  readonly from: number
}[] = [
  { title: /^light \(s\)$/i, metric: 'sleep_core', unit: 's', from: 1 },
  { title: /^deep \(s\)$/i, metric: 'sleep_deep', unit: 's', from: 1 },
  // Zero where the device does not tell this stage.
  { title: /^rem \(s\)$/i, metric: 'sleep_rem', unit: 's', from: 1 },
  { title: /^awake \(s\)$/i, metric: 'sleep_awake', unit: 's', from: 1 },
  { title: /^wake up$/i, metric: 'sleep_awakenings', unit: '{count}', atEnd: true, from: 0 },
  { title: /^duration to sleep \(s\)$/i, metric: 'sleep_latency', unit: 's', atEnd: true, from: 0 },
  { title: /^snoring \(s\)$/i, metric: 'snoring', unit: 's', from: 1 },
  { title: /^average heart rate$/i, metric: 'sleep_heart_rate', unit: '/min', from: 1 },
  { title: /^sleep score$/i, metric: 'sleep_score', unit: '{score}', atEnd: true, from: 1 },
]

/** Every metric that the archive can become. */
export const withingsMetrics: readonly string[] = [
  ...new Set([
    ...tables.flatMap(({ columns }) => columns.map(({ metric }) => metric)),
    ...rawSeries.map(({ metric }) => metric),
    ...stateSeries.flatMap(({ states }) => Object.values(states)),
    ...sleepColumns.map(({ metric }) => metric),
    'blood_pressure',
    'workout',
  ]),
].sort()
