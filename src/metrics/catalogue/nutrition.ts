/**
 * Food and drink. Amounts per entry; a day's value is their sum. Upper bounds are far above what one person eats in
 * a day, so that a wrong unit (g for mg, mg for µg) is noticed.
 *
 * Vitamin D also comes in international units: 1 µg = 40 IU (definition of the unit for cholecalciferol). Vitamin A
 * units depend on the compound and are not converted.
 */
import { unit } from '../unit-names.ts'
import { group, type Row } from './row.ts'
import { energy, fluid, grams, micrograms, milligrams, type Units } from './units.ts'

/** Id, name, units, further names, plausible upper bound, decimals. */
type Nutrient = readonly [string, string, Units, readonly string[], number, number]

const vitaminD: Units = [...micrograms, unit('[IU]', 1 / 40)]

const nutrients: readonly Nutrient[] = [
  ['protein', 'Protein', grams, ['dietary_protein'], 300, 0],
  ['carbohydrates', 'Carbohydrates', grams, ['carbs', 'dietary_carbohydrates'], 800, 0],
  ['fibre', 'Fibre', grams, ['fiber', 'dietary_fiber'], 150, 0],
  ['sugar_intake', 'Sugar', grams, ['dietary_sugar', 'sugars'], 500, 0],
  ['fat_total', 'Fat, total', grams, ['fat', 'dietary_fat_total'], 400, 0],
  ['fat_saturated', 'Fat, saturated', grams, ['saturated_fat'], 200, 1],
  ['fat_monounsaturated', 'Fat, monounsaturated', grams, ['monounsaturated_fat'], 200, 1],
  ['fat_polyunsaturated', 'Fat, polyunsaturated', grams, ['polyunsaturated_fat'], 200, 1],
  ['cholesterol_intake', 'Cholesterol eaten', milligrams, ['dietary_cholesterol'], 3000, 0],
  ['sodium_intake', 'Sodium eaten', milligrams, ['dietary_sodium'], 20_000, 0],
  ['potassium_intake', 'Potassium eaten', milligrams, ['dietary_potassium'], 15_000, 0],
  ['calcium_intake', 'Calcium eaten', milligrams, ['dietary_calcium'], 5000, 0],
  ['chloride_intake', 'Chloride eaten', milligrams, ['dietary_chloride'], 30_000, 0],
  ['iron_intake', 'Iron eaten', milligrams, ['dietary_iron'], 200, 1],
  ['magnesium_intake', 'Magnesium eaten', milligrams, ['dietary_magnesium'], 3000, 0],
  ['phosphorus_intake', 'Phosphorus eaten', milligrams, ['dietary_phosphorus'], 6000, 0],
  ['zinc_intake', 'Zinc eaten', milligrams, ['dietary_zinc'], 200, 1],
  ['copper_intake', 'Copper eaten', milligrams, ['dietary_copper'], 50, 2],
  ['manganese_intake', 'Manganese eaten', milligrams, ['dietary_manganese'], 100, 2],
  ['iodine_intake', 'Iodine eaten', micrograms, ['dietary_iodine'], 5000, 0],
  ['selenium_intake', 'Selenium eaten', micrograms, ['dietary_selenium'], 2000, 0],
  ['chromium_intake', 'Chromium eaten', micrograms, ['dietary_chromium'], 3000, 0],
  ['molybdenum_intake', 'Molybdenum eaten', micrograms, ['dietary_molybdenum'], 5000, 0],
  ['vitamin_a_intake', 'Vitamin A eaten', micrograms, ['dietary_vitamin_a'], 50_000, 0],
  ['thiamin_intake', 'Thiamin (B1) eaten', milligrams, ['dietary_thiamin', 'vitamin_b1_intake'], 1000, 2],
  [
    'riboflavin_intake',
    'Riboflavin (B2) eaten',
    milligrams,
    ['dietary_riboflavin', 'vitamin_b2_intake'],
    1000,
    2,
  ],
  ['niacin_intake', 'Niacin (B3) eaten', milligrams, ['dietary_niacin', 'vitamin_b3_intake'], 5000, 1],
  [
    'pantothenic_acid_intake',
    'Pantothenic acid (B5) eaten',
    milligrams,
    ['dietary_pantothenic_acid', 'vitamin_b5_intake'],
    2000,
    1,
  ],
  ['vitamin_b6_intake', 'Vitamin B6 eaten', milligrams, ['dietary_vitamin_b6'], 1000, 2],
  ['biotin_intake', 'Biotin (B7) eaten', micrograms, ['dietary_biotin'], 20_000, 0],
  ['folate_intake', 'Folate eaten', micrograms, ['dietary_folate'], 20_000, 0],
  ['vitamin_b12_intake', 'Vitamin B12 eaten', micrograms, ['dietary_vitamin_b12'], 10_000, 1],
  ['vitamin_c_intake', 'Vitamin C eaten', milligrams, ['dietary_vitamin_c'], 20_000, 0],
  ['vitamin_d_intake', 'Vitamin D eaten', vitaminD, ['dietary_vitamin_d'], 2500, 1],
  ['vitamin_e_intake', 'Vitamin E eaten', milligrams, ['dietary_vitamin_e'], 2000, 1],
  ['vitamin_k_intake', 'Vitamin K eaten', micrograms, ['dietary_vitamin_k'], 5000, 0],
  ['caffeine', 'Caffeine', milligrams, ['dietary_caffeine'], 2000, 0],
]

/** Grams are what every label and application uses; milli- and micrograms are confused, so they must be stated. */
const nutrientRow = ([id, name, units, aliases, high, decimals]: Nutrient): Row => ({
  id,
  name,
  units,
  aliases,
  needsUnit: units !== grams,
  plausible: [0, high],
  decimals,
})

export const nutrition = group({ collection: 'activity', category: 'nutrition', combine: 'sum' }, () => [
  {
    id: 'energy_intake',
    name: 'Energy eaten',
    aliases: ['calories', 'dietary_energy', 'dietary_energy_consumed', 'calories_eaten'],
    units: energy,
    needsUnit: true,
    plausible: [0, 15_000],
    decimals: 0,
  },
  {
    id: 'water',
    name: 'Water drunk',
    aliases: ['dietary_water', 'water_intake', 'hydration', 'fluid_intake'],
    units: fluid,
    needsUnit: true,
    displayUnits: { us: '[foz_us]' },
    plausible: [0, 15_000],
    hard: [0, 60_000],
    decimals: 0,
  },
  {
    id: 'alcohol',
    name: 'Alcoholic drinks (standard drinks)',
    aliases: ['number_of_alcoholic_beverages', 'alcoholic_drinks'],
    units: [unit('{drinks}'), unit('1')],
    plausible: [0, 40],
    decimals: 1,
  },
  {
    id: 'cigarettes',
    name: 'Cigarettes smoked',
    aliases: ['smoking'],
    units: [unit('{cigarettes}'), unit('1')],
    plausible: [0, 120],
    decimals: 0,
  },
  {
    id: 'blood_alcohol',
    name: 'Blood alcohol content',
    aliases: ['bac', 'blood_alcohol_content'],
    units: [unit('%'), unit('1', 100), unit('g/L', 0.1), unit('mg/dL', 0.001)],
    needsUnit: true,
    combine: 'max',
    plausible: [0, 0.6],
    hard: [0, 2],
    decimals: 3,
  },
  ...nutrients.map(nutrientRow),
])
