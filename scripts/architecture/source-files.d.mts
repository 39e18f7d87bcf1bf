import type { SourceFile } from './checks.d.mts'

export const root: string
export function sourceFiles(base?: string): SourceFile[]
export function parseFile(path: string, text: string): SourceFile
