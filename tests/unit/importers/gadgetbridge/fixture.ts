/** A database with tables as Gadgetbridge's own generator makes them; all values are made up. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { tableLaws } from '../law-fixture.ts'

export function databaseOf(statements: readonly string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'hm-gb-'))
  const path = join(folder, 'gb.db')
  const database = new Database(path)
  for (const statement of statements) database.exec(statement)
  database.close()
  const bytes = readFileSync(path)
  rmSync(folder, { recursive: true })
  return bytes
}

const at = 1_767_600_000
const keys = 'TIMESTAMP INTEGER NOT NULL, DEVICE_ID INTEGER NOT NULL, USER_ID INTEGER NOT NULL'

export const gadgetbridgeStatements = [
  'CREATE TABLE "DEVICE" ("_id" INTEGER PRIMARY KEY, "NAME" TEXT NOT NULL, "MANUFACTURER" TEXT, "IDENTIFIER" TEXT, "TYPE" INTEGER, "MODEL" TEXT, "ALIAS" TEXT)',
  "INSERT INTO DEVICE VALUES (1, 'Amazfit GTS 3', 'Huami', 'AA:BB', 1, 'm', NULL)",
  `CREATE TABLE "HUAMI_EXTENDED_ACTIVITY_SAMPLE" (${keys}, RAW_INTENSITY INTEGER, STEPS INTEGER, RAW_KIND INTEGER, HEART_RATE INTEGER)`,
  `INSERT INTO HUAMI_EXTENDED_ACTIVITY_SAMPLE VALUES (${at},1,1,20,12,1,64), (${at + 60},1,1,20,0,1,255), (${at + 120},1,1,20,-1,1,66)`,
  `CREATE TABLE "HUAMI_SPO2_SAMPLE" (${keys}, TYPE_NUM INTEGER, SPO2 INTEGER)`,
  `INSERT INTO HUAMI_SPO2_SAMPLE VALUES (${at}000,1,1,0,97), (${at}001,1,1,0,0)`,
  `CREATE TABLE "HUAMI_HEART_RATE_RESTING_SAMPLE" (${keys}, UTC_OFFSET INTEGER, HEART_RATE INTEGER)`,
  `INSERT INTO HUAMI_HEART_RATE_RESTING_SAMPLE VALUES (${at}000,1,1,0,54)`,
  `CREATE TABLE "GARMIN_HRV_VALUE_SAMPLE" (${keys}, VALUE INTEGER)`,
  `INSERT INTO GARMIN_HRV_VALUE_SAMPLE VALUES (${at}000,2,1,48)`,
  `CREATE TABLE "COLMI_SLEEP_STAGE_SAMPLE" (${keys}, DURATION INTEGER, STAGE INTEGER, RAW BLOB)`,
  `INSERT INTO COLMI_SLEEP_STAGE_SAMPLE VALUES (${at}000,1,1,30,2,x'0102')`,
  `CREATE TABLE "XIAOMI_SLEEP_TIME_SAMPLE" (${keys}, WAKEUP_TIME INTEGER, TOTAL_DURATION INTEGER, DEEP_SLEEP_DURATION INTEGER)`,
  `INSERT INTO XIAOMI_SLEEP_TIME_SAMPLE VALUES (${at}000,1,1,${at + 28_800}000,450,90), (${at}500,1,1,${at + 60}000,28000,1)`,
  'CREATE TABLE "BASE_ACTIVITY_SUMMARY" ("_id" INTEGER PRIMARY KEY, NAME TEXT, START_TIME INTEGER NOT NULL, END_TIME INTEGER NOT NULL, ACTIVITY_KIND INTEGER NOT NULL, DEVICE_ID INTEGER, USER_ID INTEGER, SUMMARY_DATA TEXT)',
  `INSERT INTO BASE_ACTIVITY_SUMMARY VALUES (1, 'Evening', ${at}000, ${at + 1800}000, 16, 1, 1, '{"distance":5}')`,
  'CREATE VIEW EVIL_SAMPLE AS SELECT * FROM DEVICE',
]

export const laws = tableLaws('gadgetbridge', 'MI_BAND_ACTIVITY_SAMPLE.csv', {
  head: ['TIMESTAMP,DEVICE_ID,USER_ID,RAW_INTENSITY,STEPS,RAW_KIND,HEART_RATE'],
  rows: [0, 1, 2, 3, 4].map((minute) => `${at + minute * 60},1,1,20,${minute * 10},1,${60 + minute}`),
})
