/** Key custody: the vault's file, its key slots, keys, head anchor and sealed inbox. */
export { type CreatedVault, type CreateVaultOptions, createVaultFile } from './create.ts'
export type { FileHeadAnchor } from './head-anchor.ts'
export type { VaultKeyring } from './keyring.ts'
export { slotsOfKind, type Unlocked, type UnlockNotice, type UnlockOptions, unlockVault } from './unlock.ts'
export { openVaultFile, type PlacedVaultFile, type VaultPlaces } from './vault-file.ts'
