/** Days of the account archive. */
import { arrayLaws } from '../law-fixture.ts'
import { jsonRevision } from '../revision-fixture.ts'

export const laws = arrayLaws(
  'garmin-connect',
  'DI_CONNECT/DI-Connect-Aggregator/UDSFile_1.json',
  [1, 2, 3, 4, 5, 6].map((day) => ({
    userProfilePK: 1,
    calendarDate: `2026-01-0${day}`,
    totalSteps: 7000 + day,
    totalDistanceMeters: 4799 + day,
    activeKilocalories: 211,
    restingHeartRate: 60 + day,
  })),
)

const day = (totalSteps: number, totalKilocalories: number, restingHeartRate: number, end: string) => [
  {
    calendarDate: '2026-01-05',
    wellnessStartTimeGmt: '2026-01-04T23:00:00.0',
    wellnessStartTimeLocal: '2026-01-05T00:00:00.0',
    wellnessEndTimeGmt: end,
    totalSteps,
    totalKilocalories,
    restingHeartRate,
  },
]

export const revisions = [
  {
    ...jsonRevision(
      'a day in progress, which ends at the last synchronisation',
      'garmin-connect',
      'DI_CONNECT/DI-Connect-Aggregator/UDSFile_1.json',
      {
        earlier: day(4000, 900, 58, '2026-01-05T11:00:00.0'),
        later: day(9000, 2400, 56, '2026-01-05T23:00:00.0'),
      },
      {
        steps: { earlier: [4000], later: [9000] },
        total_energy: { earlier: [900], later: [2400] },
        resting_heart_rate: { earlier: [58], later: [56] },
      },
    ),
    options: { zone: undefined, defaultZone: 'Europe/Berlin' },
  },
]
