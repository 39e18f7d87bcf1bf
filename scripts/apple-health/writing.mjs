// How records, dates and sources of a generated export are written.

export const dayMs = 86_400_000
export const minuteMs = 60_000
/** The offset of the day of the export, written on all dates alike: what the Health app does. */
const exportOffsetMin = 120
export const zone = 'Europe/Paris'

const device = (address, model, name, hardware) =>
  `device="&lt;&lt;HKDevice: ${address}&gt;, name:${name}, manufacturer:Apple Inc., model:${model}, hardware:${hardware}, software:11.2&gt;"`

export const sources = {
  watch: `sourceName="Alex’s Apple\u00a0Watch" sourceVersion="11.2" ${device('0x3012772a0', 'Watch', 'Apple Watch', 'Watch7,2')}`,
  phone: `sourceName="Alex’s iPhone" sourceVersion="18.2" ${device('0x30177ab20', 'iPhone', 'iPhone', 'iPhone15,3')}`,
  scale: 'sourceName="Body Scale" sourceVersion="6010301"',
  cuff: 'sourceName="OMRON connect" sourceVersion="7.12"',
  sensor: 'sourceName="Dexcom G7" sourceVersion="2.5"',
}

const categoryValues = {
  InBed: ['SleepAnalysis', 'HKCategoryValueSleepAnalysisInBed'],
  Core: ['SleepAnalysis', 'HKCategoryValueSleepAnalysisAsleepCore'],
  Deep: ['SleepAnalysis', 'HKCategoryValueSleepAnalysisAsleepDeep'],
  REM: ['SleepAnalysis', 'HKCategoryValueSleepAnalysisAsleepREM'],
  Awake: ['SleepAnalysis', 'HKCategoryValueSleepAnalysisAwake'],
  Stood: ['AppleStandHour', 'HKCategoryValueAppleStandHourStood'],
  Idle: ['AppleStandHour', 'HKCategoryValueAppleStandHourIdle'],
}

/** A record; a null unit makes a category record, whose type and value the name stands for. */
export function record(indent, name, source, unit, ms, lengthMs, value, children = '') {
  const category = unit === null ? categoryValues[name] : null
  const type = category ? `HKCategoryTypeIdentifier${category[0]}` : `HKQuantityTypeIdentifier${name}`
  const units = category ? '' : ` unit="${unit}"`
  const end = date(ms + lengthMs)
  const start = lengthMs === 0 ? end : date(ms)
  const head = `${indent === ' ' ? '  ' : ' '}<Record type="${type}" ${source}${units} creationDate="${end}" startDate="${start}" endDate="${end}" value="${category ? category[1] : value}"`
  return children === '' ? `${head}/>\n` : `${head}>\n${children} </Record>\n`
}

export function entry(key, value) {
  return `  <MetadataEntry key="${key}" value="${value}"/>\n`
}

let lastDay = Number.NaN
let lastDate = ''

/** `2026-03-01 07:30:00 +0200`. */
export function date(ms) {
  const local = Math.floor(ms / 1000) + exportOffsetMin * 60
  const day = Math.floor(local / 86_400)
  if (day !== lastDay) {
    lastDay = day
    lastDate = new Date(day * dayMs).toISOString().slice(0, 10)
  }
  const second = local - day * 86_400
  return `${lastDate} ${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)} +0200`
}

export function clock(ms) {
  const local = new Date(ms + exportOffsetMin * minuteMs).toISOString()
  return `${Number(local.slice(11, 13))}${local.slice(13, 19)},${local.slice(20, 22)}`
}

export function two(value) {
  return value < 10 ? `0${value}` : String(value)
}
