/** Element and attribute names of `export.xml` (its own document type definition, HealthKit export versions 13, 14). */
import type { ScannerNames } from '../xml/element-scanner.ts'

const elements = [
  'HealthData',
  'Record',
  'Workout',
  'ActivitySummary',
  'Correlation',
  'Me',
  'ExportDate',
  'ClinicalRecord',
  'Audiogram',
  'VisionPrescription',
  'MetadataEntry',
  'HeartRateVariabilityMetadataList',
  'InstantaneousBeatsPerMinute',
  'WorkoutStatistics',
  'WorkoutEvent',
  'WorkoutActivity',
  'WorkoutRoute',
  'FileReference',
  'Location',
  'SensitivityPoint',
  'RightEye',
  'LeftEye',
  'Attachment',
] as const

const attributes = [
  'type',
  'unit',
  'value',
  'sourceName',
  'sourceVersion',
  'device',
  'startDate',
  'endDate',
  'creationDate',
  'key',
  'source',
  'workoutActivityType',
  'duration',
  'durationUnit',
  'bpm',
  'time',
  'dateComponents',
  'path',
  'sum',
  'average',
  'minimum',
  'maximum',
  'date',
] as const

const elementId = (name: (typeof elements)[number]) => elements.indexOf(name) + 1
const attributeId = (name: (typeof attributes)[number]) => attributes.indexOf(name) + 1

export const element = {
  record: elementId('Record'),
  workout: elementId('Workout'),
  activitySummary: elementId('ActivitySummary'),
  correlation: elementId('Correlation'),
  me: elementId('Me'),
  exportDate: elementId('ExportDate'),
  clinicalRecord: elementId('ClinicalRecord'),
  visionPrescription: elementId('VisionPrescription'),
  metadataEntry: elementId('MetadataEntry'),
  beats: elementId('HeartRateVariabilityMetadataList'),
  beat: elementId('InstantaneousBeatsPerMinute'),
  workoutStatistics: elementId('WorkoutStatistics'),
  workoutEvent: elementId('WorkoutEvent'),
  workoutActivity: elementId('WorkoutActivity'),
  fileReference: elementId('FileReference'),
  location: elementId('Location'),
} as const

export const attribute = {
  type: attributeId('type'),
  unit: attributeId('unit'),
  value: attributeId('value'),
  sourceName: attributeId('sourceName'),
  sourceVersion: attributeId('sourceVersion'),
  device: attributeId('device'),
  startDate: attributeId('startDate'),
  endDate: attributeId('endDate'),
  key: attributeId('key'),
  /** First-generation exports (iOS 8) write `source` for `sourceName`. */
  source: attributeId('source'),
  workoutActivityType: attributeId('workoutActivityType'),
  duration: attributeId('duration'),
  durationUnit: attributeId('durationUnit'),
  bpm: attributeId('bpm'),
  time: attributeId('time'),
  dateComponents: attributeId('dateComponents'),
  path: attributeId('path'),
  sum: attributeId('sum'),
  average: attributeId('average'),
  minimum: attributeId('minimum'),
  maximum: attributeId('maximum'),
} as const

export const scannerNames: ScannerNames = {
  root: 'HealthData',
  elements,
  attributes,
  items: [
    'Record',
    'Workout',
    'ActivitySummary',
    'Correlation',
    'Me',
    'ExportDate',
    'ClinicalRecord',
    'Audiogram',
  ],
  containers: ['Correlation'],
}

/** Elements that are only ever part of another one: alone they are the rest of something that was refused. */
export function isPart(name: number): boolean {
  return name >= element.metadataEntry
}

/** Elements that `read` counts. */
export function isCounted(name: number): boolean {
  return name === element.record || name === element.workout || name === element.activitySummary
}
