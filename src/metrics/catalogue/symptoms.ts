/**
 * Symptoms by severity from 0 (none) to 10 (worst imaginable); a day's value is its worst. A symptom that is not
 * here is logged under `symptom` with its name as context.
 *
 * The words stand for Apple Health's category values (not present 0, mild 3, moderate 6, severe 9; mapping is ours).
 */
import { boundsSources, group, type Row } from './row.ts'
import { score } from './units.ts'

/** Id without the prefix, name, further names. */
const symptomNames: readonly (readonly [string, string, readonly string[]])[] = [
  ['headache', 'Headache', ['migraine']],
  ['fatigue', 'Fatigue', ['tiredness', 'tired', 'exhaustion']],
  ['nausea', 'Nausea', ['feeling_sick']],
  ['vomiting', 'Vomiting', []],
  ['pain', 'Pain', ['body_ache', 'generalized_body_ache', 'aches']],
  ['back_pain', 'Back pain', ['lower_back_pain', 'backache', 'low_back_pain']],
  ['neck_pain', 'Neck pain', []],
  ['joint_pain', 'Joint pain', ['arthralgia']],
  ['muscle_pain', 'Muscle pain', ['myalgia']],
  ['abdominal_pain', 'Abdominal pain', ['abdominal_cramps', 'stomach_ache', 'belly_pain', 'stomach_pain']],
  ['pelvic_pain', 'Pelvic pain', ['period_pain', 'menstrual_cramps', 'dysmenorrhea']],
  ['breast_pain', 'Breast pain', ['breast_tenderness']],
  ['chest_pain', 'Chest pain', ['chest_tightness_or_pain']],
  ['chest_tightness', 'Chest tightness', []],
  ['sore_throat', 'Sore throat', []],
  ['cough', 'Cough', ['coughing']],
  ['shortness_of_breath', 'Shortness of breath', ['dyspnea', 'dyspnoea', 'breathlessness']],
  ['wheezing', 'Wheezing', ['wheeze']],
  ['runny_nose', 'Runny nose', ['rhinorrhea']],
  ['sinus_congestion', 'Sinus congestion', ['nasal_congestion', 'stuffy_nose', 'congestion']],
  ['loss_of_smell', 'Loss of smell', ['anosmia']],
  ['loss_of_taste', 'Loss of taste', ['ageusia']],
  ['fever', 'Fever', ['feverishness']],
  ['chills', 'Chills', []],
  ['night_sweats', 'Night sweats', ['sweating']],
  ['hot_flashes', 'Hot flashes', ['hot_flushes', 'hot_flash']],
  ['dizziness', 'Dizziness', ['lightheadedness', 'vertigo']],
  ['fainting', 'Fainting', ['syncope']],
  ['palpitations', 'Palpitations', ['rapid_pounding_or_fluttering_heartbeat']],
  ['skipped_heartbeat', 'Skipped heartbeat', []],
  ['diarrhea', 'Diarrhoea', ['diarrhoea']],
  ['constipation', 'Constipation', []],
  ['bloating', 'Bloating', []],
  ['heartburn', 'Heartburn', ['acid_reflux', 'reflux']],
  ['appetite_changes', 'Appetite changes', ['loss_of_appetite']],
  ['acne', 'Acne', []],
  ['dry_skin', 'Dry skin', []],
  ['itching', 'Itching', ['pruritus', 'itch']],
  ['rash', 'Rash', ['skin_rash', 'hives']],
  ['hair_loss', 'Hair loss', []],
  ['mood_changes', 'Mood changes', ['mood_swings']],
  ['sleep_changes', 'Sleep changes', ['insomnia']],
  ['memory_lapse', 'Memory lapse', ['brain_fog', 'forgetfulness']],
  ['bladder_incontinence', 'Bladder incontinence', ['urinary_incontinence']],
  ['urinary_urgency', 'Urinary urgency', ['frequent_urination']],
  ['vaginal_dryness', 'Vaginal dryness', []],
  ['swelling', 'Swelling', ['edema', 'oedema', 'swollen_legs']],
  ['numbness', 'Numbness', ['tingling', 'paresthesia']],
  ['tremor', 'Tremor', ['shaking']],
  ['vision_changes', 'Vision changes', ['blurred_vision']],
  ['tinnitus', 'Tinnitus', ['ringing_in_ears']],
]

const severity = {
  units: score,
  plausible: [0, 10],
  hard: [0, 10],
  boundsSource: boundsSources.definition,
  decimals: 0,
  values: { none: 0, 'not present': 0, mild: 3, moderate: 6, severe: 9 },
} as const

export const symptoms = group({ collection: 'symptoms', category: 'symptoms', combine: 'max' }, () => [
  { id: 'symptom', name: 'Symptom (named in the context)', ...severity },
  ...symptomNames.map(
    ([id, name, aliases]): Row => ({
      id: `symptom_${id}`,
      name: `${name} (0–10)`,
      aliases: aliases.map((alias) => `symptom_${alias}`),
      ...(id === 'pain' ? { loinc: '72514-3' } : {}),
      ...severity,
    }),
  ),
])
