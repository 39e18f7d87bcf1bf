/** Units of glucose in headers and fields. A number without one is never guessed: mg/dL and mmol/L differ 18-fold. */

export type GlucoseUnit = 'mg/dL' | 'mmol/L'

/** The unit named in a text: `Glucose Value (mg/dL)`, `mmol`, `mg/dl`. */
export function glucoseUnitIn(text: string): GlucoseUnit | undefined {
  if (/\bmg\s*\/?\s*dl\b/i.test(text)) return 'mg/dL'
  return /\bmmol(\s*\/?\s*l)?\b/i.test(text) ? 'mmol/L' : undefined
}

/** The unit that the person stated, where it is one of glucose. */
export function statedGlucoseUnit(text: string | undefined): GlucoseUnit | undefined {
  return text === undefined ? undefined : glucoseUnitIn(text)
}

export const glucoseUnitQuestion = (metric: string) =>
  `it has no unit: mg/dL or mmol/L? Say --unit ${metric}=mg/dL or --unit ${metric}=mmol/L`

export const censoredNote =
  'values such as "Low", "High" or "<40" say that a reading was out of range: they are no numbers and were kept raw'
