/** The ways in which a record leaves the vault: CSV, NDJSON, FHIR R4 and the GDPR archive. */
export { type CsvOptions, csvColumns, exportCsv } from './csv.ts'
export { csvList, csvText, listOfCsv, textOfCsv } from './csv-text.ts'
export { exportFhir, type FhirOptions } from './fhir.ts'
export { exportGdpr, type GdprOptions } from './gdpr.ts'
export { exportNdjson, type NdjsonOptions } from './ndjson.ts'
export * from './ports.ts'
export { type ZipSink, zipSink } from './zip-sink.ts'
