import { describe, expect, it } from 'vitest'
import { openScale } from '../../../../src/importers/openscale/index.ts'
import { holdsAgainstDamage, rowsOf, runAdapter, runText, type TestOptions } from '../adapter-run.ts'
import { databaseOf } from '../database.ts'
import { memberOf, RememberingSink } from '../harness.ts'
import { openScaleEarly } from './fixture.ts'

const at = Date.UTC(2026, 2, 4, 8, 15, 12)
const floats =
  'weight fat water muscle visceralFat lbm waist hip bone chest thigh biceps neck caliper1 caliper2 caliper3 calories'
    .split(' ')
    .map((name) => `${name} REAL NOT NULL DEFAULT 0`)
    .join(', ')
const early = [
  'CREATE TABLE scaleUsers (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, username TEXT NOT NULL, birthday INTEGER NOT NULL, bodyHeight REAL NOT NULL, scaleUnit INTEGER NOT NULL, gender INTEGER NOT NULL)',
  `CREATE TABLE scaleMeasurements (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, userId INTEGER NOT NULL, enabled INTEGER NOT NULL, datetime INTEGER, ${floats}, comment TEXT)`,
  `INSERT INTO scaleUsers VALUES (1, 'Ann', ${Date.UTC(1980, 4, 3)}, 170, 0, 1), (2, 'Bob', 0, 180, 0, 0)`,
  `INSERT INTO scaleMeasurements (userId, enabled, datetime, weight, fat, water, muscle, visceralFat, waist, bone, comment) VALUES (1, 1, ${at}, ${Math.fround(81.4)}, ${Math.fround(18.2)}, ${Math.fround(55.1)}, 42, 7, 88, ${Math.fround(3.1)}, 'morning, fasting')`,
  `INSERT INTO scaleMeasurements (userId, enabled, datetime, weight) VALUES (1, 0, ${at + 60_000}, 300)`,
]
const second = `INSERT INTO scaleMeasurements (userId, enabled, datetime, weight) VALUES (2, 1, ${at}, 92)`

const late = [
  'CREATE TABLE User (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT NOT NULL, icon TEXT NOT NULL, birthDate INTEGER NOT NULL, gender TEXT NOT NULL, heightCm REAL NOT NULL)',
  'CREATE TABLE Measurement (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, userId INTEGER NOT NULL, timestamp INTEGER NOT NULL)',
  'CREATE TABLE MeasurementValue (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, measurementId INTEGER NOT NULL, typeId INTEGER NOT NULL, floatValue REAL, intValue INTEGER, textValue TEXT, dateValue INTEGER)',
  'CREATE TABLE MeasurementType (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, identity TEXT NOT NULL, name TEXT, unit TEXT NOT NULL)',
  "INSERT INTO MeasurementType VALUES (1, 'WEIGHT', NULL, 'LB'), (2, 'BODY_FAT', NULL, 'PERCENT'), (3, 'WATER', NULL, 'KG'), (4, 'MUSCLE', NULL, 'PERCENT'), (5, 'COMMENT', NULL, 'NONE'), (6, 'CUSTOM', 'Mood', 'NONE'), (7, 'BMR', NULL, 'KCAL'), (8, 'HIPS', NULL, 'INCH')",
  `INSERT INTO User VALUES (7, 'Ann', 'X', ${Date.UTC(1980, 4, 3)}, 'FEMALE', 170)`,
  `INSERT INTO Measurement VALUES (1, 7, ${at}), (2, 7, ${at + 86_400_000})`,
  "INSERT INTO MeasurementValue VALUES (1, 1, 1, 179.5, NULL, NULL, NULL), (2, 1, 2, 18.25, NULL, NULL, NULL), (3, 1, 3, 44, NULL, NULL, NULL), (4, 1, 4, 42, NULL, NULL, NULL), (5, 1, 5, NULL, NULL, 'fasting', NULL), (6, 1, 6, NULL, 4, NULL, NULL), (7, 1, 7, 1650, NULL, NULL, NULL), (8, 1, 8, 40, NULL, NULL, NULL), (9, 2, 5, NULL, NULL, 'no weighing', NULL)",
]

const read = (statements: readonly string[], options: TestOptions = {}, sink = new RememberingSink()) =>
  runAdapter(openScale, [memberOf('openScale.db', [databaseOf(statements)])], options, sink)

describe("openScale's database", () => {
  it('of versions 1 and 2 gives what its CSV gives, without what was removed', async () => {
    const { report, sink } = await read(early)
    expect(report).toMatchObject({ read: 7, imported: 6, unmapped: { 'openScale removed row': 1 } })
    expect(rowsOf(sink).map(({ metric, values, unit }) => [metric, values[0], unit])).toEqual([
      ['body_fat', 18.2, '%'],
      ['body_water', 55.1, '%'],
      ['bone_mass', 3.1, 'kg'],
      ['visceral_fat_rating', 7, '{score}'],
      ['waist', 88, 'cm'],
      ['weight', 81.4, 'kg'],
    ])
    expect(rowsOf(sink)[0]).toMatchObject({
      at: '2026-03-04T08:15:00+0',
      extra: { note: 'morning, fasting', meta: { muscle: '42' } },
    })
    expect(report.profile.map(({ field, value }) => [field, value])).toEqual([
      ['dateOfBirth', '1980-05-03'],
      ['sex', 'female'],
    ])
    const again = await runText(openScale, openScaleEarly, {}, 'openScale.csv', sink)
    expect(again.report).toMatchObject({ imported: 1, duplicates: 6 })
  })

  it('of version 3 has the unit of each type', async () => {
    const { report, sink } = await read(late)
    expect(report).toMatchObject({ read: 6, imported: 5, unmapped: { 'openScale row': 1 } })
    expect(rowsOf(sink).map(({ metric, values, unit }) => [metric, values[0], unit])).toEqual([
      ['basal_metabolic_rate', 1650, 'kcal/d'],
      ['body_fat', 18.25, '%'],
      ['body_water_mass', 44, 'kg'],
      ['hip', 40, '[in_i]'],
      ['weight', 179.5, '[lb_av]'],
    ])
    expect(rowsOf(sink)[0]?.extra).toEqual({ note: 'fasting', meta: { MUSCLE: '42', Mood: '4' } })
    expect(rowsOf(sink)[0]?.at).toBe('2026-03-04T08:15:12+0')
  })

  it('of several people asks whose it is, and takes those of the person that is named', async () => {
    const asked = await read([...early, second])
    expect(asked.report).toMatchObject({ imported: 0, refused: 7, profile: [] })
    expect(asked.report.refusals[0]?.reason).toBe(
      'the file holds several people (1 Ann, 2 Bob): say --whose NAME',
    )
    for (const whose of ['bob', '2']) {
      const { report, sink } = await read([...early, second], { whose })
      expect(report).toMatchObject({ imported: 1, skipped: 6, refused: 0 })
      expect(rowsOf(sink).map(({ values }) => values[0])).toEqual([92])
    }
    const nobody = await read([...early, second], { whose: 'Carl' })
    expect(nobody.report).toMatchObject({ imported: 0, refused: 7 })
    expect(nobody.report.refusals[0]?.reason).toBe('it belongs to another person (1 Ann, 2 Bob)')
  })

  it('is recognised by its tables', async () => {
    const head = (statements: readonly string[]) => async () => databaseOf(statements).subarray(0, 65_536)
    expect(await openScale.recognises('x', head(early))).toBe(true)
    expect(await openScale.recognises('x', head(late))).toBe(true)
    expect(await openScale.recognises('openScale.db', head(['CREATE TABLE t (a)']))).toBe(false)
  })

  it('cut short or with flipped bytes ends in a report', async () => {
    await holdsAgainstDamage(openScale, databaseOf(early), 'openScale.db')
    await holdsAgainstDamage(openScale, databaseOf(late), 'openScale.db')
  }, 60_000)
})
