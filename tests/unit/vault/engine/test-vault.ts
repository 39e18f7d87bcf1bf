/**
 * A vault file with keys made here: the engine's contract with custody (`ports.ts`) without Argon2, so that
 * hundreds of vaults cost little. Custody itself is tested elsewhere, and together with the engine in
 * `door.test.ts`.
 */
import { createHash, createHmac } from 'node:crypto'
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import {
  buildEnvelopeHeader,
  createSigner,
  createVerifier,
  hkdfSha256,
  noCollection,
} from '../../../../src/crypto/index.ts'
import { bytesToHex, type Clock, concatBytes, emptyBytes } from '../../../../src/foundation/index.ts'
import { type CollectionName, collectionNames } from '../../../../src/metrics/index.ts'
import {
  type Change,
  ColumnsBuilder,
  emptyChange,
  type ObservationBlock,
  type ObservationRow,
  observationFlag,
  type SeriesKey,
} from '../../../../src/records/index.ts'
import { migrateVault, openVaultDatabase } from '../../../../src/vault/database.ts'
import type { EngineDeps } from '../../../../src/vault/engine/store.ts'
import { openRecords, type RecordVault } from '../../../../src/vault/engine/vault.ts'
import type { ChainHead, HeadAnchor, Keyring } from '../../../../src/vault/ports.ts'

const vaultId = new Uint8Array(16).fill(7)

function idOf(text: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(text).digest().subarray(0, 16))
}

/** A keyring whose keys all follow from texts: two processes with the same device name share it. */
export function testKeyring(
  device = 'device-a',
  known: readonly string[] = ['device-a', 'device-b'],
): Keyring {
  const seedOf = (name: string) => createHash('sha256').update(`seed ${name}`).digest()
  const signer = createSigner(new Uint8Array(seedOf(device)))
  const verifiers = new Map(
    known.map((name) => [
      bytesToHex(idOf(name)),
      createVerifier(createSigner(new Uint8Array(seedOf(name))).publicKey),
    ]),
  )
  const names = new Map(collectionNames.map((name) => [bytesToHex(idOf(`collection ${name}`)), name]))
  const keys = new Map<string, Uint8Array>()
  return {
    vaultId,
    deviceId: idOf(device),
    collection: (name) => ({ id: idOf(`collection ${name}`), epoch: 1 }),
    collectionName: (id) => names.get(bytesToHex(id)),
    key(name: CollectionName, epoch, context) {
      const text = `${name}/${epoch}/${context}`
      let key = keys.get(text)
      if (key === undefined) {
        key = hkdfSha256(vaultId, new Uint8Array(0), text)
        keys.set(text, key)
      }
      return key
    },
    sign: (domain, message) => signer.sign(domain, message),
    verify: (id, domain, message, signature) =>
      verifiers.get(bytesToHex(id))?.verify(domain, message, signature) ?? false,
    mac: (purpose, message) => new Uint8Array(createHmac('sha256', purpose).update(message).digest()),
    openInbox: async (sealed) => sealed,
    wipe() {},
  }
}

export class MemoryAnchor implements HeadAnchor {
  heads: readonly ChainHead[] = []

  read(): readonly ChainHead[] {
    return this.heads
  }

  write(heads: readonly ChainHead[]): void {
    const merged = new Map(this.heads.map((head) => [head.collection, head]))
    for (const head of heads) merged.set(head.collection, head)
    this.heads = [...merged.values()]
  }
}

/** A clock that the test moves. */
export class TestClock implements Clock {
  ms: number

  constructor(ms = Date.UTC(2026, 2, 1)) {
    this.ms = ms
  }

  nowMs(): number {
    return this.ms
  }
}

let counter = 0

/** Distinct bytes, not random ones. */
export const testRandom = {
  bytes(count: number): Uint8Array {
    counter++
    const out = new Uint8Array(count)
    for (let at = 0; at < count; at += 32) {
      const block = createHash('sha256').update(`${process.pid} ${counter} ${at}`).digest()
      out.set(block.subarray(0, Math.min(32, count - at)), at)
    }
    return out
  },
}

export interface TestVault {
  readonly vault: RecordVault
  readonly path: string
  readonly sqlite: Database
  readonly anchor: MemoryAnchor
  readonly clock: TestClock
}

const folders: string[] = []

/** To be called after each test. */
export function removeTestVaults(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

let template: Promise<string> | undefined

/** Makes an empty vault file: migrated once, copied since. */
export async function emptyVaultFile(): Promise<string> {
  template ??= migratedFile()
  const path = join(mkdtempSync(join(tmpdir(), 'healthmate-engine-')), 'vault.db')
  folders.push(dirname(path))
  copyFileSync(await template, path)
  chmodSync(path, 0o600)
  return path
}

async function migratedFile(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'healthmate-template-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'vault.db')
  writeFileSync(path, '', { mode: 0o600 })
  await migrateVault(path)
  return path
}

/** Puts a change into the inbox as a locked writer does, but in clear: `openInbox` of the test keyring opens it. */
export function putIntoInbox(sqlite: Database, plaintext: Uint8Array): void {
  const header = {
    context: 'inbox',
    vaultId,
    collectionId: noCollection,
    epoch: 0,
    fields: emptyBytes,
  } as const
  const bytes = concatBytes(buildEnvelopeHeader(header, emptyBytes), plaintext)
  sqlite.prepare('INSERT INTO inbox (bytes) VALUES (?)').run(bytes)
}

/** Opens a vault file that `emptyVaultFile` made. */
export function openTestVault(
  path: string,
  options: { device?: string; deps?: Partial<EngineDeps>; anchor?: MemoryAnchor; clock?: TestClock } = {},
): TestVault {
  const sqlite = openVaultDatabase(path)
  const anchor = options.anchor ?? new MemoryAnchor()
  const clock = options.clock ?? new TestClock()
  const deps: EngineDeps = { clock, random: testRandom, ...options.deps }
  const file = { path, sqlite, vaultId, close: () => sqlite.close() }
  return { vault: openRecords(file, testKeyring(options.device), anchor, deps), path, sqlite, anchor, clock }
}

export async function newTestVault(options: Parameters<typeof openTestVault>[1] = {}): Promise<TestVault> {
  return openTestVault(await emptyVaultFile(), options)
}

export function seriesOf(metric: string, app = 'manual', unit?: string): SeriesKey {
  const units: Record<string, string> = {
    heart_rate: '/min',
    weight: 'kg',
    steps: '{steps}',
    blood_pressure: 'mm[Hg]',
    glucose: 'mmol/L',
  }
  const deviceClass = app === 'manual' ? 'manual' : 'watch'
  return { metric, source: { device: '', app, deviceClass }, unit: unit ?? units[metric] ?? '1' }
}

export function rowOf(
  startMs: number,
  value: number | readonly number[],
  row: Partial<ObservationRow> = {},
): ObservationRow {
  return {
    startMs,
    durationMs: 0,
    offsetMin: 0,
    values: typeof value === 'number' ? [value] : value,
    flags: 0,
    imports: [],
    ...row,
  }
}

export function blockOf(series: SeriesKey, rows: readonly ObservationRow[]): ObservationBlock {
  const builder = new ColumnsBuilder(rows[0]?.values.length ?? 1)
  for (const row of rows) builder.append(row)
  return { series, columns: builder.finish() }
}

/** One manual entry. */
export function entryOf(
  metric: string,
  startMs: number,
  value: number | readonly number[],
  row: Partial<ObservationRow> = {},
): Change {
  const key = `key${startMs}`
  const entry = rowOf(startMs, value, { flags: observationFlag.manual, ...row, extra: { key, ...row.extra } })
  return { ...emptyChange, label: `log ${metric}`, blocks: [blockOf(seriesOf(metric), [entry])] }
}

/** All observations of a vault, as plain rows. */
export function rowsOf(vault: RecordVault, metric?: string) {
  const query = metric === undefined ? {} : { metric }
  return vault
    .latest(query, 1_000_000)
    .map(({ metric: name, startMs, endMs, values, flags, extra, imports }) => ({
      metric: name,
      startMs,
      durationMs: endMs - startMs,
      values,
      flags,
      note: extra.note ?? null,
      imports,
    }))
}
