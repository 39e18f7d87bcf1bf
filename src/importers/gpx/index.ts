/** GPX: tracks of watches and sports services, with heart rates in extensions. */
import { sportMetricIds } from '../activity-sports.ts'
import type { Importer } from '../importer.ts'
import { isGpx, readGpx } from './read.ts'

export const gpx: Importer = {
  name: 'gpx',
  title: 'GPX tracks with heart rate',
  needs: '.gpx files, or a zip or folder with them',
  whereToGet:
    'Garmin Connect: an activity, the gear, Export to GPX; Strava, Komoot and others offer it as well.',
  maps: [
    ...new Set([
      'heart_rate',
      'workout',
      ...sportMetricIds.filter((metric) => !metric.startsWith('distance')),
    ]),
  ].sort(),
  testedWith: [{ kind: 'real', what: '4 tracks of Garmin and Amazfit, 6,902 points' }],
  recognises: async (_name, head) => isGpx(await head()),
  read: readGpx,
}
