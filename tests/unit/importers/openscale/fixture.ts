/** openScale exports by the columns of the app; all values are made up. */
import { tableLaws } from '../law-fixture.ts'
export const openScaleEarly = [
  '"biceps","bone","caliper1","comment","dateTime","fat","hip","lbm","muscle","neck","visceralFat","waist","water","weight"',
  '"0.0","3.1","0.0","morning, fasting","2026-03-04 08:15","18.2","0.0","0.0","42.0","0.0","7.0","88.0","55.1","81.4"',
  '"0.0","0.0","0.0","","05.03.2026 08:20","0.0","0.0","0.0","0.0","0.0","0.0","0.0","0.0","81.1"',
  '',
].join('\n')

export const openScaleLate = [
  'DATE,TIME,BMI,BODY_FAT,BONE,COMMENT,MUSCLE,VISCERAL_FAT,WATER,WEIGHT',
  '2026-03-04,08:15:00,24.5,18.2,3.1,morning,42.0,7.0,55.1,81.4',
  '',
].join('\n')

export const laws = tableLaws('openscale', 'openScale.csv', {
  head: openScaleLate.split('\n').slice(0, 1),
  rows: [
    ...openScaleLate.split('\n').slice(1, -1),
    '2026-03-05,08:10:00,24.4,18.1,3.1,,42.1,7.0,55.2,81.0',
    '2026-03-06,08:20:00,24.3,18.0,3.1,late,42.2,7.0,55.3,80.7',
  ],
})
