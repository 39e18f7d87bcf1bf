/** The whole catalogue, in the order in which lists show it. */
import type { Metric } from '../types.ts'
import { activity } from './activity.ts'
import { bloodCount, coagulation } from './blood-count.ts'
import { body } from './body.ts'
import { glucose } from './glucose.ts'
import { cardiac, heart } from './heart.ts'
import { hormones, thyroid, tumourMarkers } from './hormones.ts'
import { inflammation } from './inflammation.ts'
import { bloodGases, electrolytes, kidney } from './kidney.ts'
import { lipids } from './lipids.ts'
import { liver } from './liver.ts'
import { mind } from './mind.ts'
import { mobility } from './mobility.ts'
import { nutrition } from './nutrition.ts'
import { reproductive } from './reproductive.ts'
import { respiratory } from './respiratory.ts'
import type { MetricGroup } from './row.ts'
import { senses } from './senses.ts'
import { sleep } from './sleep.ts'
import { symptoms } from './symptoms.ts'
import { urine } from './urine.ts'
import { vitals } from './vitals.ts'
import { vitamins } from './vitamins.ts'

/** In the order in which lists show metrics, and in which a name is looked for: the everyday ones first. */
export const metricGroups: readonly MetricGroup[] = [
  vitals,
  heart,
  body,
  respiratory,
  activity,
  mobility,
  sleep,
  glucose,
  lipids,
  kidney,
  electrolytes,
  bloodGases,
  liver,
  cardiac,
  bloodCount,
  coagulation,
  thyroid,
  hormones,
  tumourMarkers,
  vitamins,
  inflammation,
  urine,
  symptoms,
  mind,
  nutrition,
  reproductive,
  senses,
]

/**
 * The whole catalogue. Reading it makes all rows, which takes longer than a command that logs one value has to spare;
 * so the array fills itself when it is first looked at, and looking up one metric never does that.
 */
export const metrics: readonly Metric[] = new Proxy<Metric[]>([], {
  get: (rows, key) => Reflect.get(filled(rows), key),
  has: (rows, key) => Reflect.has(filled(rows), key),
  ownKeys: (rows) => Reflect.ownKeys(filled(rows)),
  getOwnPropertyDescriptor: (rows, key) => Reflect.getOwnPropertyDescriptor(filled(rows), key),
  set: () => false,
  defineProperty: () => false,
  deleteProperty: () => false,
})

function filled(rows: Metric[]): Metric[] {
  if (rows.length === 0) for (const group of metricGroups) rows.push(...group())
  return rows
}
