/** Vaults of generated samples for the rows that need one. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { passphraseFloor } from '../src/crypto/index.ts'
import { Redacted, utf8ToBytes } from '../src/foundation/index.ts'
import type { ImportSink, ObservationBlock } from '../src/records/index.ts'
import { createVault, openLocked, type Vault } from '../src/vault/index.ts'
import { type Bench, type SizeName, sizes } from './bench.ts'
import { decade } from './data/decade.ts'
import { importId } from './data/rows.ts'
import type { Environment } from './process.ts'

/** A chunk is what an import writes at once. */
const chunkRows = 500_000
const passphraseText = 'bench: correct horse battery staple'

export interface TestVault {
  readonly path: string
  readonly places: { readonly statePath: string; readonly configPath: string }
}

export function passphrase(text = passphraseText): Redacted {
  return new Redacted(utf8ToBytes(text))
}

/** A new empty vault in a folder of its own, opened. Argon2id at its floor: no row but the unlock row measures it. */
export async function newVault(scratch: string, name: string): Promise<{ at: TestVault; vault: Vault }> {
  const folder = join(scratch, name)
  const places = {
    statePath: join(folder, 'state', 'healthmate'),
    configPath: join(folder, 'config', 'healthmate'),
  }
  for (const place of [folder, places.statePath, places.configPath]) {
    mkdirSync(place, { recursive: true, mode: 0o700 })
  }
  const path = join(folder, 'bench.vault')
  const { vault } = await createVault({
    path,
    ...places,
    passphrase: passphrase(),
    withRecovery: false,
    argon2: passphraseFloor,
  })
  return { at: { path, places }, vault }
}

export async function reopen(at: TestVault): Promise<Vault> {
  const { vault } = await openLocked(at.path, at.places).unlock({
    kind: 'passphrase',
    passphrase: passphrase(),
  })
  return vault
}

/** Writes blocks as an import does: chunk by chunk, each a transaction. Returns how many samples were new. */
export function importBlocks(sink: ImportSink, blocks: Iterable<ObservationBlock>): number {
  let chunk: ObservationBlock[] = []
  let waiting = 0
  let consumed = 0
  let added = 0
  const flush = (): void => {
    consumed += waiting
    const outcomes = sink.write({ blocks: chunk, raw: [], attachments: [], operations: [], consumed })
    for (const outcome of outcomes ?? []) added += outcome.added
    chunk = []
    waiting = 0
  }
  for (const block of blocks) {
    chunk.push(block)
    waiting += block.columns.length
    if (waiting >= chunkRows) flush()
  }
  if (waiting > 0) flush()
  return added
}

const filled = new Map<string, TestVault>()

/** A closed vault with ten years of samples, its daily values computed; made once a run. */
export async function decadeVault(bench: Bench, size: SizeName): Promise<TestVault> {
  const known = filled.get(size)
  if (known !== undefined) return known
  bench.note(`making a vault of ${size} samples`)
  const { at, vault } = await newVault(bench.scratch, `decade-${size}`)
  importBlocks(vault.importSink(importId), decade(sizes[size]))
  vault.settle()
  vault.close()
  filled.set(size, at)
  return at
}

/** The environment in which the program finds this vault and its folders, and no secret. */
export function environmentOf(at: TestVault): Environment {
  const folder = dirname(at.path)
  return {
    PATH: process.env['PATH'],
    HOME: folder,
    HEALTHMATE_VAULT: at.path,
    XDG_CONFIG_HOME: dirname(at.places.configPath),
    XDG_STATE_HOME: dirname(at.places.statePath),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
  }
}

/** A passphrase file beside the vault, as `--passphrase-file` takes it. */
export function passphraseFile(at: TestVault): string {
  const path = join(dirname(at.path), 'passphrase')
  writeFileSync(path, `${passphraseText}\n`, { mode: 0o600 })
  return path
}

/** Bytes of the closed file and whatever lies beside it. */
export function vaultBytes(at: TestVault): number {
  return ['', '-wal', '-shm'].reduce(
    (sum, end) => sum + (statSync(at.path + end, { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}
