/** Kinds of exercise: which metrics their distance, speed, cadence and power belong to. */

export interface SportMetrics {
  readonly distance?: string
  readonly speed?: string
  readonly cadence?: string
  /** Steps a unit of cadence: devices count strides, the metric counts steps. */
  readonly cadenceFactor?: number
  readonly power?: string
}

const running: SportMetrics = {
  distance: 'distance_walking_running',
  speed: 'running_speed',
  cadence: 'cadence_running',
  cadenceFactor: 2,
  power: 'running_power',
}
const walking: SportMetrics = { distance: 'distance_walking_running', speed: 'walking_speed' }
const cycling: SportMetrics = {
  distance: 'distance_cycling',
  speed: 'cycling_speed',
  cadence: 'cadence_cycling',
  power: 'cycling_power',
}
const none: SportMetrics = {}

/** Tried in order on the words of sport and sub-sport. */
const sports: readonly (readonly [RegExp, SportMetrics])[] = [
  // A motor moves the person.
  [/motor(?!.*ebik)|driving|flying|boat|snowmobil/, none],
  [/run|treadmill|jog/, running],
  [/walk|hik|stroll/, walking],
  [/cycl|bik|virtual_ride|^ride|road|mountain|spin/, cycling],
  [/swim/, { distance: 'distance_swimming' }],
  [/row/, { distance: 'distance_rowing' }],
  [/cross_?country_?ski|langlauf|nordic|backcountry/, { distance: 'distance_cross_country_skiing' }],
  [/ski|snowboard/, { distance: 'distance_snow_sports' }],
  [/paddl|kayak|canoe|raft/, { distance: 'distance_paddle_sports' }],
  [/skat/, { distance: 'distance_skating_sports' }],
  [/wheelchair/, { distance: 'distance_wheelchair' }],
]

/** Every metric that a sport can have. */
export const sportMetricIds: readonly string[] = sports.flatMap(([, { distance, speed, cadence, power }]) =>
  [distance, speed, cadence, power].filter((metric) => metric !== undefined),
)

/** The metrics of a sport by any maker's word for it: `Running`, `trail_running`, `indoorRowing`. */
export function sportMetrics(sport: string): SportMetrics {
  const words = snakeCase(sport)
  return sports.find(([pattern]) => pattern.test(words))?.[1] ?? none
}

/** `crossCountrySkiing` → `cross_country_skiing`. */
export function snakeCase(words: string): string {
  return words
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .toLowerCase()
}
