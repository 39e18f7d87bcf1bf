/** Tables of a person's own, and rows as `export csv` writes them; all values are made up. */
import type { TableMapping } from '../../../../src/importers/csv/mapping.ts'
import { tableLaws } from '../law-fixture.ts'

export const cuffTable = [
  'My cuff',
  '',
  'Date;Time;SYS;DIA;Pulse;Weight;Comment;Tags;Posture',
  '13.01.2026;08:00;125;83;64;81,4;"after; coffee";home, left;sitting',
  '02.02.2026;20:15;119;79;;;;;',
  '',
].join('\r\n')

export const cuffMapping: TableMapping = {
  version: 1,
  decimalComma: true,
  time: { columns: ['Date', 'Time'], format: 'text', zone: 'Europe/Berlin' },
  values: [
    { metric: 'bp', columns: ['SYS', 'DIA'], unit: 'mmHg' },
    { metric: 'heart_rate', columns: ['pulse'] },
    { metric: 'weight', columns: ['Weight'], unit: 'kg' },
  ],
  note: ['Comment'],
  tags: ['Tags'],
  context: ['Posture'],
  source: 'Cuff',
}

export const ownHeader =
  'id,metric,loinc,component,start,end,offset,value,unit,original_value,original_unit,source_app,source_device,note,tags,context,zone,flags,imports'

const day = (number: number) => `2026-03-0${number}T08:15:00+01:00`
export const ownRows = [
  `weight.a.0,weight,29463-7,,${day(1)},${day(1)},60,81.4,kg,179.5,[lb_av],Withings,Body+,"'=1+1 \\\\ x","a;b\\;c",,,,i1`,
  `heart_rate.a.0,heart_rate,8867-4,,${day(2)},${day(2)},60,61,/min,,,Watch,,,,resting,Europe/Berlin,,i1`,
  `heart_rate.b.0,heart_rate,8867-4,,${day(3)},${day(3)},60,62,/min,,,Watch,,,,,,,i1`,
  `workout.a.0,workout,,,${day(4)},2026-03-04T08:45:00+01:00,60,30,min,,,Watch,,,,running,,,i1`,
]
export const ownPressure = [
  `blood_pressure.a.0,blood_pressure,8480-6,systolic,${day(5)},${day(5)},60,128,mm[Hg],,,manual,,,,,,manual,`,
  `blood_pressure.a.0,blood_pressure,8462-4,diastolic,${day(5)},${day(5)},60,82,mm[Hg],,,manual,,,,,,manual,`,
]

export const laws = tableLaws('csv', 'measurements.csv', { head: [ownHeader], rows: ownRows })
