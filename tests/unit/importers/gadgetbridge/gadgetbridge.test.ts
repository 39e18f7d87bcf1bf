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
      imported: 9,
      refused: 0,
      unmapped: {
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
      ['sleep_core', 30, 30, 'Amazfit GTS 3'],
      ['sleep_total', 450, 480, 'Amazfit GTS 3'],
      ['steps', 12, 1, 'Amazfit GTS 3'],
      ['workout', 30, 30, 'Amazfit GTS 3'],
    ])
    expect(rowsOf(sink).at(-1)).toMatchObject({
      at: '2026-01-05T09:00:00+60',
      extra: { note: 'Evening', context: 'running', meta: { activityKind: '16', summary: '{"distance":5}' } },
    })
    expect(copies()).toEqual(before)
  })

  const at = 1_767_600_000
  const keys = 'TIMESTAMP INTEGER NOT NULL, DEVICE_ID INTEGER NOT NULL, USER_ID INTEGER NOT NULL'
  const read = async (...statements: string[]) => {
    const { report, sink } = await runAdapter(
      gadgetbridge,
      [memberOf('Gadgetbridge.db', [databaseOf(['CREATE TABLE BASE_ACTIVITY_SUMMARY (a)', ...statements])])],
      { zone: 'Europe/Berlin' },
    )
    return { report, rows: rowsOf(sink).map((row) => [row.metric, row.values[0], row.at, row.minutes]), sink }
  }
  const minutes = (count: number) => (at + count * 60) * 1000

  it('of Xiaomi tells a stage until the next one, the last until the person woke', async () => {
    const { report, rows } = await read(
      `CREATE TABLE "XIAOMI_SLEEP_STAGE_SAMPLE" (${keys}, STAGE INTEGER NOT NULL)`,
      `INSERT INTO XIAOMI_SLEEP_STAGE_SAMPLE VALUES (${minutes(60)},1,1,2), (${minutes(0)},1,1,3), (${minutes(100)},1,1,4), (${minutes(120)},1,1,5), (${minutes(9000)},1,1,3)`,
      `CREATE TABLE "XIAOMI_SLEEP_TIME_SAMPLE" (${keys}, WAKEUP_TIME INTEGER, TOTAL_DURATION INTEGER)`,
      `INSERT INTO XIAOMI_SLEEP_TIME_SAMPLE VALUES (${minutes(0)},1,1,${minutes(130)},120)`,
    )
    expect(rows).toEqual([
      ['sleep_awake', 10, '2026-01-05T11:00:00+60', 10],
      ['sleep_core', 60, '2026-01-05T09:00:00+60', 60],
      ['sleep_deep', 40, '2026-01-05T10:00:00+60', 40],
      ['sleep_rem', 20, '2026-01-05T10:40:00+60', 20],
      ['sleep_total', 120, '2026-01-05T09:00:00+60', 130],
    ])
    expect(report.unmapped).toEqual({ 'Gadgetbridge XIAOMI_SLEEP_STAGE_SAMPLE': 1 })
  })

  it('of Garmin tells a stage by its end, the first from the start of the night', async () => {
    const { report, rows } = await read(
      `CREATE TABLE "GARMIN_SLEEP_STAGE_SAMPLE" (${keys}, STAGE INTEGER NOT NULL)`,
      `INSERT INTO GARMIN_SLEEP_STAGE_SAMPLE VALUES (${minutes(30)},1,1,2), (${minutes(50)},1,1,3), (${minutes(60)},1,1,0), (${minutes(1500)},1,1,4), (${minutes(10)},2,1,1)`,
      `CREATE TABLE "GARMIN_EVENT_SAMPLE" (${keys}, EVENT INTEGER NOT NULL, EVENT_TYPE INTEGER, DATA INTEGER)`,
      `INSERT INTO GARMIN_EVENT_SAMPLE VALUES (${minutes(5)},1,1,74,0,NULL), (${minutes(1440)},1,1,74,0,NULL), (${minutes(60)},1,1,74,1,NULL)`,
    )
    expect(rows).toEqual([
      ['sleep_core', 25, '2026-01-05T09:05:00+60', 25],
      ['sleep_deep', 20, '2026-01-05T09:30:00+60', 20],
      ['sleep_rem', 60, '2026-01-06T09:00:00+60', 60],
    ])
    expect(report.unmapped['Gadgetbridge GARMIN_SLEEP_STAGE_SAMPLE']).toBe(2)
  })

  it('of CMF tells how many seconds a stage lasts; unknown stages are kept raw', async () => {
    const { report, rows, sink } = await read(
      `CREATE TABLE "CMF_SLEEP_STAGE_SAMPLE" (${keys}, DURATION INTEGER NOT NULL, STAGE INTEGER NOT NULL)`,
      `INSERT INTO CMF_SLEEP_STAGE_SAMPLE VALUES (${minutes(0)},1,1,600,1), (${minutes(10)},1,1,60,4), (${minutes(11)},1,1,0,2)`,
    )
    expect(rows).toEqual([['sleep_deep', 10, '2026-01-05T09:00:00+60', 10]])
    expect(report.unmapped).toEqual({ 'Gadgetbridge CMF_SLEEP_STAGE_SAMPLE': 2 })
    expect(sink.raw[0]).toContain('"STAGE":4')
  })

  it('of watches that count steps up over the day gives what was walked between two rows', async () => {
    const count = (hour: number, steps: number, device = 1) =>
      `(${at - 9 * 3600 + hour * 3600},${device},1,${steps},0)`
    const { report, rows } = await read(
      `CREATE TABLE "GARMIN_ACTIVITY_SAMPLE" (${keys}, STEPS INTEGER, HEART_RATE INTEGER)`,
      `INSERT INTO GARMIN_ACTIVITY_SAMPLE VALUES ${[count(9, 500), count(8, 200), count(10, 500), count(12, 90), count(24, 1000), count(31, 40), count(9, 30, 2)].join(', ')}`,
    )
    expect(report).toMatchObject({ read: 7, imported: 6, merged: 1 })
    expect(rows).toEqual([
      ['steps', 200, '2026-01-05T00:00:00+60', 480],
      ['steps', 30, '2026-01-05T00:00:00+60', 540],
      ['steps', 300, '2026-01-05T08:00:00+60', 60],
      ['steps', 90, '2026-01-05T10:00:00+60', 120],
      ['steps', 910, '2026-01-05T12:00:00+60', 720],
      ['steps', 40, '2026-01-06T00:00:00+60', 420],
    ])
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
