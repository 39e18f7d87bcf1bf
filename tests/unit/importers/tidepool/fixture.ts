/** Data as Tidepool's model defines them; all values are made up. */
import { arrayLaws } from '../law-fixture.ts'
import { jsonRevision } from '../revision-fixture.ts'

const device = { deviceId: 'DexG6_1', uploadId: 'u1', timezoneOffset: -480 }

export const tidepoolFixture = [
  { type: 'cbg', time: '2026-01-05T08:00:00.000Z', value: 5.55, units: 'mmol/L', id: '1', ...device },
  {
    type: 'cbg',
    time: '2026-01-05T08:05:00.000Z',
    value: 2.2,
    units: 'mmol/L',
    annotations: [{ code: 'bg/out-of-range', value: 'low', threshold: 40 }],
    ...device,
  },
  {
    type: 'smbg',
    subType: 'manual',
    time: '2026-01-05T08:10:00.000Z',
    value: 101,
    units: 'mg/dL',
    ...device,
  },
  { type: 'smbg', time: '2026-01-05T08:11:00.000Z', value: 101, ...device },
  { type: 'bloodKetone', time: '2026-01-05T08:12:00.000Z', value: 0.4, units: 'mmol/L', ...device },
  {
    type: 'bolus',
    subType: 'dual/square',
    time: '2026-01-05T09:00:00.000Z',
    normal: 2,
    extended: 1.5,
    duration: 3_600_000,
    ...device,
  },
  { type: 'insulin', time: '2026-01-05T09:05:00.000Z', dose: { total: 12, units: 'Units' }, ...device },
  { type: 'wizard', time: '2026-01-05T09:00:00.000Z', carbInput: 30, units: 'mmol/L', ...device },
  {
    type: 'food',
    time: '2026-01-05T10:00:00.000Z',
    name: 'apple',
    nutrition: { carbohydrate: { net: 14, units: 'grams' } },
    ...device,
  },
  {
    type: 'physicalActivity',
    time: '2026-01-05T11:00:00.000Z',
    name: 'Walking',
    duration: { value: 1800, units: 'seconds' },
    ...device,
  },
  { type: 'basal', time: '2026-01-05T00:00:00.000Z', rate: 0.8, duration: 3_600_000, ...device },
  { type: 'upload', time: '2026-01-05T12:00:00.000Z', timezone: 'US/Pacific', ...device },
]

export const laws = arrayLaws('tidepool', 'TidepoolExport.json', tidepoolFixture)

const food = (net: number, modifiedTime: string) => [
  {
    ...device,
    type: 'food',
    id: 'f1',
    time: '2026-01-05T10:00:00.000Z',
    modifiedTime,
    nutrition: { carbohydrate: { net, units: 'grams' } },
  },
]

export const revisions = [
  jsonRevision(
    'an edited meal',
    'tidepool',
    'TidepoolExport.json',
    { earlier: food(40, '2026-01-05T10:01:00Z'), later: food(25, '2026-01-05T18:00:00Z') },
    { carbohydrates: { earlier: [40], later: [25] } },
  ),
]
