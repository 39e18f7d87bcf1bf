/**
 * Registers: the one replicated type from which entity fields, sets, tombstones and observation edits are made.
 *
 * A register keeps its *heads*, the writes that no other write replaces, and per device the time up to which that
 * device's writes are replaced (`seen`). A write names the heads it was made upon; since a device's stamps rise
 * and its chain has no gaps, replacing one write of a device replaces all its earlier ones, so one time per device
 * says it all. Joining a write is commutative, associative and idempotent whatever comes first, twice or never:
 * `seen` is a maximum, heads are what `seen` does not cover.
 *
 * Reading: `winner` is the head with the highest stamp. A write that replaces another beats it whatever the clocks
 * said; stamps decide only between concurrent ones (architecture.md, section 3).
 */
import type { JsonValue } from '../../records/index.ts'
import { type Hlc, hlcDevice, hlcTimeText } from './hlc.ts'

export type RegisterHead = readonly [hlc: Hlc, value: JsonValue]

export interface Register {
  /** Ascending by stamp. */
  readonly heads: readonly RegisterHead[]
  /** Device (hex) → time text up to which its writes are replaced. */
  readonly seen: Readonly<Record<string, string>>
}

/** One write to a register. */
export interface RegisterWrite {
  readonly hlc: Hlc
  /** Stamps of the heads that it replaces. */
  readonly replaces: readonly Hlc[]
  readonly value: JsonValue
}

export const emptyRegister: Register = { heads: [], seen: {} }

/** The register after a write; the same object when the write changes nothing. */
export function joinWrite(register: Register, write: RegisterWrite): Register {
  const seen = raiseSeen(register.seen, write.replaces)
  const known = register.heads.some(([hlc]) => hlc === write.hlc)
  if (seen === register.seen && (known || isSeen(seen, write.hlc))) return register
  const heads = register.heads.filter(([hlc]) => !isSeen(seen, hlc))
  if (!known && !isSeen(seen, write.hlc)) {
    heads.push([write.hlc, write.value])
    heads.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  }
  return { heads, seen }
}

/** The join of two states of one register, as after all writes of both. */
export function joinRegisters(a: Register, b: Register): Register {
  let joined: Register = a
  const seen: Record<string, string> = { ...a.seen }
  for (const [device, time] of Object.entries(b.seen)) {
    if (time > (seen[device] ?? '')) seen[device] = time
  }
  joined = { heads: a.heads.filter(([hlc]) => !isSeen(seen, hlc)), seen }
  for (const [hlc, value] of b.heads) joined = joinWrite(joined, { hlc, value, replaces: [] })
  return joined
}

/** The value of the head with the highest stamp; undefined when nothing was written. */
export function winner(register: Register): JsonValue | undefined {
  return register.heads.at(-1)?.[1]
}

/** Distinct values of all heads, the winner first. */
export function concurrentValues(register: Register): readonly JsonValue[] {
  const byText = new Map<string, JsonValue>()
  for (const [, value] of register.heads.toReversed()) {
    const text = JSON.stringify(value)
    if (!byText.has(text)) byText.set(text, value)
  }
  return [...byText.values()]
}

/** Stamps that a new write upon this state replaces. */
export function headStamps(register: Register | undefined): readonly Hlc[] {
  return register === undefined ? [] : register.heads.map(([hlc]) => hlc)
}

function isSeen(seen: Readonly<Record<string, string>>, hlc: Hlc): boolean {
  const time = seen[hlcDevice(hlc)]
  return time !== undefined && hlcTimeText(hlc) <= time
}

function raiseSeen(
  seen: Readonly<Record<string, string>>,
  replaces: readonly Hlc[],
): Readonly<Record<string, string>> {
  let raised: Record<string, string> | undefined
  for (const hlc of replaces) {
    const device = hlcDevice(hlc)
    const time = hlcTimeText(hlc)
    if (time > ((raised ?? seen)[device] ?? '')) {
      raised ??= { ...seen }
      raised[device] = time
    }
  }
  return raised ?? seen
}
