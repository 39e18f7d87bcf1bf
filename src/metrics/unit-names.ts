/**
 * What units are called: for each UCUM code the label for people and the spellings found in files and typed by
 * people. Conversion factors depend on the metric and live in the catalogue.
 *
 * UCUM codes: https://ucum.org/ucum (case-sensitive form).
 */
import type { AcceptedUnit } from './types.ts'

/** UCUM code → [label, spellings…]. The code and the label are always accepted and not repeated. */
const namesByUcum: Readonly<Record<string, readonly [string, ...string[]]>> = {
  '1': ['fraction', 'ratio'],
  '%': ['%', 'percent', 'pct'],
  '/min': [
    '/min',
    'bpm',
    'beats/min',
    'count/min',
    'breaths/min',
    'brpm',
    '1/min',
    'per minute',
    '{beats}/min',
  ],
  '/h': ['/h', 'per hour', 'events/h', 'count/h'],
  '[pH]': ['pH', 'ph units'],
  '{INR}': ['INR'],
  '{steps}': ['steps', 'step', 'count', 'steps/day'],
  '{count}': ['times', 'count', 'x', 'time', 'units'],
  '{floors}': ['floors', 'floor', 'flights', 'flight', 'count'],
  '{strokes}': ['strokes', 'stroke', 'count'],
  '{pushes}': ['pushes', 'push', 'count'],
  '{drinks}': ['drinks', 'drink', 'count', 'standard drinks', 'beverages'],
  '{puffs}': ['puffs', 'puff', 'count'],
  '{cigarettes}': ['cigarettes', 'cigarette', 'cigs', 'count'],
  '{score}': ['points', 'point', 'pts', 'score'],
  '{index}': ['index', 'count'],
  '{grade}': ['grade', 'plus'],
  '/[HPF]': ['/HPF', 'per hpf', 'cells/hpf'],
  '{METs}': ['MET', 'mets'],
  mV: ['mV', 'millivolts'],
  kg: ['kg', 'kgs', 'kilogram', 'kilograms', 'kilo', 'kilos'],
  g: ['g', 'gram', 'grams', 'gr'],
  mg: ['mg', 'milligram', 'milligrams'],
  ug: ['µg', 'mcg', 'microgram', 'micrograms'],
  '[lb_av]': ['lb', 'lbs', 'pound', 'pounds', '#'],
  '[oz_av]': ['oz', 'ounce', 'ounces'],
  '[stone_av]': ['st', 'stone', 'stones'],
  m: ['m', 'meter', 'meters', 'metre', 'metres'],
  cm: ['cm', 'centimeter', 'centimeters', 'centimetre', 'centimetres'],
  mm: ['mm', 'millimeter', 'millimeters', 'millimetre', 'millimetres'],
  km: ['km', 'kilometer', 'kilometers', 'kilometre', 'kilometres'],
  '[in_i]': ['in', 'inch', 'inches', '"', '″', '[in_us]'],
  '[ft_i]': ['ft', 'foot', 'feet', "'", '′'],
  '[yd_i]': ['yd', 'yard', 'yards'],
  '[mi_i]': ['mi', 'mile', 'miles'],
  'm/s': ['m/s', 'mps'],
  'km/h': ['km/h', 'kmh', 'kph', 'km/hr'],
  '[mi_i]/h': ['mph', 'mi/h', 'mi/hr'],
  '[ft_i]/s': ['ft/s', 'fps'],
  Cel: ['°C', 'C', 'degC', 'celsius', 'deg C', 'degrees celsius'],
  '[degF]': ['°F', 'F', 'degF', 'fahrenheit', 'deg F', 'degrees fahrenheit'],
  K: ['K', 'kelvin'],
  'mm[Hg]': ['mmHg', 'mm Hg', 'torr', 'millimeters of mercury'],
  kPa: ['kPa', 'kilopascal'],
  'cm[H2O]': ['cmH2O', 'cmAq'],
  ms: ['ms', 'msec', 'millisecond', 'milliseconds'],
  s: ['s', 'sec', 'secs', 'second', 'seconds'],
  min: ['min', 'mins', 'minute', 'minutes'],
  h: ['h', 'hr', 'hrs', 'hour', 'hours'],
  a: ['years', 'yr', 'yrs', 'year', 'y'],
  wk: ['weeks', 'week', 'wks'],
  d: ['d', 'day', 'days'],
  kcal: ['kcal', 'Cal', '[Cal]', 'kcals', 'Calories', 'kilocalories', 'kcal_th'],
  kJ: ['kJ', 'kilojoule', 'kilojoules'],
  'kcal/h/kg': ['kcal/h/kg', 'kcal/hr·kg', 'kcal/(h.kg)', 'kcal/(kg.h)'],
  'kcal/d': ['kcal/day', 'kcal/d', 'Cal/day'],
  'kJ/d': ['kJ/day'],
  kW: ['kW', 'kilowatt', 'kilowatts'],
  W: ['W', 'watt', 'watts'],
  'dB[SPL]': ['dB', 'dBA', 'dBASPL', 'dBSPL', 'dB(A)', 'dB(SPL)'],
  'dB{HL}': ['dBHL', 'dB HL', 'dB(HL)', 'dB'],
  uS: ['µS', 'mcS', 'microsiemens'],
  L: ['L', 'liter', 'liters', 'litre', 'litres'],
  mL: ['mL', 'milliliter', 'milliliters', 'millilitre', 'millilitres', 'cc'],
  'L/min': ['L/min', 'lpm', 'liters/min', 'litres/min'],
  'L/s': ['L/s'],
  '[foz_us]': ['fl oz', 'fl_oz_us', 'fl oz us', 'floz', 'fluid ounce', 'fluid ounces', 'oz'],
  '[foz_br]': ['fl oz (imp)', 'fl_oz_imp', 'fl oz uk', 'fl oz imp'],
  '[cup_us]': ['cups', 'cup', 'cup_us', 'cups us'],
  '[pt_br]': ['pint (imp)', 'pt_imp', 'imperial pint'],
  'kg/m2': ['kg/m²', 'kg/m^2', 'count'],
  'mL/kg/min': ['mL/kg/min', 'ml/min·kg', 'mL/(kg.min)', 'mL/min/kg', 'mL/(min.kg)', 'ml/(kg·min)'],
  'mL/min/{1.73_m2}': ['mL/min/1.73 m²', 'mL/min/1.73m2', 'ml/min/1.73', 'mL/min/1.73m^2', 'mL/min/{1.73m2}'],
  'mL/min': ['mL/min'],
  'mg/dL': ['mg/dL', 'mg/100ml', 'mg%'],
  'mg/L': ['mg/L'],
  'mg/mL': ['mg/mL'],
  'g/dL': ['g/dL', 'gm/dL', 'g/100ml', 'g%'],
  'g/L': ['g/L', 'gm/L'],
  'ug/dL': ['µg/dL', 'mcg/dL'],
  'ug/L': ['µg/L', 'mcg/L'],
  'ug/mL': ['µg/mL', 'mcg/mL'],
  'ng/dL': ['ng/dL'],
  'ng/mL': ['ng/mL'],
  'ng/L': ['ng/L'],
  'pg/mL': ['pg/mL'],
  pg: ['pg', 'picogram'],
  fL: ['fL', 'femtoliter', 'um3', 'um^3'],
  'mmol/L': ['mmol/L', 'mmol', 'mM', 'millimol/L'],
  'umol/L': ['µmol/L', 'mcmol/L', 'uM', 'micromol/L'],
  'nmol/L': ['nmol/L', 'nM'],
  'pmol/L': ['pmol/L', 'pM'],
  'meq/L': ['mEq/L'],
  'mmol/mol': ['mmol/mol', 'mmol/mol{Hb}'],
  'mg/g': ['mg/g', 'mg/g{creat}', 'ug/mg', 'mg/gCr'],
  'mg/mmol': ['mg/mmol', 'mg/mmol{creat}'],
  'mosm/kg': ['mOsm/kg', 'mOsmol/kg'],
  'mmol/kg': ['mmol/kg'],
  'U/L': ['U/L', 'IU/L', 'units/L', '[IU]/L'],
  'ukat/L': ['µkat/L'],
  '[IU]': ['IU', 'U', 'units', 'unit', '[iU]', 'u'],
  'm[IU]/L': ['mIU/L', 'mU/L', 'm[iU]/L'],
  'u[IU]/mL': ['µIU/mL', 'uIU/mL', 'µU/mL', 'uU/mL', 'mcIU/mL', 'u[iU]/mL'],
  'm[IU]/mL': ['mIU/mL', 'mU/mL', 'm[iU]/mL'],
  '[IU]/L': ['IU/L', 'U/L', '[iU]/L'],
  '[IU]/mL': ['IU/mL', 'U/mL', '[iU]/mL', 'units/mL'],
  'k[IU]/L': ['kIU/L', 'kU/L', 'k[iU]/L'],
  "[arb'U]/mL": ['U/mL', 'arb U/mL', 'arbU/mL', 'kU/L'],
  '10*3/uL': ['×10³/µL', '10^3/uL', 'K/uL', 'thou/uL', '10e3/uL', 'thousand/uL', 'k/mm3', '10^3/mm3'],
  '10*9/L': ['×10⁹/L', '10^9/L', '10e9/L', 'giga/L', 'gpt/L', 'bil/L'],
  '10*6/uL': ['×10⁶/µL', '10^6/uL', 'M/uL', 'mill/uL', '10e6/uL', 'million/uL', '10^6/mm3'],
  '10*12/L': ['×10¹²/L', '10^12/L', '10e12/L', 'tera/L', 'tpt/L'],
  '/uL': ['/µL', 'cells/uL', 'cells/mcL', '/mm3'],
  'L/L': ['L/L'],
  'mm/h': ['mm/h', 'mm/hr'],
  'ng{FEU}/mL': ['ng/mL FEU', 'ng/mL', 'ug/L FEU', 'ug{FEU}/L', 'ug/L', 'ng/mL{FEU}'],
  'ug{FEU}/mL': ['µg/mL FEU', 'mg/L FEU', 'mg{FEU}/L', 'ug/mL', 'mg/L', 'ug/mL{FEU}'],
  'ng{DDU}/mL': ['ng/mL DDU', 'ng/mL', 'ug/L DDU', 'ug{DDU}/L', 'ug/L', 'ng/mL{DDU}'],
}

/**
 * A unit with its conversion: canonical = factor · value + offset. The first unit of a metric keeps the defaults.
 * Units without an entry in the table above show their UCUM code.
 */
export function unit(ucum: string, factor = 1, offset = 0): AcceptedUnit {
  const [label, ...spellings] = namesByUcum[ucum] ?? [ucum]
  return { ucum, spellings, label: label as string, factor, offset }
}

const superscriptDigits = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** The form in which spellings are compared: without case, blanks, typographic variants and a leading `×`. */
export function spellingKey(text: string): string {
  return text
    .replace(
      /[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g,
      (digits) => `^${[...digits].map((digit) => superscriptDigits.indexOf(digit)).join('')}`,
    )
    .replace(/[\s\u00a0\u2009\u202f]+/g, '')
    .replace(/[µμ]/g, 'u')
    .replace(/[·⋅∙]/g, '.')
    .replace(/º/g, '°')
    .replace(/^[×x](?=10)/i, '')
    .toLowerCase()
}
