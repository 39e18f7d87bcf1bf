/** Words that every room needs and that mean nothing medical: failures, bytes, instants, zones, names, secrets. */
export * from './bytes.ts'
export * from './clock.ts'
export * from './failure.ts'
export * from './instant.ts'
export * from './nearest-names.ts'
export * from './redacted.ts'
export * from './zone-name.ts'
export * from './zone-offset.ts'
