export interface Violation {
  readonly place: string
  readonly rule: string
  readonly reason: string
}
export interface SourceFile {
  readonly path: string
  readonly room: string
  readonly lines: number
}
export function checkFloors(files: readonly SourceFile[]): Violation[]
export function checkCycles(files: readonly SourceFile[]): Violation[]
export function checkPackages(files: readonly SourceFile[]): Violation[]
export function checkPurity(files: readonly SourceFile[]): Violation[]
export function checkConsole(files: readonly SourceFile[]): Violation[]
export function checkSizes(
  files: readonly SourceFile[],
  exceptions: Readonly<Record<string, number>>,
): Violation[]
export function checkNames(paths: readonly string[]): Violation[]
export function checkMap(readme: string): Violation[]
export function readSizeExceptions(base?: string): Record<string, number>
export function namedPaths(base?: string): string[]
export function roomMap(): string
