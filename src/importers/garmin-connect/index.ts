/** Garmin Connect: the account archive (DI_CONNECT) and JSON of activities. */
import { sportMetricIds } from '../activity-sports.ts'
import type { Importer } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { dailyMetrics } from './daily.ts'
import { isGarminConnect, readGarminConnect } from './read.ts'

export const garminConnect: Importer = {
  name: 'garmin-connect',
  title: 'Garmin Connect account export (JSON)',
  needs: 'the zip of the account export, its folder DI_CONNECT, or single JSON files',
  whereToGet: 'garmin.com: Account, Data Management, Export Your Data; the zip comes by mail.',
  maps: [
    ...new Set([
      ...dailyMetrics,
      ...sportMetricIds.filter((metric) => metric.startsWith('distance')),
      'heart_rate',
      'workout',
    ]),
  ].sort(),
  testedWith: [
    { kind: 'real', what: '5 activities and 244 samples as the web site gives them' },
    { kind: 'specification', what: 'activities, days, nights, VO2max and events as the archive has them' },
  ],
  recognises: async (name, head) => isGarminConnect(name, await head()),
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'Garmin Connect JSON',
      hint: 'garmin.com: Account, Data Management, Export Your Data; then import the zip.',
      recognises: garminConnect.recognises,
      read: (member, totalBytes) => readGarminConnect(member, totalBytes, intake),
    }),
}
