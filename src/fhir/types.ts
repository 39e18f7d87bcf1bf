/**
 * The shapes of FHIR R4 (4.0.1) that this program writes, and what it needs to know to write them.
 *
 * Only elements that are written are typed. The inputs are structural: an observation or entity of the records room
 * fits them, without this room depending on that one (both are on floor 2).
 */

/** One R4 resource; `id` matches `[A-Za-z0-9\-\.]{1,64}`. */
export interface Resource {
  readonly resourceType: string
  readonly id: string
  readonly [element: string]: unknown
}

export interface Coding {
  readonly system?: string
  readonly code?: string
  readonly display?: string
}

export interface CodeableConcept {
  readonly coding?: readonly Coding[]
  readonly text?: string
}

export interface Reference {
  readonly reference?: string
  readonly display?: string
}

/** A number with its UCUM unit. */
export interface Quantity {
  readonly value: number
  readonly unit: string
  readonly system: string
  readonly code: string
}

export interface Extension {
  readonly url: string
  readonly extension?: readonly Extension[]
  readonly valueCode?: string
  readonly valueString?: string
  readonly valueQuantity?: Quantity
}

/** Where an observation came from. */
export interface SourceInput {
  readonly device: string
  readonly app: string
  readonly deviceClass: string
}

/** A measurement as people see it: values in the metric's canonical unit, times in ms, offset in minutes. */
export interface ObservationInput {
  readonly id: string
  readonly metric: string
  readonly startMs: number
  readonly endMs: number
  readonly offsetMin: number
  readonly values: readonly number[]
  readonly unit: string
  readonly original: { readonly values: readonly number[]; readonly unit: string } | null
  readonly source: SourceInput
  readonly extra: {
    readonly note?: string
    readonly tags?: readonly string[]
    readonly context?: string
    readonly zone?: string
    readonly key?: string
    readonly original?: readonly number[]
    readonly originalTime?: readonly [number, number]
    readonly originalOffsetMin?: number
    readonly meta?: Readonly<Record<string, string>>
  }
}

/** An edited thing with fields (profile, goal, condition…). */
export interface EntityInput {
  readonly type: string
  readonly id: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly createdMs: number
  readonly updatedMs: number
}

/** A blob with its bytes in base64. */
export interface AttachmentInput {
  readonly name: string
  readonly mediaType: string
  readonly size: number
  readonly base64: string
}
