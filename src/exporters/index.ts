/** The ways in which a record leaves the vault: CSV, NDJSON, FHIR R4 and the GDPR archive. */
export { csvColumns, exportCsv } from './csv.ts'
export { csvList, csvText, listOfCsv, textOfCsv } from './csv-text.ts'
export { exportFhir } from './fhir.ts'
export { exportGdpr } from './gdpr.ts'
export { exportNdjson } from './ndjson.ts'
export * from './ports.ts'
export { zipSink } from './zip-sink.ts'
