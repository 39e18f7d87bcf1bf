/** A Withings weight.csv, newest first; all values are made up. */
import { tableLaws } from '../law-fixture.ts'

export const laws = tableLaws('withings', 'weight.csv', {
  head: ['Date,Weight (kg),Fat mass (kg),Bone mass (kg),Muscle mass (kg),Hydration (kg),Comments'],
  rows: [
    '2026-02-20 07:44:46,81.00,18.2,3.1,59.0,,',
    '2026-02-19 07:44:46,81.20,,,,,after the gym',
    '2026-02-18 07:40:00,81.30,18.4,3.1,58.9,,',
    '2026-02-17 07:41:00,81.10,18.3,3.1,58.8,,',
  ],
})
