/** Key custody: the vault's file, its key slots, keys, head anchor and sealed inbox. */
export { attemptDelayMs } from './attempts.ts'
export { type CreatedVault, type CreateVaultOptions, createVaultFile } from './create.ts'
export { mintDevice } from './devices.ts'
export type { FileHeadAnchor } from './head-anchor.ts'
export {
  type InboxEntry,
  type InboxWriter,
  inboxCountLimit,
  inboxEntries,
  inboxEntryLimit,
  inboxTotalLimit,
  inboxTotals,
  openInboxWriter,
  removeInboxEntries,
  sealToInbox,
} from './inbox.ts'
export type { VaultKeyring } from './keyring.ts'
export { type RotatedRoot, rotateRootKey } from './rotation.ts'
export type { PurgeOutcome } from './secure-deletion.ts'
export { hasSlot } from './slot-table.ts'
export {
  changePassphrase,
  enrolKeychain,
  removeSlots,
  rotateRecoveryCode,
  type SlotOptions,
  useRecoveryCode,
} from './slots.ts'
export {
  hasUsableSlot,
  opensKeychainSlot,
  slotsOfKind,
  type Unlocked,
  type UnlockNotice,
  type UnlockOptions,
  unlockVault,
} from './unlock.ts'
export { openVaultFile, type PlacedVaultFile, type VaultPlaces } from './vault-file.ts'
