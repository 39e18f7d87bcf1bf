/** Documents as Nightscout's API writes them; all values are made up. */
import type { LawFixture } from '../law-fixture.ts'
import { jsonRevision } from '../revision-fixture.ts'
export const nightscoutEntries = [
  {
    _id: 'a1',
    type: 'sgv',
    sgv: 115,
    date: 1767600000000,
    dateString: '2026-01-05T09:00:00.000+0100',
    direction: 'Flat',
    device: 'xDrip-DexcomG5',
  },
  {
    _id: 'a2',
    type: 'sgv',
    sgv: 39,
    date: 1767600300000,
    dateString: '2026-01-05T09:05:00.000+0100',
    device: 'xDrip-DexcomG5',
  },
  {
    _id: 'a3',
    type: 'sgv',
    sgv: 5,
    date: 1767600600000,
    dateString: '2026-01-05T09:10:00.000+0100',
    device: 'xDrip-DexcomG5',
  },
  {
    _id: 'a4',
    type: 'mbg',
    mbg: '121',
    date: 1767600900000,
    dateString: '2026-01-05T08:15:00.000Z',
    utcOffset: 60,
    device: 'meter',
  },
  { _id: 'a5', type: 'cal', slope: 846.2, intercept: 30923, date: 1767600900000 },
]

export const nightscoutTreatments = [
  {
    _id: 'b1',
    eventType: 'Meal Bolus',
    created_at: '2026-01-05T12:00:00.000Z',
    insulin: 6.5,
    carbs: 55,
    notes: 'pasta',
    enteredBy: 'x',
  },
  {
    _id: 'b2',
    eventType: 'BG Check',
    created_at: '2026-01-05T12:45:00.000Z',
    glucose: 13.5,
    glucoseType: 'Finger',
    units: 'mmol',
  },
  {
    _id: 'b3',
    eventType: 'BG Check',
    created_at: '2026-01-05T12:50:00.000Z',
    glucose: 120,
    glucoseType: 'Finger',
  },
  { _id: 'b4', eventType: 'Exercise', created_at: '2026-01-05T16:00:00.000Z', duration: 30 },
  { _id: 'b5', eventType: 'Site Change', created_at: '2026-01-05T17:00:00.000Z' },
  {
    _id: 'b6',
    eventType: 'Correction Bolus',
    created_at: '2026-01-05T17:10:00.000Z',
    insulin: 1,
    isValid: false,
  },
]

const documents = [...nightscoutEntries, ...nightscoutTreatments]
/** Entries and treatments lie in files of their own, as the API gives them. */
export const laws: LawFixture = {
  importer: 'nightscout',
  size: documents.length,
  files(from, to) {
    const part = documents.slice(from, to)
    const isEntry = (one: object) => nightscoutEntries.includes(one as never)
    const [entries, treatments] = [part.filter(isEntry), part.filter((one) => !isEntry(one))]
    return {
      ...(entries.length === 0 ? {} : { 'entries.json': JSON.stringify(entries) }),
      ...(treatments.length === 0 ? {} : { 'treatments.json': JSON.stringify(treatments) }),
    }
  },
}

const bolus = (insulin: number, srvModified: number) => [
  { _id: 'c1', eventType: 'Bolus', created_at: '2026-01-05T12:00:00.000Z', insulin, srvModified },
]

export const revisions = [
  jsonRevision(
    'an edited treatment',
    'nightscout',
    'treatments.json',
    { earlier: bolus(6, 1_767_614_400_000), later: bolus(4.5, 1_767_618_000_000) },
    { insulin_dose: { earlier: [6], later: [4.5] } },
  ),
]
