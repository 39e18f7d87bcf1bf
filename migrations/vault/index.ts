/** All migrations of the vault file, in order and add-only: a released one is never changed. */
import type { Migration } from 'kysely'
import * as initial from './0001-initial.ts'

export const vaultMigrations: Readonly<Record<string, Migration>> = {
  '0001-initial': initial,
}
