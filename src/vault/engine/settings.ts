/**
 * Settings that derived data depend on, as `setting` entities: `setting/day-start` (field `minutes`) and
 * `setting/source-priority` (field `sources`). Being entities, they follow the vault, not the machine.
 */
import { emptyChange, type JsonValue, type Operation } from '../../records/index.ts'
import type { Engine } from './engine.ts'
import { entityView } from './fold.ts'
import type { RollupSettings } from './rollup-store.ts'
import { writeChange } from './writer.ts'

const dayStart = { id: 'day-start', field: 'minutes' } as const
const sourcePriority = { id: 'source-priority', field: 'sources' } as const

export function rollupSettings(engine: Engine): RollupSettings {
  const minutes = settingValue(engine, dayStart)
  const sources = settingValue(engine, sourcePriority)
  return {
    dayStartMin: typeof minutes === 'number' && minutes >= 0 && minutes < 1440 ? minutes : 0,
    priority: Array.isArray(sources) ? sources.filter((name) => typeof name === 'string') : [],
  }
}

/** Writes what differs; resolved rollups follow lazily. */
export function setRollupSettings(engine: Engine, wanted: Partial<RollupSettings>): void {
  const current = rollupSettings(engine)
  const operations: Operation[] = []
  if (wanted.dayStartMin !== undefined && wanted.dayStartMin !== current.dayStartMin) {
    operations.push({ kind: 'entity', type: 'setting', ...dayStart, value: wanted.dayStartMin })
  }
  if (wanted.priority !== undefined && JSON.stringify(wanted.priority) !== JSON.stringify(current.priority)) {
    operations.push({ kind: 'entity', type: 'setting', ...sourcePriority, value: [...wanted.priority] })
  }
  if (operations.length === 0) return
  writeChange(
    engine,
    { ...emptyChange, label: 'change settings', operations },
    { origin: 'person', undoable: false },
  )
}

function settingValue(engine: Engine, setting: { id: string; field: string }): JsonValue | undefined {
  const state = engine.entities.get('setting', setting.id)
  return state === undefined ? undefined : entityView(state)?.fields[setting.field]
}
