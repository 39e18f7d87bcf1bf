/**
 * The rows of `keyslot` and the header that vouches for them. A slot is replaced in two transactions, so that its
 * bytes are overwritten on disk before the row goes: the first adds the new slot and voids the old one, the second
 * deletes what is void. A crash between leaves a void row, which opens nothing and goes with the next change.
 */
import type { Database } from 'better-sqlite3'
import { Failure, type Random } from '../../foundation/index.ts'
import { transaction, withDatabaseFailures } from '../database.ts'
import {
  isVoidSlot,
  maxSlots,
  parseKeySlot,
  type SlotKey,
  type SlotKind,
  sealedSlotPart,
  sealKeySlot,
  voidSlot,
} from './key-slot.ts'
import { type PlacedVaultFile, readVaultHeader, writeMeta } from './vault-file.ts'
import { buildVaultHeader } from './vault-header.ts'

export interface SlotRow {
  readonly slot: number
  readonly bytes: Uint8Array
}

export function readSlots(sqlite: Database): readonly SlotRow[] {
  return withDatabaseFailures(() =>
    sqlite.prepare<[], SlotRow>('SELECT slot, bytes FROM keyslot ORDER BY slot LIMIT 16').all(),
  )
}

/** Whether the vault has a slot of a kind. */
export function hasSlot(file: PlacedVaultFile, kind: SlotKind): boolean {
  return readSlots(file.sqlite).some((row) => slotKind(file, row) === kind)
}

/** A slot's kind, `void`, or `damaged` when nothing could open it. */
export function slotKind(file: PlacedVaultFile, { slot, bytes }: SlotRow): SlotKind | 'void' | 'damaged' {
  if (isVoidSlot(bytes)) return 'void'
  try {
    return parseKeySlot(slot, bytes, file.vaultId).kind
  } catch (failure) {
    if (failure instanceof Failure && failure.code === 'DAMAGED') return 'damaged'
    throw failure
  }
}

/** Overwrites the rows with random bytes; returns what they held, to be searched for afterwards. */
export function voidSlots(sqlite: Database, rows: readonly SlotRow[], random: Random): readonly Uint8Array[] {
  const overwrite = sqlite.prepare('UPDATE keyslot SET bytes = ? WHERE slot = ?')
  for (const { slot } of rows) overwrite.run(voidSlot(random), slot)
  return rows.filter(({ bytes }) => !isVoidSlot(bytes)).map(({ bytes }) => sealedSlotPart(bytes))
}

/** Adds a slot at the first free place. Fails with EXISTS when all 16 are taken. */
export function addSlot(file: PlacedVaultFile, slotKey: SlotKey, rootKey: Uint8Array): void {
  const taken = new Set(readSlots(file.sqlite).map(({ slot }) => slot))
  const slot = Array.from({ length: maxSlots }, (_, index) => index).find((index) => !taken.has(index))
  if (slot === undefined) {
    throw new Failure('EXISTS', `all ${maxSlots} key slots are taken`, { hint: 'healthmate vault info' })
  }
  const bytes = sealKeySlot(slot, slotKey, file.vaultId, rootKey)
  file.sqlite.prepare('INSERT INTO keyslot (slot, bytes) VALUES (?, ?)').run(slot, bytes)
}

/** Header over the slots as they are now; `change` raises the counter. */
export function writeHeader(file: PlacedVaultFile, headKey: Uint8Array, change: 'change' | 'same'): void {
  const { vaultId, version, counter } = readVaultHeader(file.sqlite)
  const slots = new Map(readSlots(file.sqlite).map(({ slot, bytes }) => [slot, bytes]))
  const state = { vaultId, version, counter: change === 'change' ? counter + 1 : counter }
  writeMeta(file.sqlite, 'header', buildVaultHeader(state, slots, headKey))
}

/** The second transaction. */
export function deleteVoidSlots(file: PlacedVaultFile, headKey: Uint8Array): void {
  const remove = file.sqlite.prepare('DELETE FROM keyslot WHERE slot = ?')
  transaction(file.sqlite, () => {
    for (const { slot, bytes } of readSlots(file.sqlite)) if (isVoidSlot(bytes)) remove.run(slot)
    writeHeader(file, headKey, 'same')
  })
}
