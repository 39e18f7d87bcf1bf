/**
 * What is edited and has fields. Entities are few (thousands); each field is a register of its own.
 *
 * Last writer wins per register, by the hybrid logical clock (HLC) of the operation, except that an operation
 * that names the HLC of the state it replaces beats that state whatever the clocks say. `multiValueFields` keep
 * concurrent values side by side, because a silent loss could hurt (dose, allergy). Sets are
 * observed-remove sets, changed by `SetOperation`.
 */
import type { CollectionName } from '../metrics/index.ts'

export const entityTypes = [
  'profile',
  'goal',
  'appointment',
  'note',
  'symptom_definition',
  'medication',
  'schedule',
  'dose_event',
  'condition',
  'allergy',
  'immunization',
  'lab_report',
  'conversation',
  'consent',
  'share',
  'import',
  'attachment',
  'raw_record',
  'setting',
  'change',
  'procedure',
  'retraction',
  'family_history',
  'social_history',
  'encounter',
  'care_plan',
  'device',
  'coverage',
  'experiment',
  'forecast_model',
  'forecast',
] as const
export type EntityType = (typeof entityTypes)[number]

export const collectionByEntityType: Readonly<Record<EntityType, CollectionName>> = {
  profile: 'profile',
  goal: 'profile',
  appointment: 'profile',
  note: 'documents',
  symptom_definition: 'symptoms',
  medication: 'medications',
  schedule: 'medications',
  dose_event: 'medications',
  condition: 'profile',
  allergy: 'profile',
  immunization: 'profile',
  lab_report: 'labs',
  conversation: 'assistant',
  consent: 'settings',
  share: 'settings',
  import: 'settings',
  attachment: 'documents',
  raw_record: 'documents',
  setting: 'settings',
  change: 'settings',
  procedure: 'profile',
  retraction: 'labs',
  family_history: 'profile',
  social_history: 'profile',
  encounter: 'profile',
  care_plan: 'profile',
  device: 'profile',
  coverage: 'profile',
  experiment: 'profile',
  // What the program said, of any metric. Not among the settings, which every opening of a vault reads.
  forecast_model: 'assistant',
  forecast: 'assistant',
}

export const multiValueFields: ReadonlySet<string> = new Set(['medication.dose', 'allergy.substance'])

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

/** The folded state of one entity. */
export interface Entity {
  readonly type: EntityType
  /** Random, 26 characters of lower-case Crockford base32, except singletons such as `profile/self`. */
  readonly id: string
  readonly fields: Readonly<Record<string, JsonValue>>
  /** Concurrent values of a multi-value register; absent when there is one. */
  readonly concurrent?: Readonly<Record<string, readonly JsonValue[]>>
  /** ms, HLC wall part of the first and last operation. */
  readonly createdMs: number
  readonly updatedMs: number
}
