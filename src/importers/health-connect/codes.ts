/** Codes of Health Connect (AOSP, packages/modules/HealthFitness, framework/…/health/connect/datatypes). */

export type Words = Readonly<Record<number, string>>

/** The words of a list by their position; '' has no meaning of its own. */
function words(list: string): Words {
  return Object.fromEntries(list.split(' ').flatMap((word, code) => (word === '-' ? [] : [[code, word]])))
}

/** ExerciseSessionType. */
export const exerciseTypes = words(
  '- badminton baseball basketball biking biking_stationary boot_camp boxing calisthenics cricket dancing ' +
    'exercise_class fencing football_american football_australian frisbee_disc golf guided_breathing gymnastics ' +
    'handball high_intensity_interval_training hiking ice_hockey ice_skating martial_arts paddling paragliding ' +
    'pilates racquetball rock_climbing roller_hockey rowing rugby running running_treadmill sailing scuba_diving ' +
    'skating skiing snowboarding snowshoeing soccer softball squash stair_climbing strength_training stretching ' +
    'surfing swimming_open_water swimming_pool table_tennis tennis volleyball walking water_polo weightlifting ' +
    'wheelchair yoga other_workout stair_climbing_machine elliptical rowing_machine',
)

/** SymptomRecord; each is looked for among the symptoms of the catalogue, the others keep their name. */
export const symptomTypes = words(
  '- abdominal_pain acne back_pain bloating brain_fog breast_tenderness brittle_nails burning_mouth chest_pain ' +
    'chest_tightness chills constipation cough cramps cravings dehydration diarrhea difficulty_swallowing dizziness ' +
    'dry_skin earaches fatigue fever generalized_body_ache hair_loss headache heartburn heart_palpitations ' +
    'hot_flashes insomnia joint_pain joint_stiffness loss_of_appetite loss_of_consciousness lower_back_pain ' +
    'memory_lapse mood_change muscle_pain nausea night_sweats pelvic_pain ' +
    'rapid_pounding_or_fluttering_heartbeat reduced_capacity_for_exercise runny_nose shortness_of_breath ' +
    'skipped_heartbeat sleepiness sleep_changes sneezing snore sore_throat stomach_ache stuffy_nose ' +
    'unexplained_weight_changes vaginal_dryness vaginal_itchiness vomiting water_retention wheezing',
)

/** SymptomRecord severities, as the catalogue's words have them. 0 (unspecified) is no number. */
export const severities: Readonly<Record<number, number>> = { 1: 3, 2: 6, 3: 9 }

/** SleepSessionRecord.StageType; 0 (unknown) and 3 (out of bed) are no stage of the catalogue. */
export const sleepStages: Readonly<Record<number, string>> = {
  1: 'sleep_awake',
  2: 'sleep_asleep',
  4: 'sleep_core',
  5: 'sleep_deep',
  6: 'sleep_rem',
  7: 'sleep_awake',
}

export const mealTypes = words('- breakfast lunch dinner snack')
/** BloodGlucoseRecord.RelationToMealType; 1 (general) says nothing. */
export const mealRelations = words('- - fasting before_meal after_meal')
export const specimens = words('- interstitial_fluid capillary_blood plasma serum tears whole_blood')
export const interstitialFluid = 1
export const cuffLocations = words('- left_wrist right_wrist left_upper_arm right_upper_arm')
export const bodyPositions = words('- standing sitting lying_down reclining')
export const thermometerLocations = words(
  '- armpit finger forehead mouth rectum temporal_artery toe ear wrist vagina',
)
export const skinLocations = words('- finger toe wrist')
export const vo2Methods = words(
  'other metabolic_cart heart_rate_ratio cooper_test multistage_fitness_test rockport_fitness_test',
)
export const protections = words('- protected unprotected')
export const sensations = words('- light medium heavy')
export const mindfulnessTypes = words('- meditation other breathing music movement unguided')

/** MenstruationFlowRecord → the catalogue's menstrual flow; unknown (0) is bleeding of unspecified amount. */
export const flows: Readonly<Record<number, number>> = { 0: 1, 1: 2, 2: 3, 3: 4 }
/** OvulationTestRecord (inconclusive, positive, high, negative) → the catalogue's ovulation test. */
export const ovulationResults: Readonly<Record<number, number>> = { 0: 2, 1: 1, 2: 3, 3: 0 }
/** CervicalMucusRecord appearance; unknown (0) and unusual (6) have no place in the catalogue's order. */
export const appearances: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5 }

/** Metadata.RecordingMethod: typed by the person. */
export const manualEntry = 3

/** A code of a column; some columns of codes have the affinity TEXT. NaN when it is none. */
export function codeOf(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN
}
