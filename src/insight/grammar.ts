/** Names of metrics in sentences. */

const plurals = { is: 'are', was: 'were', has: 'have', shows: 'show', tends: 'tend' } as const

/** The verb that goes with a name: `Body weight is`, `Steps are`, `Flights of stairs climbed are`. */
export function verbFor(name: string, singular: keyof typeof plurals): string {
  const [head = name] = name.split(/ (?:of|with|in|per|at)\b|,/)
  return /[^suia]s$/i.test(head) || /[ai]es$/i.test(head) ? plurals[singular] : singular
}
