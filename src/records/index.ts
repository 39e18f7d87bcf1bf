export * from './change.ts'
export * from './entity.ts'
export * from './observation.ts'
export * from './ports.ts'
