/** The texts of a GDPR archive that a person reads, and the schema that a program reads. */
import type { ExportedFile, ExportedRecords } from './ports.ts'

export interface ArchiveFile extends ExportedFile {
  /** What is in it, in one sentence. */
  readonly description: string
  /** Name of the attached file as the record has it, where the archive's name differs. */
  readonly originalName?: string
}

export interface ArchiveSummary {
  readonly nowIso: string
  readonly version: string
  readonly records: ExportedRecords
  readonly files: readonly ArchiveFile[]
  readonly notes: readonly string[]
}

const introduction = [
  'This archive holds everything that a HealthMate vault keeps about you. It is a copy: the vault is unchanged.',
  'It is not encrypted. Whoever has it can read it; keep it where you keep your passport.',
  'Measurements are there three times: as tables (CSV, for spreadsheets), as JSON lines (complete and exact, for programs) and as FHIR R4 (for hospitals and other health software).',
  'Times carry their offset from UTC. Units are UCUM codes (https://ucum.org); metrics.json says what each metric means.',
]

const rights =
  'It serves your rights of access and of data portability under Articles 15 and 20 of the General Data Protection Regulation.'

const verification =
  'To verify that nothing was changed or lost, run "sha256sum --check SHA256SUMS" in this folder (on macOS: "shasum -a 256 -c SHA256SUMS").'

function countsText({ observations, entities, raw, attachments }: ExportedRecords): string {
  return `${observations} measurements, ${entities} other entries, ${raw} raw records, ${attachments} attached files.`
}

/** README.txt */
export function readmeText(summary: ArchiveSummary): string {
  const files = summary.files.map(({ name, description }) => `  ${plain(name)}\n      ${plain(description)}`)
  return [
    'YOUR HEALTH RECORD',
    '',
    ...introduction,
    rights,
    '',
    `Made ${summary.nowIso} by HealthMate ${summary.version}.`,
    countsText(summary.records),
    '',
    'FILES',
    ...files,
    '',
    ...(summary.notes.length === 0
      ? []
      : ['NOTES', ...summary.notes.map((note) => `  - ${plain(note)}`), '']),
    verification,
    '',
  ].join('\n')
}

/** README.html: self-contained, no script, no connection; readable in a browser years from now. */
export function readmeHtml(summary: ArchiveSummary): string {
  const rows = summary.files.map(
    ({ name, description, records, bytes }) =>
      `<tr><td><a href="${html(encodeURI(name))}">${html(name)}</a></td><td>${html(description)}</td>` +
      `<td class="number">${records}</td><td class="number">${bytes}</td></tr>`,
  )
  const notes = summary.notes.map((note) => `<li>${html(note)}</li>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Your health record</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8888; }
td:first-child { overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
</style>
</head>
<body>
<h1>Your health record</h1>
${[...introduction, rights].map((text) => `<p>${html(text)}</p>`).join('\n')}
<p>Made ${html(summary.nowIso)} by HealthMate ${html(summary.version)}. ${html(countsText(summary.records))}</p>
<h2>Files</h2>
<table>
<thead><tr><th>File</th><th>What it holds</th><th class="number">Records</th><th class="number">Bytes</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
${notes.length === 0 ? '' : `<h2>Notes</h2>\n<ul>\n${notes.join('\n')}\n</ul>\n`}<h2>Verify</h2>
<p>${html(verification)}</p>
</body>
</html>
`
}

/** Text of the record inside HTML: markup is text, control and bidirectional characters are shown as U+FFFD. */
function html(text: string): string {
  return plain(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function plain(text: string): string {
  return text.replace(/\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/gu, '\ufffd')
}

const number = { anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity'] }] }
const value = {
  anyOf: [number, { type: 'array', items: number }, { type: 'object', additionalProperties: number }],
}
const time = { type: 'string', format: 'date-time' }
const text = { type: 'string' }
const texts = { type: 'array', items: text }

function lineSchema(
  kind: string,
  properties: Readonly<Record<string, unknown>>,
  optional: readonly string[] = [],
) {
  return {
    type: 'object',
    properties: { kind: { const: kind }, ...properties },
    required: ['kind', ...Object.keys(properties).filter((name) => !optional.includes(name))],
  }
}

/** JSON Schema (2020-12) of every line of the NDJSON format and of the entities in JSON files. */
export const lineSchemas = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A line of a HealthMate NDJSON export, format version 1',
  $defs: {
    header: lineSchema('header', {
      format: { const: 'healthmate-ndjson' },
      formatVersion: { const: 1 },
      version: text,
      created: time,
    }),
    observation: lineSchema('observation', {
      id: text,
      metric: text,
      at: time,
      end: { anyOf: [time, { type: 'null' }] },
      offset: { type: 'integer', description: 'minutes east of UTC' },
      value,
      unit: { type: 'string', description: 'UCUM' },
      original: {
        anyOf: [
          { type: 'null' },
          { type: 'object', properties: { value, unit: text }, required: ['value', 'unit'] },
        ],
      },
      source: {
        type: 'object',
        properties: { app: text, device: text, class: text },
        required: ['app', 'device', 'class'],
      },
      flags: texts,
      extra: { type: 'object' },
      imports: texts,
    }),
    entity: lineSchema(
      'entity',
      {
        type: text,
        id: text,
        fields: { type: 'object' },
        concurrent: { type: 'object', additionalProperties: { type: 'array' } },
        createdMs: { type: 'number' },
        updatedMs: { type: 'number' },
      },
      ['concurrent'],
    ),
    raw: lineSchema('raw', { type: text, where: text, startMs: { type: ['number', 'null'] }, text }),
    attachment: lineSchema('attachment', {
      id: text,
      name: text,
      mediaType: text,
      size: { type: 'integer' },
      sha256: text,
      base64: { type: 'string', contentEncoding: 'base64' },
    }),
    end: lineSchema('end', {
      observations: { type: 'integer' },
      entities: { type: 'integer' },
      raw: { type: 'integer' },
      attachments: { type: 'integer' },
    }),
  },
  oneOf: ['header', 'observation', 'entity', 'raw', 'attachment', 'end'].map((kind) => ({
    $ref: `#/$defs/${kind}`,
  })),
}
