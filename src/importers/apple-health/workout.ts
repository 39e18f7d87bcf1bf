/** Workouts: one observation of metric `workout` (minutes), everything else beside it. */
import type { ElementTape } from '../xml/element-tape.ts'
import { isInside, readMetadata } from './extras.ts'
import { attribute, element } from './names.ts'

/** Attributes of the workout itself that are kept: totals of older exports. */
const totals = /^total[A-Z]/
/** Statistics, activities and routes that are kept of one workout at most. */
const maxEntries = 2000

/** `HKWorkoutActivityTypeTraditionalStrengthTraining` → `traditional_strength_training`. */
export function activityName(type: string): string {
  return type
    .replace(/^HKWorkoutActivityType/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
}

/** Totals, statistics, activities, routes and metadata of the workout on the tape, as texts by name. */
export function readWorkoutMeta(tape: ElementTape): Map<string, string> {
  const meta = readMetadata(tape, 0)
  const last = tape.nodeLastAttribute[0] as number
  for (let a = tape.nodeFirstAttribute[0] as number; a < last; a++) {
    const name = tape.nameOf(a)
    if (totals.test(name)) meta.set(name, tape.text(a))
  }
  let events = 0
  let locations = 0
  let activities = 0
  for (let n = 1; isInside(tape, n, 0) && meta.size < maxEntries; n++) {
    const name = tape.nodeName[n]
    if (name === element.workoutStatistics && tape.nodeDepth[n] === 1) addStatistics(tape, n, '', meta)
    else if (name === element.workoutEvent && tape.nodeDepth[n] === 1) events++
    else if (name === element.location) locations++
    else if (name === element.fileReference) addRoute(tape, n, meta)
    else if (name === element.workoutActivity) addActivity(tape, n, ++activities, meta)
  }
  if (events > 0) meta.set('events', String(events))
  if (locations > 0) meta.set('route.locations', String(locations))
  return meta
}

/** `HKQuantityTypeIdentifierHeartRate.average` → `152.3 count/min`. */
function addStatistics(tape: ElementTape, node: number, before: string, meta: Map<string, string>): void {
  const type = tape.text(tape.find(node, attribute.type))
  const unit = tape.text(tape.find(node, attribute.unit))
  for (const kind of ['sum', 'average', 'minimum', 'maximum'] as const) {
    const at = tape.find(node, attribute[kind])
    if (at >= 0) meta.set(`${before}${type}.${kind}`, `${tape.text(at)} ${unit}`.trim())
  }
}

/** A part of a workout (interval, leg of a triathlon): its time, and its statistics under its number. */
function addActivity(tape: ElementTape, node: number, number: number, meta: Map<string, string>): void {
  const before = `activity.${number}.`
  const duration = tape.text(tape.find(node, attribute.duration))
  meta.set(`${before}start`, tape.text(tape.find(node, attribute.startDate)))
  if (duration !== '') {
    meta.set(`${before}duration`, `${duration} ${tape.text(tape.find(node, attribute.durationUnit))}`.trim())
  }
  for (let n = node + 1; isInside(tape, n, node); n++) {
    if (tape.nodeName[n] === element.workoutStatistics) addStatistics(tape, n, before, meta)
  }
}

/** A route can be referenced twice. */
function addRoute(tape: ElementTape, node: number, meta: Map<string, string>): void {
  const path = tape.text(tape.find(node, attribute.path))
  if (path === '') return
  const before = meta.get('route')
  if (before === undefined) meta.set('route', path)
  else if (!before.split(' ').includes(path)) meta.set('route', `${before} ${path}`)
}
