/** A backup and an event export as MedTimer's code writes them; all values are made up. */
import { arrayLaws } from '../law-fixture.ts'

export const medicines = [
  {
    medicine: {
      name: 'Ramipril 5 mg',
      color: -16711936,
      amount: 28,
      unit: 'pills',
      notes: 'evening',
      expirationDate: 20_820,
    },
    tags: [{ name: 'heart' }],
    reminders: [
      {
        reminderId: 1,
        timeInMinutes: 1200,
        amount: '1',
        days: [true, true, true, true, true, false, false],
        pauseDays: 0,
        active: true,
        periodStart: 20_454,
      },
      {
        reminderId: 2,
        timeInMinutes: 480,
        amount: '?',
        intervalStart: 1767600000,
        days: [true, true, true, true, true, true, true],
        active: false,
        instructions: 'with water',
      },
    ],
  },
  {
    medicineName: 'Ibuprofen',
    reminders: [{ timeInMinutes: 600, amount: '400 mg', consecutiveDays: 21, pauseDays: 7 }],
  },
]

export const events = [
  {
    reminderEventId: 1,
    medicineName: 'Ramipril 5 mg',
    amount: '1',
    status: 'TAKEN',
    remindedTimestamp: 1767639600,
    processedTimestamp: 1767640200,
    tags: ['heart'],
    notes: 'late',
  },
  {
    reminderEventId: 2,
    medicineName: 'Ramipril 5 mg',
    amount: '1',
    status: 'SKIPPED',
    remindedTimestamp: 1767726000,
    processedTimestamp: 1767726100,
  },
  {
    reminderEventId: 3,
    medicineName: 'Ramipril 5 mg',
    amount: '1',
    status: 'RAISED',
    remindedTimestamp: 1767812400,
    processedTimestamp: 0,
  },
]

export const backup = {
  medicines: { version: 23, list: medicines },
  events: { version: 23, list: events },
  settings: {},
}

export const eventTable = [
  'Reminded;Name;Dosage;Taken;Tags;Interval;Notes;Reminded (ISO 8601);Taken (ISO 8601)',
  '1/5/26 8:00 PM;Ramipril 5 mg;1;1/5/26 8:10 PM;heart;;late;2026-01-05T20:00:00+01:00;2026-01-05T20:10:00+01:00',
  '1/6/26 8:00 PM;Ramipril 5 mg;1;;;;;2026-01-06T20:00:00+01:00;',
  '',
].join('\n')

export const laws = arrayLaws('medtimer', 'MedTimer_Backup.json', events, (part) => ({
  medicines: { version: 23, list: medicines },
  events: { version: 23, list: part },
}))
