/** What a block's origin says about its rows: which import asserts them, and whether anybody vouches for them. */
import { type ObservationBlock, type ObservationColumns, observationFlag } from '../../records/index.ts'

/** A block's columns with the flags and assertions that its origin gives them. */
export function columnsFor(
  block: ObservationBlock,
  importId: string | undefined,
  isFromInbox: boolean,
): ObservationColumns {
  let columns = block.columns
  if (importId !== undefined) {
    const { assertionTable } = columns
    const isSet =
      assertionTable.length === 1 && assertionTable[0]?.length === 1 && assertionTable[0][0] === importId
    if (!isSet) {
      columns = { ...columns, assertionIndex: new Uint32Array(columns.length), assertionTable: [[importId]] }
    }
  } else if (columns.length > 0 && columns.assertionTable.length === 0) {
    columns = { ...columns, assertionIndex: new Uint32Array(columns.length), assertionTable: [[]] }
  }
  if (!isFromInbox) return columns
  return { ...columns, flags: columns.flags.map((flags) => flags | observationFlag.unconfirmed) }
}

/** Whether an import asserts a row of these. */
export function isImported(columns: ObservationColumns): boolean {
  return columns.assertionTable.some((set) => set.length > 0)
}
