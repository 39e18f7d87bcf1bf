/** Garmin FIT: files of watches, bike computers, scales and cuffs of Garmin and many other makers. */
import { sportMetricIds } from '../activity-sports.ts'
import type { Importer } from '../importer.ts'
import { activityMetrics } from './activity.ts'
import { isFit } from './container.ts'
import { healthMetrics } from './health.ts'
import { counterMetrics } from './monitoring.ts'
import { readFit } from './read.ts'

export const garminFit: Importer = {
  name: 'garmin-fit',
  title: 'Garmin FIT: activities, monitoring, sleep, weight, blood pressure',
  needs: '.fit files, or a zip or folder with them',
  whereToGet:
    'Garmin Connect: an activity, the gear, Export File; or the folders GARMIN/Activity, Monitor, Sleep and Weight of the device over USB.',
  maps: [...new Set([...activityMetrics, ...sportMetricIds, ...counterMetrics, ...healthMetrics])].sort(),
  testedWith: [
    { kind: 'real', what: '17 activities of 14 devices, 1 day of monitoring, 2 weight files' },
    { kind: 'specification', what: 'sleep, blood pressure, stress, saturation, compressed timestamps' },
  ],
  recognises: async (_name, head) => isFit(await head()),
  read: readFit,
}
