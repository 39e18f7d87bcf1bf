/** Code systems, profiles and extension addresses; all from HL7 FHIR R4 and US Core 6.1, but for our own. */
export const systems = {
  loinc: 'http://loinc.org',
  ucum: 'http://unitsofmeasure.org',
  own: 'urn:healthmate',
  metric: 'urn:healthmate:metric',
  observationCategory: 'http://terminology.hl7.org/CodeSystem/observation-category',
  dataAbsentReason: 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
  dataAbsentReasonExtension: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
  conditionClinical: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
  allergyClinical: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical',
  conditionVerification: 'http://terminology.hl7.org/CodeSystem/condition-ver-status',
  allergyVerification: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification',
  participantType: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
} as const
export type SystemName = keyof typeof systems

export const extensionUrls = {
  context: 'urn:healthmate:extension:context',
  zone: 'urn:healthmate:extension:time-zone',
  original: 'urn:healthmate:extension:original-value',
  /** The application beside the device that the Observation names. */
  application: 'urn:healthmate:extension:application',
  /** An entry as the record holds it, as JSON: type, id and fields, so that reading it back loses nothing. */
  record: 'urn:healthmate:extension:record',
  /** What tells the observation from others of its time, and facts of its source, as JSON: `key`, `original`, `meta`… */
  identity: 'urn:healthmate:extension:identity',
} as const

const usCore = 'http://hl7.org/fhir/us/core/StructureDefinition'
export const usCorePatient = `${usCore}/us-core-patient`

/** What a vital-signs profile demands beyond a value, a category, a subject and a time. */
export interface VitalSignsProfile {
  readonly url: string
  /** All of them must be among the codings. */
  readonly codes: readonly { readonly code: string; readonly display: string }[]
  /** UCUM units that the profile allows; a component profile leaves them to its components. */
  readonly units: readonly string[]
}

/**
 * LOINC code of our catalogue → US Core 6.1 vital-signs profile, after
 * https://hl7.org/fhir/R4/observation-vitalsigns.html and https://hl7.org/fhir/us/core/STU6.1/.
 * Pulse oximetry must carry both the general and the pulse-oximeter code.
 */
const pulseOximetry: VitalSignsProfile = {
  url: `${usCore}/us-core-pulse-oximetry`,
  codes: [
    { code: '59408-5', display: 'Oxygen saturation in Arterial blood by Pulse oximetry' },
    { code: '2708-6', display: 'Oxygen saturation in Arterial blood' },
  ],
  units: ['%'],
}

export const vitalSignsProfiles: ReadonlyMap<string, VitalSignsProfile> = new Map([
  vitalSign('85354-9', 'Blood pressure panel with all children optional', 'us-core-blood-pressure', [
    'mm[Hg]',
  ]),
  vitalSign('8867-4', 'Heart rate', 'us-core-heart-rate', ['/min']),
  vitalSign('9279-1', 'Respiratory rate', 'us-core-respiratory-rate', ['/min']),
  vitalSign('8310-5', 'Body temperature', 'us-core-body-temperature', ['Cel', '[degF]']),
  vitalSign('8302-2', 'Body height', 'us-core-body-height', ['cm', '[in_i]']),
  vitalSign('29463-7', 'Body weight', 'us-core-body-weight', ['g', 'kg', '[lb_av]']),
  vitalSign('39156-5', 'Body mass index (BMI) [Ratio]', 'us-core-bmi', ['kg/m2']),
  vitalSign('9843-4', 'Head Occipital-frontal circumference', 'us-core-head-circumference', ['cm', '[in_i]']),
  ['59408-5', pulseOximetry],
  ['2708-6', pulseOximetry],
])

function vitalSign(
  code: string,
  display: string,
  profile: string,
  units: readonly string[],
): [string, VitalSignsProfile] {
  return [code, { url: `${usCore}/${profile}`, codes: [{ code, display }], units }]
}

/** The only components whose LOINC codes the blood-pressure profile knows. */
export const bloodPressureComponents: ReadonlySet<string> = new Set(['8480-6', '8462-4'])

interface Category {
  readonly code: string
  readonly display: string
}

const activity: Category = { code: 'activity', display: 'Activity' }
const exam: Category = { code: 'exam', display: 'Exam' }
const laboratory: Category = { code: 'laboratory', display: 'Laboratory' }
const socialHistory: Category = { code: 'social-history', display: 'Social History' }
const survey: Category = { code: 'survey', display: 'Survey' }
const therapy: Category = { code: 'therapy', display: 'Therapy' }
export const vitalSigns: Category = { code: 'vital-signs', display: 'Vital Signs' }

/** FHIR's category by our collection; a collection that fits none has none. */
const categoryByCollection: Readonly<Record<string, Category>> = {
  vitals: vitalSigns,
  labs: laboratory,
  activity,
  sleep: activity,
  symptoms: survey,
  mind: survey,
  reproductive: survey,
  medications: therapy,
}

/** Finer than the collection: our group for people. Lifestyle and environment are "social history" in FHIR. */
const categoryByGroup: Readonly<Record<string, Category>> = {
  glucose: laboratory,
  respiratory: exam,
  nutrition: socialHistory,
  senses: socialHistory,
}

/** The observation category of a metric, by its collection and its group. */
export function categoryFor(metric: {
  readonly collection: string
  readonly category: string
}): Category | undefined {
  if (metric.collection === 'medications') return therapy
  return categoryByGroup[metric.category] ?? categoryByCollection[metric.collection]
}
