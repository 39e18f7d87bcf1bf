/** A record with at least one of everything: every metric of the catalogue, every entity type, raw, files. */
import { metrics } from '../../../src/metrics/index.ts'
import {
  type Attachment,
  type Entity,
  entityTypes,
  observationFlag,
  type RawRecord,
  type SeriesColumns,
  type Source,
} from '../../../src/records/index.ts'
import { entityOf, seriesOf, type TestRecord, typedByHand } from './memory-source.ts'

const watch: Source = { device: 'Watch', app: 'com.apple.health', deviceClass: 'watch' }
const startMs = Date.UTC(2026, 2, 1, 12, 30)

function everyMetric(): readonly SeriesColumns[] {
  return metrics.map((metric, index) => {
    const count = Math.max(1, metric.components.length)
    const values = Array.from({ length: count }, (_, component) => metric.plausible[1] - component / 3)
    const source = index % 2 === 0 ? watch : typedByHand
    return seriesOf({ metric: metric.id, source, unit: metric.unit }, [
      {
        startMs: startMs + index * 1000,
        durationMs: index % 3 === 0 ? 90_500 : 0,
        offsetMin: -300,
        values,
        flags: source === typedByHand ? observationFlag.manual : 0,
        extra: source === typedByHand ? { key: `key${index}` } : {},
        imports: source === watch ? ['import1'] : [],
      },
    ])
  })
}

/** Awkward rows: other units, an edit, an unconfirmed entry, hostile text, an unknown metric. */
function awkward(): readonly SeriesColumns[] {
  return [
    seriesOf({ metric: 'weight', source: { ...watch, app: '=cmd()' }, unit: '[lb_av]' }, [
      {
        startMs: startMs - 1,
        values: [180.2],
        extra: { note: '=HYPERLINK("http://x")', tags: ['a;b', '+1', 'c\\d'] },
      },
      { startMs: startMs + 7, values: [181], flags: observationFlag.edited, extra: { original: [179.5] } },
    ]),
    seriesOf({ metric: 'glucose', source: typedByHand, unit: 'mmol/L' }, [
      {
        startMs,
        values: [5.6],
        offsetMin: 345,
        flags: observationFlag.manual | observationFlag.unconfirmed,
        extra: { key: 'k', context: 'fasting', zone: 'Asia/Kathmandu', note: 'line\r\n"two" \u202egnp' },
      },
    ]),
    seriesOf({ metric: 'moon_phase', source: watch, unit: '1' }, [
      { startMs, values: [0.5, -0], extra: { meta: { phase: 'waxing' } } },
    ]),
  ]
}

const fieldsByType: Partial<Record<Entity['type'], Entity['fields']>> = {
  profile: {
    name: 'Ada',
    'birth-date': '1980-05-17',
    sex: 'female',
    'blood-type': 'A+',
    smoking: 'never',
    'skin-type': 'II',
  },
  goal: { metric: 'blood_pressure', direction: 'below', target: [130, 80], byDay: 20_600 },
  appointment: { title: 'Cardiology', atMs: startMs, offsetMin: 60, with: 'Dr. Heart' },
  note: { text: 'slept badly' },
  condition: { name: 'Asthma', status: 'active' },
  allergy: { substance: 'Nuts' },
  immunization: { name: 'MMR', date: '2001-01-01' },
  medication: { name: 'Metformin', dose: 500, dose_unit: 'mg' },
  attachment: { name: '../../etc/passwd', mediaType: 'text/plain', owner: 'note1' },
  setting: { value: -0, units: 'us' },
}

export const attachments: readonly Attachment[] = [
  { id: 'attachment1', name: '../../etc/passwd', mediaType: 'text/plain', bytes: Buffer.from('root') },
  { id: 'attachment2', name: 'CON', mediaType: 'text/plain', bytes: new Uint8Array(0) },
]

export const rawRecords: readonly RawRecord[] = [
  { type: 'HKQuantityTypeIdentifierX', where: 'export.xml:7', startMs, text: '<Record type="X"/>' },
  { type: 'ActivitySummary', where: 'export.xml:8', startMs: null, text: '<b>\u0001</b>' },
]

export function fullRecord(): TestRecord {
  const entities: Entity[] = entityTypes.map((type) =>
    entityOf(type, `${type}1`, fieldsByType[type] ?? { name: type }),
  )
  entities.push(entityOf('attachment', 'attachment2', { owner: '' }))
  entities.push(entityOf('attachment', 'lost', {}))
  const dose = {
    ...entityOf('medication', 'medication2', { name: 'Insulin', dose: 4 }),
    concurrent: { dose: [4, 6] },
  }
  return {
    parts: [...everyMetric(), ...awkward()],
    entities: [...entities, dose],
    raw: rawRecords,
    attachments,
  }
}
