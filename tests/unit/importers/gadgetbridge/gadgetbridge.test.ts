import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { gadgetbridge } from '../../../../src/importers/gadgetbridge/index.ts'
import { holdsAgainstDamage, rowsOf, runAdapter, runText } from '../adapter-run.ts'
import { databaseOf } from '../database.ts'
import { memberOf } from '../harness.ts'
import { gadgetbridgeStatements } from './fixture.ts'

const bytes = databaseOf(gadgetbridgeStatements)
const copies = () => readdirSync(tmpdir()).filter((name) => name.startsWith('healthmate-import-'))

describe('a Gadgetbridge database', () => {
  it('gives readings by device, leaves out what was not measured, keeps codes raw', async () => {
    const before = copies()
    const { report, sink } = await runAdapter(gadgetbridge, [memberOf('Gadgetbridge.db', [bytes])], {
      zone: 'Europe/Berlin',
    })
    expect(report).toMatchObject({
      read: 11,
      imported: 8,
      refused: 0,
      unmapped: {
        'Gadgetbridge COLMI_SLEEP_STAGE_SAMPLE': 1,
        'Gadgetbridge HUAMI_SPO2_SAMPLE': 1,
        'Gadgetbridge XIAOMI_SLEEP_TIME_SAMPLE': 1,
      },
    })
    expect(
      rowsOf(sink).map(({ metric, values, minutes, device }) => [metric, values[0], minutes, device]),
    ).toEqual([
      ['heart_rate', 64, 0, 'Amazfit GTS 3'],
      ['heart_rate', 66, 0, 'Amazfit GTS 3'],
      ['hrv_rmssd', 48, 0, ''],
      ['oxygen_saturation', 97, 0, 'Amazfit GTS 3'],
      ['resting_heart_rate', 54, 0, 'Amazfit GTS 3'],
      ['sleep_total', 450, 480, 'Amazfit GTS 3'],
      ['steps', 12, 1, 'Amazfit GTS 3'],
      ['workout', 30, 30, 'Amazfit GTS 3'],
    ])
    expect(rowsOf(sink).at(-1)).toMatchObject({
      at: '2026-01-05T09:00:00+60',
      extra: { note: 'Evening', context: 'running', meta: { activityKind: '16', summary: '{"distance":5}' } },
    })
    expect(sink.raw[0]).toContain('"RAW":"AQI="')
    expect(copies()).toEqual(before)
  })

  it('is recognised by its tables, others are not', async () => {
    const head = (content: Uint8Array) => async () => content.subarray(0, 65_536)
    expect(await gadgetbridge.recognises('x', head(bytes))).toBe(true)
    expect(await gadgetbridge.recognises('x', head(databaseOf(['CREATE TABLE t (a)'])))).toBe(false)
  })

  it('saved as a table gives the same', async () => {
    const text = 'TIMESTAMP,DEVICE_ID,USER_ID,STEPS,HEART_RATE\n1767600000,1,1,12,64\n1767600060,1,1,,\n'
    const { report, sink } = await runText(gadgetbridge, text, {}, 'steps.csv')
    expect(report).toMatchObject({ read: 2, imported: 2 })
    expect(rowsOf(sink).map(({ metric }) => metric)).toEqual(['heart_rate', 'steps'])
    const other = await runText(
      gadgetbridge,
      'TIMESTAMP,DEVICE_ID,USER_ID,PAI\n1767600000000,1,1,12\n',
      {},
      'pai.csv',
    )
    expect(other.report.unmapped).toEqual({ 'Gadgetbridge CSV_SAMPLE': 1 })
  })

  it('cut short or with flipped bytes ends in a report, and no copy stays', async () => {
    const before = copies()
    await holdsAgainstDamage(gadgetbridge, bytes, 'Gadgetbridge.db')
    expect(copies()).toEqual(before)
  })
})
