/** Samsung Health: the folder that "Download personal data" writes. */
import { sportMetricIds } from '../activity-sports.ts'
import type { Importer } from '../importer.ts'
import { isDetailName, isSamsungHealth, readSamsungHealth } from './read.ts'
import { singleMetrics } from './single.ts'
import { tableMetrics } from './tables.ts'

export const samsungHealth: Importer = {
  name: 'samsung-health',
  title: 'Samsung Health export (CSV, JSON)',
  needs: 'the folder that the app writes, a zip of it, or single CSV files of it',
  whereToGet: 'Samsung Health: Settings, Download personal data; the folder is in Download/Samsung Health.',
  maps: [...new Set([...tableMetrics, ...singleMetrics, ...sportMetricIds])].sort(),
  testedWith: [
    {
      kind: 'specification',
      what: 'tables and details as the SDK defines them and public readers describe exports; no real one was at hand',
    },
  ],
  recognises: isSamsungHealth,
  accompanies: (name) => (isDetailName(name) ? 'own' : undefined),
  read: readSamsungHealth,
}
