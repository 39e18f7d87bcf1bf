/** TCX: activities of Garmin Connect, Google Fit, Strava, Suunto and others in Garmin's Training Center format. */
import { sportMetricIds } from '../activity-sports.ts'
import type { Importer } from '../importer.ts'
import { isTcx, readTcx } from './read.ts'

export const tcx: Importer = {
  name: 'tcx',
  title: 'TCX activities',
  needs: '.tcx files, or a zip or folder with them',
  whereToGet: 'Garmin Connect: an activity, the gear, Export to TCX; other sports services offer it as well.',
  maps: [...new Set(['heart_rate', 'workout', ...sportMetricIds])].sort(),
  testedWith: [{ kind: 'real', what: '5 activities of Garmin, Suunto and Movescount, 12,138 points' }],
  recognises: async (_name, head) => isTcx(await head()),
  read: readTcx,
}
