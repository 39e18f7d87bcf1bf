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
import { senses } from './senses.ts'
import { sleep } from './sleep.ts'
import { symptoms } from './symptoms.ts'
import { urine } from './urine.ts'
import { vitals } from './vitals.ts'
import { vitamins } from './vitamins.ts'

export const metrics: readonly Metric[] = [
  ...vitals,
  ...heart,
  ...body,
  ...respiratory,
  ...activity,
  ...mobility,
  ...sleep,
  ...glucose,
  ...lipids,
  ...kidney,
  ...electrolytes,
  ...bloodGases,
  ...liver,
  ...cardiac,
  ...bloodCount,
  ...coagulation,
  ...thyroid,
  ...hormones,
  ...tumourMarkers,
  ...vitamins,
  ...inflammation,
  ...urine,
  ...symptoms,
  ...mind,
  ...nutrition,
  ...reproductive,
  ...senses,
]
