/** A Clarity export as Dexcom's own columns define it; all values are made up. */
import { tableLaws } from '../law-fixture.ts'
export const clarityHeader = (unit = 'mg/dL') =>
  `Index,Timestamp (YYYY-MM-DDThh:mm:ss),Event Type,Event Subtype,Patient Info,Device Info,Source Device ID,Glucose Value (${unit}),Insulin Value (u),Carb Value (grams),Duration (hh:mm:ss),Glucose Rate of Change (${unit}/min),Transmitter Time (Long Integer),Transmitter ID`

export const clarityRows = [
  '1,,FirstName,,Ada,,,,,,,,,',
  '2,,Device,,,Dexcom G6 Receiver,R1,,,,,,,',
  '3,,Alert,High,,,R1,250,,,,,,',
  '4,2026-01-05T08:00:00,EGV,,,,R1,110,,,,,1000,T1',
  '5,2026-01-05T08:05:00,EGV,,,,R1,Low,,,,,1300,T1',
  '6,2026-01-05T08:10:00,EGV,,,,R1,High,,,,,1600,T1',
  '7,2026-01-05T08:12:00,Calibration,,,,R1,104,,,,,,',
  '8,2026-01-05T08:15:00,Insulin,Fast-Acting,,,R1,,4.5,,,,,',
  '9,2026-01-05T08:16:00,Carbs,,,,R1,,,30,,,,',
  '10,2026-01-05T17:00:00,Exercise,Medium,,,R1,,,,00:45:00,,,',
  '11,2026-01-05T20:00:00,Health,Stress,,,R1,,,,,,,',
]

export const clarityFixture = [clarityHeader(), ...clarityRows, ''].join('\r\n')

export const laws = tableLaws('dexcom-clarity', 'clarity.csv', {
  head: [clarityHeader(), ...clarityRows.slice(0, 2)],
  rows: clarityRows.slice(2),
  end: '\r\n',
})
