/**
 * Categories of single values by published cut-points, for the feedback of `log` and `show`.
 *
 * Each category carries its citation. A category describes a reading, it is no diagnosis: guidelines diagnose from
 * repeated readings. Values are in the catalogue's canonical units.
 */

export interface Citation {
  readonly text: string
  readonly doi: string | null
}

export interface Category {
  /** Stable id: `stage_2`. */
  readonly id: string
  /** Plain words: `stage 2 range`. */
  readonly label: string
  /** The reading needs help now; the text says what to do. */
  readonly urgent?: string
  readonly citation: Citation
}

/** The person's region decides which guideline speaks first. */
export type Region = 'us' | 'eu' | 'uk' | 'other'

const accAha2017: Citation = {
  text: '2017 ACC/AHA guideline for high blood pressure in adults, table 6',
  doi: '10.1161/HYP.0000000000000065',
}
const esc2024: Citation = {
  text: '2024 ESC guidelines for elevated blood pressure and hypertension',
  doi: '10.1093/eurheartj/ehae178',
}
const ada: Citation = {
  text: 'American Diabetes Association, Standards of Care: diagnosis and classification of diabetes',
  doi: '10.2337/dc24-S002',
}
const who894: Citation = { text: 'WHO Technical Report Series 894 (2000): obesity', doi: null }
const battelino2019: Citation = {
  text: 'Battelino et al. 2019, international consensus on time in range',
  doi: '10.2337/dci19-0028',
}

/** The guideline of the region speaks first; both can be shown. */
export function bloodPressureCategory(systolic: number, diastolic: number, region: Region): Category {
  const urgent = hypertensiveUrgency(systolic, diastolic)
  const base = region === 'us' ? accAha(systolic, diastolic) : esc(systolic, diastolic)
  return urgent === undefined ? base : { ...base, urgent }
}

/** ACC/AHA 2017: a reading belongs to the higher of its two categories. */
function accAha(systolic: number, diastolic: number): Category {
  const citation = accAha2017
  if (systolic >= 140 || diastolic >= 90) return { id: 'stage_2', label: 'stage 2 range', citation }
  if (systolic >= 130 || diastolic >= 80) return { id: 'stage_1', label: 'stage 1 range', citation }
  if (systolic >= 120) return { id: 'elevated', label: 'elevated', citation }
  return { id: 'normal', label: 'normal', citation }
}

/** ESC 2024 office blood pressure: non-elevated < 120/70, elevated below 140/90, hypertension from there. */
function esc(systolic: number, diastolic: number): Category {
  const citation = esc2024
  if (systolic >= 140 || diastolic >= 90) return { id: 'hypertension', label: 'hypertension range', citation }
  if (systolic >= 120 || diastolic >= 70) return { id: 'elevated', label: 'elevated', citation }
  return { id: 'non_elevated', label: 'non-elevated', citation }
}

/** ACC/AHA 2017, section 11.2: above 180 and/or 120 mmHg needs action; with organ symptoms it is an emergency. */
function hypertensiveUrgency(systolic: number, diastolic: number): string | undefined {
  if (systolic <= 180 && diastolic <= 120) return undefined
  return (
    'Above 180/120: rest five minutes and measure again. If it stays there, call your doctor now. With chest pain, ' +
    'breathlessness, weakness or numbness, trouble speaking or seeing, or severe headache: call emergency services.'
  )
}

/** Molar mass of glucose, g/mol, over ten: mg/dL of one mmol/L. */
const glucoseMgPerDlOfMmolPerL = 18.0156

/**
 * Fasting plasma glucose and low-glucose alert levels; mmol/L. The guidelines state their cut-points in whole mg/dL
 * and print rounded mmol/L beside them, so readings are compared in whole mg/dL. Without the fasting context only
 * lows are named.
 */
export function glucoseCategory(mmolPerL: number, context: string | undefined): Category | undefined {
  const mgPerDl = Math.round(mmolPerL * glucoseMgPerDlOfMmolPerL)
  if (mgPerDl < 54) {
    return {
      id: 'level_2_low',
      label: 'level 2 low glucose',
      urgent:
        'Below 3.0 mmol/L (54 mg/dL): take fast-acting sugar now and measure again in 15 minutes. If drowsy, confused ' +
        'or unable to swallow, someone must call emergency services.',
      citation: battelino2019,
    }
  }
  if (mgPerDl < 70) return { id: 'level_1_low', label: 'level 1 low glucose', citation: battelino2019 }
  if (context !== 'fasting') return undefined
  if (mgPerDl >= 126) return { id: 'diabetes_range', label: 'diabetes range (fasting)', citation: ada }
  if (mgPerDl >= 100) return { id: 'prediabetes_range', label: 'prediabetes range (fasting)', citation: ada }
  return { id: 'normal', label: 'normal (fasting)', citation: ada }
}

/** HbA1c in NGSP percent. */
export function hba1cCategory(percent: number): Category {
  if (percent >= 6.5) return { id: 'diabetes_range', label: 'diabetes range', citation: ada }
  if (percent >= 5.7) return { id: 'prediabetes_range', label: 'prediabetes range', citation: ada }
  return { id: 'normal', label: 'normal', citation: ada }
}

/** Body mass index of adults, kg/m². */
export function bmiCategory(kgPerM2: number): Category {
  const citation = who894
  if (kgPerM2 < 18.5) return { id: 'underweight', label: 'underweight', citation }
  if (kgPerM2 < 25) return { id: 'normal', label: 'normal range', citation }
  if (kgPerM2 < 30) return { id: 'overweight', label: 'overweight', citation }
  return { id: 'obese', label: 'obesity range', citation }
}

/**
 * The category of a reading, or undefined where no published cut-point applies.
 *
 * @param values canonical values in component order
 */
export function categoryOf(
  metric: string,
  values: readonly number[],
  context: string | undefined,
  region: Region,
): Category | undefined {
  const [first, second] = values
  if (first === undefined) return undefined
  switch (metric) {
    case 'blood_pressure':
      return second === undefined ? undefined : bloodPressureCategory(first, second, region)
    case 'glucose':
      return glucoseCategory(first, context)
    case 'hba1c':
      return hba1cCategory(first)
    case 'bmi':
      return bmiCategory(first)
    default:
      return undefined
  }
}
