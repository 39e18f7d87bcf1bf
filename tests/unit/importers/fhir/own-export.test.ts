/** `export fhir` read back: the same observations, by id, value, time and extra. */
import { describe, expect, it } from 'vitest'
import { exportFhir } from '../../../../src/exporters/index.ts'
import { leavesAsFhir } from '../../../../src/fhir/index.ts'
import { fhir } from '../../../../src/importers/fhir/index.ts'
import { conversion, metricById } from '../../../../src/metrics/index.ts'
import { type Observation, observationAt, type SeriesColumns } from '../../../../src/records/index.ts'
import { fullRecord } from '../../exporters/full-record.ts'
import { memorySink, memorySource, seriesOf } from '../../exporters/memory-source.ts'
import { fileOf, runWith } from '../clinical-harness.ts'
import { inputOf, memberOf } from '../harness.ts'

const options = { nowIso: '2026-11-24T12:00:00+01:00', version: '0.1.0', namespace: 'vault-1' }

function observationsOf(parts: readonly SeriesColumns[]): Map<string, Observation> {
  const found = new Map<string, Observation>()
  for (const part of parts) {
    const metric = metricById(part.series.metric)
    if (!metric) continue
    const canonical = { unit: metric.unit, conversion: conversion(metric.id, part.series.unit) }
    for (let row = 0; row < part.columns.length; row++) {
      const observation = observationAt(part, row, canonical)
      found.set(observation.id, observation)
    }
  }
  return found
}

function expectEqual(read: Map<string, Observation>, written: Map<string, Observation>): void {
  expect([...read.keys()].sort()).toEqual([...written.keys()].sort())
  for (const [id, before] of written) {
    const after = read.get(id) as Observation
    const { startMs, endMs, offsetMin, source, unit } = before
    expect(after, id).toMatchObject({ startMs, endMs, offsetMin, source, unit })
    expect(after.values, id).toHaveLength(before.values.length)
    for (const [index, value] of before.values.entries()) expect(after.values[index]).toBeCloseTo(value, 9)
    expect(after.extra, id).toEqual(before.extra)
  }
}

describe('our own FHIR export', () => {
  const record = fullRecord()
  const written = observationsOf(record.parts)

  it('comes back from a Bundle with equal observations', async () => {
    const sink = memorySink()
    await exportFhir({ source: memorySource(record), sink, options })
    const { report, sink: read } = await runWith(fhir, fileOf('bundle.json', sink.text('bundle.json')))
    expect(report.refusals).toEqual([])
    expectEqual(observationsOf(read.chunks.flatMap(({ blocks }) => [...blocks])), written)
    expect(report.unmapped).toMatchObject({ 'Observation moon_phase': 1 })
    expect(report.kept).not.toHaveProperty('Observation')
    expect(report.profile).toContainEqual(expect.objectContaining({ field: 'bloodType', value: 'A+' }))
  })

  it('comes back from bulk files, and its entries under their own ids', async () => {
    const sink = memorySink()
    const result = await exportFhir({
      source: memorySource(record),
      sink,
      options: { ...options, layout: 'bulk' },
    })
    const members = result.files.map(({ name }) => memberOf(name, [Buffer.from(sink.text(name))]))
    const { report, sink: read } = await runWith(fhir, inputOf(...members.reverse()))
    expect(report.refusals).toEqual([])
    expectEqual(observationsOf(read.chunks.flatMap(({ blocks }) => [...blocks])), written)
    const leaving = (record.entities ?? []).filter(({ type, id }) => leavesAsFhir(type) && id !== 'lost')
    expect([...read.statements.keys()].sort()).toEqual(leaving.map(({ type, id }) => `${type}/${id}`).sort())
  })

  it('keeps what a person entered and edited apart from others of its time', async () => {
    const source = { device: 'Cuff', app: 'Health', deviceClass: 'medical' } as const
    const parts = [
      seriesOf(
        { metric: 'weight', source: { device: '', app: 'manual', deviceClass: 'manual' }, unit: '[lb_av]' },
        [
          {
            startMs: 86_400_000,
            values: [181],
            extra: { key: 'abc', original: [179], originalTime: [5000, 0], originalOffsetMin: 60 },
          },
        ],
      ),
      seriesOf({ metric: 'blood_pressure', source, unit: 'kPa' }, [
        { startMs: 86_400_000, values: [16, 10.5], extra: { original: [17, 10.5] } },
      ]),
    ]
    const sink = memorySink()
    await exportFhir({
      source: memorySource({ parts, entities: [], raw: [], attachments: [] }),
      sink,
      options,
    })
    const { sink: read } = await runWith(fhir, fileOf('bundle.json', sink.text('bundle.json')))
    expectEqual(observationsOf(read.chunks.flatMap(({ blocks }) => [...blocks])), observationsOf(parts))
  })
})
