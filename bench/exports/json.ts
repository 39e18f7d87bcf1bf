/** Documents and lists in JSON, and HL7 v2 messages. */
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import {
  type ExportFormat,
  firstMs,
  fiveMinutesMs,
  minuteMs,
  secondText,
  wave,
  writePieces,
} from './format.ts'

const json = { kind: 'json' } as const

interface List {
  readonly name: string
  readonly file: string
  readonly items: number
  readonly item: (index: number) => unknown
  readonly valuesInItem: number
  /** What stands around the items; an array when it is not given. */
  readonly around?: readonly [string, string]
  readonly between?: string
  readonly options?: ExportFormat['options']
}

/** A list, whose items are the values of the splitter unless a document is around it. */
function list({
  name,
  file,
  items,
  item,
  valuesInItem,
  around,
  between = ',\n',
  options = {},
}: List): ExportFormat {
  const [head, tail] = around ?? ['[', ']\n']
  return {
    name,
    options,
    tokenizer: json,
    units: head.startsWith('{') ? 1 : items,
    observations: items * valuesInItem,
    write: (folder) =>
      writePieces(join(folder, file), items, (index) => JSON.stringify(item(index)), { head, between, tail }),
  }
}

const instant = (index: number): number => firstMs + index * fiveMinutesMs
const isoText = (ms: number): string => new Date(ms).toISOString()
const dayText = (index: number): string => secondText(firstMs + index * 86_400_000).slice(0, 10)

const observation = (index: number): object => ({
  resourceType: 'Observation',
  id: `rate-${index}`,
  status: 'final',
  category: [
    {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }],
    },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
  subject: { reference: 'Patient/p' },
  effectiveDateTime: `${secondText(instant(index))}+01:00`,
  valueQuantity: {
    value: Number(wave(index, 50, 90)),
    unit: 'beats/minute',
    system: 'http://unitsofmeasure.org',
    code: '/min',
  },
})

export const jsonFormats: readonly ExportFormat[] = [
  list({
    name: 'nightscout',
    file: 'entries.json',
    items: 200_000,
    item: (index) => ({
      _id: `5f${index.toString(16).padStart(22, '0')}`,
      type: 'sgv',
      sgv: Number(wave(index, 60, 250)),
      date: instant(index),
      dateString: isoText(instant(index)),
      direction: 'Flat',
      device: 'xDrip-DexcomG6',
      utcOffset: 0,
    }),
    valuesInItem: 1,
  }),
  list({
    name: 'tidepool',
    file: 'TidepoolExport.json',
    items: 150_000,
    item: (index) => ({
      type: 'cbg',
      time: isoText(instant(index)),
      value: Number(wave(index, 3, 14, 5)),
      units: 'mmol/L',
      id: `r${index.toString(36)}`,
      deviceId: 'DexG6_1',
      uploadId: 'upid_1',
      timezoneOffset: -480,
      guid: `a0b1-${index}`,
    }),
    valuesInItem: 1,
  }),
  list({
    name: 'oura',
    file: 'heartrate.json',
    items: 300_000,
    item: (index) => ({
      bpm: Number(wave(index, 50, 90)),
      source: 'awake',
      timestamp: isoText(instant(index)),
    }),
    valuesInItem: 1,
    around: ['{"data":[', '],"next_token":null}\n'],
  }),
  list({
    name: 'open-mhealth',
    file: 'points.json',
    items: 60_000,
    item: (index) => ({
      header: {
        id: `id-${index}`,
        creation_date_time: isoText(instant(index)),
        schema_id: { namespace: 'omh', name: 'heart-rate', version: '1.0' },
        acquisition_provenance: { source_name: 'Watch', modality: 'sensed' },
      },
      body: {
        heart_rate: { value: Number(wave(index, 50, 90)), unit: 'beats/min' },
        effective_time_frame: { date_time: isoText(instant(index)) },
      },
    }),
    valuesInItem: 1,
  }),
  list({
    name: 'ihealth',
    file: 'ihealth.json',
    items: 120_000,
    item: (index) => ({
      BG: Number(wave(index, 60, 250)),
      DataSource: 'FromDevice',
      DinnerSituation: 'Before_breakfast',
      MDate: instant(index) / 1000,
      TimeZone: '-0800',
    }),
    valuesInItem: 1,
    around: ['{"BGUnit":0,"BGDataList":[', ']}\n'],
  }),
  list({
    name: 'medikeep',
    file: 'medikeep.json',
    items: 50_000,
    item: (index) => ({
      id: index,
      recorded_date: secondText(instant(index)),
      systolic_bp: Number(wave(index, 105, 160)),
      diastolic_bp: Number(wave(index, 60, 95)),
      heart_rate: Number(wave(index, 50, 90)),
      temperature: 98.2,
      temperature_unit: '°F',
      weight: null,
      location: 'home',
      device_used: 'Omron',
      notes: null,
    }),
    valuesInItem: 3,
    around: [
      '{"export_metadata":{"generated_at":"2026-02-01T00:00:00","format":"json","scope":"all","unit_system":"imperial"},"vitals":[',
      ']}\n',
    ],
  }),
  list({
    name: 'fhir',
    file: 'observations.ndjson',
    items: 30_000,
    item: observation,
    valuesInItem: 1,
    around: ['', '\n'],
    between: '\n',
  }),
  list({
    name: 'fitbit',
    file: 'heart_rate-2016-01-01.json',
    items: 300_000,
    item: (index) => {
      const [date = '', time = ''] = secondText(firstMs + index * 5000).split('T')
      const [year = '', month = '', day = ''] = date.split('-')
      return {
        dateTime: `${month}/${day}/${year.slice(2)} ${time}`,
        value: { bpm: Number(wave(index, 50, 90)), confidence: 1 + (index % 3) },
      }
    },
    valuesInItem: 1,
  }),
  list({
    name: 'google-fit',
    file: 'raw_heart_rate.json',
    items: 100_000,
    item: (index) => ({
      fitValue: [{ value: { fpVal: Number(wave(index, 50, 90)) } }],
      originDataSourceId: '',
      endTimeNanos: instant(index) * 1_000_000,
      dataTypeName: 'com.google.heart_rate.bpm',
      startTimeNanos: instant(index) * 1_000_000,
      modifiedTimeMillis: instant(index),
      rawTimestampNanos: 0,
    }),
    valuesInItem: 1,
    around: [
      '{\n  "Data Source": "raw:com.google.heart_rate.bpm:com.example:Acme:Watch:1a2b:",\n  "Data Points": [',
      ']\n}\n',
    ],
  }),
  medicationEvents(),
  garminDays(),
  laboratoryMessages(),
]

/** Doses are entities, of which a vault takes fewer in a second than numbers. */
function medicationEvents(): ExportFormat {
  const events = 20_000
  return {
    ...list({
      name: 'medtimer',
      file: 'MedTimer_Backup.json',
      items: events,
      item: (index) => ({
        reminderEventId: index,
        medicineName: 'Ramipril 5 mg',
        amount: '1',
        status: 'TAKEN',
        remindedTimestamp: instant(index) / 1000,
        processedTimestamp: instant(index) / 1000 + 600,
        tags: ['heart'],
        notes: 'late',
      }),
      valuesInItem: 0,
      around: [
        '{"medicines":{"version":23,"list":[{"medicine":{"name":"Ramipril 5 mg"},"reminders":[]}]},"events":{"version":23,"list":[',
        ']}}\n',
      ],
    }),
  }
}

function garminDays(): ExportFormat {
  const days = 20_000
  const day = (index: number): string =>
    JSON.stringify({
      userProfilePK: 1,
      calendarDate: dayText(index % 20_000),
      totalSteps: Number(wave(index, 2000, 15_000)),
      totalDistanceMeters: Number(wave(index, 1500, 12_000)),
      activeKilocalories: Number(wave(index, 100, 900)),
      restingHeartRate: Number(wave(index, 48, 66)),
      bmrKilocalories: 1800,
      durationInMilliseconds: 86_400_000,
      wellnessStartTimeGmt: `${dayText(index)}T00:00:00.0`,
    })
  return {
    name: 'garmin-connect',
    tokenizer: json,
    units: days,
    observations: days * 5,
    write: async (folder) => {
      const zip = new ZipFile()
      const file = writePieces(join(folder, 'days.json'), days, day, { head: '[', between: ',', tail: ']' })
      zip.addFile(file, 'DI_CONNECT/DI-Connect-Aggregator/UDSFile_2016.json')
      zip.end()
      const path = join(folder, 'garmin.zip')
      await pipeline(zip.outputStream, createWriteStream(path))
      return path
    },
  }
}

function laboratoryMessages(): ExportFormat {
  const messages = 10_000
  const message = (index: number): string => {
    const at = secondText(firstMs + index * 7 * minuteMs).replaceAll(/[-T:]/g, '')
    return [
      `MSH|^~\\&|LAB|HOSPITAL|||${at}+0100||ORU^R01|${index}|P|2.5.1`,
      'PID|1||4711^^^LAB||MUSTER^ERIKA||19640812|F',
      `OBR|1|P${index}|F${index}|24323-8^Panel^LN|||${at}+0100|||||||||||||||${at}+0100|||F`,
      `OBX|1|NM|2823-3^Potassium^LN||${wave(index, 3, 5, 1)}|mmol/L|3.5-5.1|N|||F|||${at}+0100`,
      `OBX|2|NM|718-7^Haemoglobin^LN||${wave(index, 11, 16, 1)}|g/dL||N|||F|||${at}+0100`,
    ].join('\r')
  }
  return {
    name: 'hl7v2',
    tokenizer: { kind: 'hl7v2' },
    units: messages,
    observations: messages * 2,
    write: (folder) =>
      writePieces(join(folder, 'results.hl7'), messages, message, { between: '\r', tail: '\r' }),
  }
}
