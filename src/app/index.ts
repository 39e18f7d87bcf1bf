/** What a person can ask the program: use cases, settings, folders, the unlock agent. */
export type { AppContext, Progress } from './context.ts'
export * from './paths.ts'
