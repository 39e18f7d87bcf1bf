/** SQLite databases and FIT files. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Encoder, type FileIdMesg, Profile, type RecordMesg, type SessionMesg } from '@garmin/fitsdk'
import Database from 'better-sqlite3'
import { type ExportFormat, firstMs, minuteMs, wave } from './format.ts'

const bandMinutes = 300_000
const beats = 300_000
const fitRecords = 60_000

export const binaryFormats: readonly ExportFormat[] = [
  {
    name: 'gadgetbridge',
    tokenizer: { kind: 'sqlite' },
    units: bandMinutes + 1,
    observations: bandMinutes * 2,
    write: (folder) =>
      writeDatabase(join(folder, 'Gadgetbridge.db'), (database) => {
        database.exec(
          `CREATE TABLE DEVICE (_id INTEGER PRIMARY KEY, NAME TEXT NOT NULL, MANUFACTURER TEXT, IDENTIFIER TEXT, TYPE INTEGER, MODEL TEXT, ALIAS TEXT);
           INSERT INTO DEVICE VALUES (1, 'Mi Band 7', 'Huami', 'AA:BB', 1, 'm', NULL);
           CREATE TABLE MI_BAND_ACTIVITY_SAMPLE (TIMESTAMP INTEGER NOT NULL, DEVICE_ID INTEGER NOT NULL, USER_ID INTEGER NOT NULL, RAW_INTENSITY INTEGER, STEPS INTEGER, RAW_KIND INTEGER, HEART_RATE INTEGER)`,
        )
        const insert = database.prepare('INSERT INTO MI_BAND_ACTIVITY_SAMPLE VALUES (?, 1, 1, 20, ?, 1, ?)')
        for (let index = 0; index < bandMinutes; index++) {
          insert.run(firstMs / 1000 + index * 60, Number(wave(index, 1, 120)), Number(wave(index, 50, 90)))
        }
      }),
  },
  {
    name: 'health-connect',
    tokenizer: { kind: 'sqlite' },
    units: beats + 3,
    observations: beats,
    write: (folder) =>
      writeDatabase(join(folder, 'health_connect_export.db'), (database) => {
        database.exec(
          `CREATE TABLE application_info_table (row_id INTEGER PRIMARY KEY AUTOINCREMENT, package_name TEXT NOT NULL UNIQUE, app_name TEXT, app_icon BLOB, record_types_used TEXT);
           INSERT INTO application_info_table VALUES (1, 'com.fitbit.FitbitMobile', 'Fitbit App', NULL, NULL);
           CREATE TABLE device_info_table (row_id INTEGER PRIMARY KEY AUTOINCREMENT, manufacturer TEXT, model TEXT, device_type INTEGER);
           INSERT INTO device_info_table VALUES (1, 'Google', 'Pixel Watch', 1);
           CREATE TABLE heart_rate_record_table (row_id INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB UNIQUE NOT NULL, last_modified_time INTEGER, client_record_id TEXT, client_record_version TEXT, device_info_id INTEGER, app_info_id INTEGER, recording_method INTEGER, dedupe_hash BLOB UNIQUE, start_time INTEGER, start_zone_offset INTEGER, end_time INTEGER, end_zone_offset INTEGER, local_date INTEGER);
           INSERT INTO heart_rate_record_table VALUES (1, x'01', ${firstMs}, NULL, NULL, 1, 1, 2, NULL, ${firstMs}, 3600, ${firstMs + beats * minuteMs}, 3600, 0);
           CREATE TABLE weight_record_table (row_id INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB UNIQUE NOT NULL, app_info_id INTEGER, device_info_id INTEGER, time INTEGER, zone_offset INTEGER, weight REAL);
           CREATE TABLE heart_rate_record_series_table (parent_key INTEGER, beats_per_minute INTEGER, epoch_millis INTEGER)`,
        )
        const insert = database.prepare('INSERT INTO heart_rate_record_series_table VALUES (1, ?, ?)')
        for (let index = 0; index < beats; index++)
          insert.run(Number(wave(index, 50, 90)), firstMs + index * minuteMs)
      }),
  },
  {
    name: 'garmin-fit',
    tokenizer: { kind: 'fit' },
    units: fitRecords + 2,
    observations: fitRecords * 2 + 1,
    write: (folder) => {
      const path = join(folder, 'run.fit')
      writeFileSync(path, activity(fitRecords))
      return path
    },
  },
]

function writeDatabase(path: string, fill: (database: Database.Database) => void): string {
  const database = new Database(path)
  database.transaction(fill)(database)
  database.close()
  return path
}

/** A run with one record a second: heart rate and cadence. */
function activity(records: number): Uint8Array {
  const { FILE_ID = 0, RECORD = 20, SESSION = 18 } = Profile.MesgNum
  const encoder = new Encoder()
  const at = (second: number): Date => new Date(firstMs + second * 1000)
  const fileId: FileIdMesg = {
    type: 'activity',
    manufacturer: 'garmin',
    product: 3113,
    serialNumber: 4711,
    timeCreated: at(0),
  }
  encoder.onMesg(FILE_ID, fileId)
  for (let second = 0; second < records; second++) {
    const record: RecordMesg = {
      timestamp: at(second),
      heartRate: Number(wave(second, 90, 170)),
      cadence: Number(wave(second, 70, 90)),
      positionLat: 570_000_000 + second,
      positionLong: 137_000_000 + second,
    }
    encoder.onMesg(RECORD, record)
  }
  const session: SessionMesg = {
    timestamp: at(records),
    startTime: at(0),
    sport: 'running',
    totalElapsedTime: records,
    totalTimerTime: records,
  }
  encoder.onMesg(SESSION, session)
  return encoder.close()
}
