import { describe, expect, it } from 'vitest'
import { localDay, ZoneOffsets } from '../../../src/foundation/index.ts'
import { localDaySpan } from '../../../src/importers/local-days.ts'

const hourMs = 3_600_000

describe('a day that an export names by its date', () => {
  const hours = (date: string, zone: string) =>
    (localDaySpan(date, new ZoneOffsets(zone))?.durationMs ?? 0) / hourMs

  it('lies on that day alone, also where the clocks change', () => {
    for (const zone of [
      'Europe/Berlin',
      'America/New_York',
      'America/Sao_Paulo',
      'Australia/Lord_Howe',
      'UTC',
    ]) {
      for (let ms = Date.UTC(2017, 0, 1); ms < Date.UTC(2018, 0, 1); ms += 24 * hourMs) {
        const date = new Date(ms).toISOString().slice(0, 10)
        const span = localDaySpan(date, new ZoneOffsets(zone))
        if (!span) throw new Error(date)
        const lastMs = span.startMs + span.durationMs - 1
        expect(
          [localDay(span.startMs, span.offsetMin), localDay(lastMs, span.offsetMin)],
          `${zone} ${date}`,
        ).toEqual([ms / (24 * hourMs), ms / (24 * hourMs)])
      }
    }
  })

  it('has the hours of its day, but never more than 24', () => {
    expect(hours('2024-03-31', 'Europe/Berlin')).toBe(23)
    expect(hours('2024-10-27', 'Europe/Berlin')).toBe(24)
    expect(hours('2024-07-01', 'Europe/Berlin')).toBe(24)
  })

  it('is none where the calendar has none', () => {
    expect(localDaySpan('2023-02-29', new ZoneOffsets('UTC'))).toBeUndefined()
    expect(localDaySpan('29.02.2024', new ZoneOffsets('UTC'))).toBeUndefined()
  })
})
