/** The lines of the NDJSON format (docs/formats/ndjson.md): one record each, lossless. */
import { createHash } from 'node:crypto'
import { formatInstant } from '../foundation/index.ts'
import type { Metric } from '../metrics/index.ts'
import {
  type Attachment,
  type Entity,
  extraToText,
  type Observation,
  type RawRecord,
} from '../records/index.ts'
import { flagNames } from './flag-names.ts'
import { jsonNumber, jsonText } from './number-text.ts'

export const ndjsonFormatVersion = 1
export const ndjsonMediaType = 'application/x-ndjson'

/** First line: which format, which program, when. */
export function headerLine(options: { readonly nowIso: string; readonly version: string }): string {
  const { nowIso, version } = options
  return line({
    kind: 'header',
    format: 'healthmate-ndjson',
    formatVersion: ndjsonFormatVersion,
    version,
    created: nowIso,
  })
}

/** Last line: without it the file was cut short. */
export function endLine(counts: Readonly<Record<string, number>>): string {
  return line({ kind: 'end', ...counts })
}

/** A measurement; `value` is a number, or numbers by component. The parts that repeat are joined by hand: it is the hot line. */
export function observationLine(observation: Observation, metric: Metric | undefined): string {
  const { id, startMs, endMs, offsetMin, original } = observation
  const end = endMs === startMs ? 'null' : `"${formatInstant(endMs, offsetMin)}"`
  const originalText =
    original === null
      ? 'null'
      : `{"value":${valueText(original.values, metric)},"unit":${JSON.stringify(original.unit)}}`
  const { app, device, deviceClass } = observation.source
  return (
    `{"kind":"observation","id":"${id}","metric":${JSON.stringify(observation.metric)}` +
    `,"at":"${formatInstant(startMs, offsetMin)}","end":${end},"offset":${offsetMin}` +
    `,"value":${valueText(observation.values, metric)},"unit":${JSON.stringify(observation.unit)}` +
    `,"original":${originalText}` +
    `,"source":{"app":${JSON.stringify(app)},"device":${JSON.stringify(device)},"class":"${deviceClass}"}` +
    `,"flags":${JSON.stringify(flagNames(observation.flags))},"extra":${extraToText(observation.extra)}` +
    `,"imports":${JSON.stringify(observation.imports)}}\n`
  )
}

/** A number; numbers by component id; a list where the catalogue names no components. */
function valueText(values: readonly number[], metric: Metric | undefined): string {
  const components = metric?.components ?? []
  if (components.length === 0 && values.length === 1) return jsonNumber(values[0] as number)
  if (components.length !== values.length) return `[${values.map(jsonNumber).join(',')}]`
  const fields = components.map(({ id }, index) => `"${id}":${jsonNumber(values[index] as number)}`)
  return `{${fields.join(',')}}`
}

export function entityLine(entity: Entity): string {
  return line({
    kind: 'entity',
    type: entity.type,
    id: entity.id,
    fields: entity.fields,
    concurrent: entity.concurrent,
    createdMs: entity.createdMs,
    updatedMs: entity.updatedMs,
  })
}

export function rawLine(record: RawRecord): string {
  const { type, where, startMs, text } = record
  return line({ kind: 'raw', type, where, startMs, text })
}

export function attachmentLine(attachment: Attachment): string {
  const { id, name, mediaType, bytes } = attachment
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
  return line({ kind: 'attachment', id, name, mediaType, size: bytes.length, sha256, base64 })
}

function line(fields: object): string {
  return `${jsonText(fields)}\n`
}
