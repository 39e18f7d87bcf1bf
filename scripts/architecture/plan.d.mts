export interface Room {
  readonly floor: number
  /** No clock, files, network, process or randomness. */
  readonly pure: boolean
  readonly does: string
  /** Packages that no other room imports. */
  readonly owns: readonly string[]
  /** Node modules that a pure room may use all the same. */
  readonly builtins?: readonly string[]
  /** Draws its own randomness although it is pure otherwise. */
  readonly draws?: boolean
  /** Rooms of which only a part may be used, and which part. */
  readonly only?: Readonly<Record<string, string>>
}

export const rooms: Readonly<Record<string, Room>>
export const reasons: Readonly<Record<string, string>>
export const maxFileLines: number
export const maxFunctionLines: number
