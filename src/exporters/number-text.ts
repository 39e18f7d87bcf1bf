/** Numbers as text that reads back as the very same double. */

/** Shortest decimal that round-trips; `-0`, `NaN` and infinities by name. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/** A JSON value; what JSON has no number for is written as a text (`"NaN"`, `"Infinity"`, `"-Infinity"`). */
export function jsonNumber(value: number): string {
  return Number.isFinite(value) ? numberText(value) : `"${value}"`
}

/** As JSON.stringify, but no number loses its sign or turns into null, and lone surrogates stay readable. */
export function jsonText(value: unknown): string {
  if (typeof value === 'number') return jsonNumber(value)
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => `${JSON.stringify(name)}:${jsonText(field)}`)
    return `{${fields.join(',')}}`
  }
  return JSON.stringify(value ?? null)
}
