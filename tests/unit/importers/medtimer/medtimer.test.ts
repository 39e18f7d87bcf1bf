import { describe, expect, it } from 'vitest'
import { medTimer } from '../../../../src/importers/medtimer/index.ts'
import { entitiesOf, holdsAgainstDamage, runText } from '../adapter-run.ts'
import { backup, events, eventTable, medicines } from './fixture.ts'

const zone = { zone: 'Europe/Berlin' }

describe('a MedTimer backup', () => {
  it('gives medications with schedules, and what was taken or skipped', async () => {
    const { report, sink } = await runText(medTimer, JSON.stringify(backup), zone, 'backup.json')
    expect(report).toMatchObject({
      read: 5,
      imported: 4,
      refused: 0,
      pending: 0,
      unmapped: { 'MedTimer event': 1 },
    })
    expect(entitiesOf(sink)).toMatchObject([
      {
        type: 'medication',
        fields: {
          name: 'Ramipril 5 mg',
          note: 'evening',
          stock: 28,
          stock_unit: 'pills',
          tags: ['heart'],
          expires: '2027-01-02',
        },
      },
      {
        type: 'schedule',
        fields: {
          dose: '1',
          time: '20:00',
          weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
          start: '2026-01-01',
        },
      },
      { type: 'schedule', fields: { interval_minutes: 480, active: false, note: 'with water' } },
      { type: 'medication', fields: { name: 'Ibuprofen' } },
      { type: 'schedule', fields: { dose: '400 mg', time: '10:00', days_on: 21, days_off: 7 } },
      {
        type: 'dose_event',
        fields: {
          status: 'completed',
          at: '2026-01-05T20:10:00+01:00',
          planned: '2026-01-05T20:00:00+01:00',
          dose: '1',
          note: 'late',
          tags: ['heart'],
        },
      },
      { type: 'dose_event', fields: { status: 'not-done', at: '2026-01-06T20:00:00+01:00' } },
    ])
  })

  it('of one list alone is read, too', async () => {
    const { report } = await runText(
      medTimer,
      JSON.stringify({ version: 3, list: medicines }),
      zone,
      'm.json',
    )
    expect(report.read).toBe(2)
  })

  it('refuses what has no name or no time, and leaves out what is too old', async () => {
    const bad = {
      events: { list: [{ ...events[0], remindedTimestamp: 'x' }] },
      medicines: { list: [{ medicine: { color: 1 }, reminders: [] }] },
    }
    const { report } = await runText(medTimer, JSON.stringify(bad), zone, 'b.json')
    expect(report).toMatchObject({ read: 2, refused: 2 })
    const old = await runText(
      medTimer,
      JSON.stringify({ events: { list: events } }),
      { sinceMs: Date.UTC(2027, 0) },
      'b.json',
    )
    expect(old.report).toMatchObject({ read: 3, skipped: 3 })
  })
})

describe('an export of MedTimer events', () => {
  it('gives what was taken, as the same entities as the backup', async () => {
    const first = await runText(
      medTimer,
      JSON.stringify({ events: { version: 1, list: events } }),
      zone,
      'b.json',
    )
    const table = await runText(medTimer, eventTable, zone)
    expect(table.report).toMatchObject({ read: 2, unmapped: { 'MedTimer event': 1 } })
    const ids = (run: typeof table) =>
      run.sink.chunks.flatMap(({ operations }) => operations.flatMap((one) => ('id' in one ? [one.id] : [])))
    expect(ids(first)).toContain(ids(table)[0])
    expect(entitiesOf(table.sink)[0]).toEqual(entitiesOf(first.sink)[0])
  })

  it('ends in a report or a failure whatever the bytes are', async () => {
    await holdsAgainstDamage(medTimer, Buffer.from(eventTable), 'e.csv')
    await holdsAgainstDamage(medTimer, Buffer.from(JSON.stringify(backup)), 'b.json')
  })
})
