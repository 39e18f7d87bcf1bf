/** Days of the account archive. */
import { arrayLaws } from '../law-fixture.ts'

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
