/**
 * Measures of the Open mHealth and IEEE 1752.1 schemas and the catalogue's metrics.
 * Names: https://www.openmhealth.org/schemas, https://opensource.ieee.org/omh/1752. What is not here is kept raw.
 */
import type { Metric } from '../../metrics/index.ts'
import { acceptedUnit } from '../delimited/table-reader.ts'

const metricByMeasure: Readonly<Record<string, string>> = {
  apnea_hypopnea_index: 'apnea_hypopnea_index',
  blood_glucose: 'glucose',
  body_fat_percentage: 'body_fat',
  body_height: 'height',
  body_mass_index: 'bmi',
  body_temperature: 'body_temperature',
  body_weight: 'weight',
  heart_rate: 'heart_rate',
  kcal_burned: 'total_energy',
  latency_to_sleep_onset: 'sleep_latency',
  minutes_moderate_activity: 'moderate_activity_time',
  number_of_awakenings: 'sleep_awakenings',
  oxygen_saturation: 'oxygen_saturation',
  respiratory_rate: 'respiratory_rate',
  sleep_duration: 'sleep_total',
  sleep_maintenance_efficiency_percentage: 'sleep_efficiency',
  step_count: 'steps',
  total_sleep_time: 'sleep_total',
}

/** Measures that make a body recognisable, though no metric fits them. */
const otherMeasures = [
  'ambient_temperature',
  'expiratory_time',
  'pace',
  'rr_interval',
  'speed',
  'systolic_blood_pressure',
  'diastolic_blood_pressure',
]

export const measureNames: readonly string[] = [...Object.keys(metricByMeasure), ...otherMeasures]

export const metricsOfMeasures: readonly string[] = [
  ...new Set([...Object.values(metricByMeasure), 'blood_pressure', 'cgm_glucose', 'workout']),
].sort()

/** The metric of a measure; undefined when there is none. */
export function metricOfMeasure(name: string): string | undefined {
  return Object.hasOwn(metricByMeasure, name) ? metricByMeasure[name] : undefined
}

/** Unit texts of the schemas that the catalogue does not spell so. */
const ucumByText: Readonly<Record<string, string>> = {
  'beats/min': '/min',
  'breaths/min': '/min',
  'events/h': '/h',
  steps: '{steps}',
  C: 'Cel',
  F: '[degF]',
  K: 'K',
  lb: '[lb_av]',
  oz: '[oz_av]',
  in: '[in_i]',
  ft: '[ft_i]',
  mi: '[mi_i]',
  'kg/m^2': 'kg/m2',
  sec: 's',
  hr: 'h',
}

/** The metric's unit (UCUM) for a text of the schemas; undefined when it accepts none of that name. */
export function schemaUnit(metric: Metric, text: string): string | undefined {
  const ucum = Object.hasOwn(ucumByText, text) ? (ucumByText[text] as string) : text
  return acceptedUnit(metric, ucum)?.ucum
}
