/**
 * HealthKit category types: what a category value means as an observation.
 *
 * Names: https://developer.apple.com/documentation/healthkit/hkcategorytypeidentifier, without the prefix
 * `HKCategoryTypeIdentifier`. What has no meaning as a number (an unspecified severity) is kept raw.
 */

/** How a category record becomes a number. */
export type CategoryReading =
  /** The length of the interval, in minutes. */
  | { readonly metric: string; readonly as: 'minutes' }
  | { readonly metric: string; readonly as: 'number'; readonly value: number }
  /** Counts one; `detail` is the value text where it says more. */
  | { readonly metric: string; readonly as: 'event'; readonly detail: string }
  /** A word of the metric's own list of values. */
  | { readonly metric: string; readonly as: 'word'; readonly word: string }

const sleepStages: Readonly<Record<string, string>> = {
  InBed: 'sleep_in_bed',
  Asleep: 'sleep_asleep',
  AsleepUnspecified: 'sleep_asleep',
  AsleepCore: 'sleep_core',
  AsleepDeep: 'sleep_deep',
  AsleepREM: 'sleep_rem',
  Awake: 'sleep_awake',
}

/** Types of which each record counts one. */
const events: Readonly<Record<string, string>> = {
  HighHeartRateEvent: 'high_heart_rate_event',
  LowHeartRateEvent: 'low_heart_rate_event',
  IrregularHeartRhythmEvent: 'irregular_rhythm_event',
  LowCardioFitnessEvent: 'low_cardio_fitness_event',
  AppleWalkingSteadinessEvent: 'walking_steadiness_event',
  SleepApneaEvent: 'sleep_apnea_event',
  AudioExposureEvent: 'environmental_audio_exposure_event',
  EnvironmentalAudioExposureEvent: 'environmental_audio_exposure_event',
  HeadphoneAudioExposureEvent: 'headphone_audio_exposure_event',
  HandwashingEvent: 'handwashing',
  ToothbrushingEvent: 'toothbrushing',
  SexualActivity: 'sexual_activity',
  IntermenstrualBleeding: 'intermenstrual_bleeding',
  BleedingDuringPregnancy: 'bleeding_during_pregnancy',
  BleedingAfterPregnancy: 'bleeding_after_pregnancy',
  Contraceptive: 'contraceptive_use',
  Pregnancy: 'pregnancy',
  Lactation: 'lactation',
  InfrequentMenstrualCycles: 'cycle_deviation_event',
  IrregularMenstrualCycles: 'cycle_deviation_event',
  PersistentIntermenstrualBleeding: 'cycle_deviation_event',
  ProlongedMenstrualPeriods: 'cycle_deviation_event',
}

/** Words of the reproductive metrics, by type and value without its prefix. */
const words: Readonly<
  Record<string, { readonly metric: string; readonly words: Readonly<Record<string, string>> }>
> = {
  MenstrualFlow: {
    metric: 'menstrual_flow',
    words: { None: 'none', Unspecified: 'unspecified', Light: 'light', Medium: 'medium', Heavy: 'heavy' },
  },
  OvulationTestResult: {
    metric: 'ovulation_test',
    words: {
      Negative: 'negative',
      Positive: 'positive',
      LuteinizingHormoneSurge: 'positive',
      EstrogenSurge: 'estrogen surge',
      Indeterminate: 'indeterminate',
    },
  },
  CervicalMucusQuality: {
    metric: 'cervical_mucus',
    words: { Dry: 'dry', Sticky: 'sticky', Creamy: 'creamy', Watery: 'watery', EggWhite: 'egg white' },
  },
  PregnancyTestResult: {
    metric: 'pregnancy_test',
    words: { Negative: 'negative', Positive: 'positive', Indeterminate: 'indeterminate' },
  },
  ProgesteroneTestResult: {
    metric: 'progesterone_test',
    words: { Negative: 'negative', Positive: 'positive', Indeterminate: 'indeterminate' },
  },
}

/** Symptoms with a severity, by type: the metric is `symptom_…`. */
const symptoms: Readonly<Record<string, string>> = {
  AbdominalCramps: 'symptom_abdominal_pain',
  Acne: 'symptom_acne',
  BladderIncontinence: 'symptom_bladder_incontinence',
  Bloating: 'symptom_bloating',
  BreastPain: 'symptom_breast_pain',
  ChestTightnessOrPain: 'symptom_chest_pain',
  Chills: 'symptom_chills',
  Constipation: 'symptom_constipation',
  Coughing: 'symptom_cough',
  Diarrhea: 'symptom_diarrhea',
  Dizziness: 'symptom_dizziness',
  DrySkin: 'symptom_dry_skin',
  Fainting: 'symptom_fainting',
  Fatigue: 'symptom_fatigue',
  Fever: 'symptom_fever',
  GeneralizedBodyAche: 'symptom_pain',
  HairLoss: 'symptom_hair_loss',
  Headache: 'symptom_headache',
  Heartburn: 'symptom_heartburn',
  HotFlashes: 'symptom_hot_flashes',
  LossOfSmell: 'symptom_loss_of_smell',
  LossOfTaste: 'symptom_loss_of_taste',
  LowerBackPain: 'symptom_back_pain',
  MemoryLapse: 'symptom_memory_lapse',
  Nausea: 'symptom_nausea',
  NightSweats: 'symptom_night_sweats',
  PelvicPain: 'symptom_pelvic_pain',
  RapidPoundingOrFlutteringHeartbeat: 'symptom_palpitations',
  RunnyNose: 'symptom_runny_nose',
  ShortnessOfBreath: 'symptom_shortness_of_breath',
  SinusCongestion: 'symptom_sinus_congestion',
  SkippedHeartbeat: 'symptom_skipped_heartbeat',
  SoreThroat: 'symptom_sore_throat',
  VaginalDryness: 'symptom_vaginal_dryness',
  Vomiting: 'symptom_vomiting',
  Wheezing: 'symptom_wheezing',
}

/** Apple's grades as words of the symptom metrics, which say what number each stands for. */
const severities: Readonly<Record<string, string>> = {
  NotPresent: 'not present',
  Mild: 'mild',
  Moderate: 'moderate',
  Severe: 'severe',
}

const prefix = 'HKCategoryTypeIdentifier'
const valuePrefix = 'HKCategoryValue'
const notApplicable = 'HKCategoryValueNotApplicable'

/** What a category record says; undefined when it has no number. */
export function readCategory(type: string, value: string): CategoryReading | undefined {
  if (!type.startsWith(prefix)) return undefined
  const name = type.slice(prefix.length)
  const ending = (kind: string) =>
    value.startsWith(valuePrefix + kind) ? value.slice(valuePrefix.length + kind.length) : ''
  if (name === 'SleepAnalysis') return minutes(own(sleepStages, ending('SleepAnalysis')))
  if (name === 'MindfulSession') return minutes('mindful_minutes')
  if (name === 'AppleStandHour') {
    if (ending('AppleStandHour') === 'Stood') return { metric: 'stand_hours', as: 'number', value: 1 }
    return ending('AppleStandHour') === 'Idle' ? { metric: 'stand_hours', as: 'number', value: 0 } : undefined
  }
  const event = own(events, name)
  if (event) return { metric: event, as: 'event', detail: value === notApplicable ? '' : value }
  const list = own(words, name)
  if (list) {
    const kinds = [name, 'VaginalBleeding']
    const word = kinds.map((kind) => own(list.words, ending(kind))).find((found) => found !== undefined)
    return word ? { metric: list.metric, as: 'word', word } : undefined
  }
  const symptom = own(symptoms, name)
  const severity = own(severities, ending('Severity'))
  return symptom && severity ? { metric: symptom, as: 'word', word: severity } : undefined
}

export const categoryMetrics: readonly string[] = [
  ...Object.values(sleepStages),
  ...Object.values(events),
  ...Object.values(symptoms),
  ...Object.values(words).map((list) => list.metric),
  'mindful_minutes',
  'stand_hours',
]

function minutes(metric: string | undefined): CategoryReading | undefined {
  return metric ? { metric, as: 'minutes' } : undefined
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
