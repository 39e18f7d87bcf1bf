/**
 * One process of work on a vault, which the fault tests kill, starve of space or cut off from power.
 *
 * It unlocks with the keychain slot, which needs no Argon2, does the steps of one operation and acknowledges each
 * step that returned: a line with the digest of the state in a file outside the watched folder, synchronised. Every
 * step may be run again after it was cut short: keys of entries and ids of imports are fixed.
 */
import { fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { passphraseFloor } from '../../src/crypto/index.ts'
import { Failure, hexToBytes, Redacted, utf8ToBytes } from '../../src/foundation/index.ts'
import { openInput, runImport } from '../../src/importers/index.ts'
import {
  type Change,
  ColumnsBuilder,
  emptyChange,
  type ObservationOperation,
  type Operation,
  observationFlag,
} from '../../src/records/index.ts'
import {
  changePassphrase,
  createVault,
  type EngineDeps,
  openLocked,
  openVaultFile,
  rotateRecoveryCode,
  rotateRootKey,
  systemDeps,
  type UnlockSecret,
  unlockVault,
  type Vault,
} from '../../src/vault/index.ts'

export interface Work {
  readonly operation: OperationName
  readonly path: string
  readonly statePath: string
  readonly configPath: string
  readonly acknowledgements: string
  /** Hexadecimal key of the keychain slot, or null: then the passphrase opens. */
  readonly keychainKey: string | null
  readonly passphrase: string
  readonly newPassphrase: string
  readonly exportPath: string
  /** Ends the process at the nth time that this step of the engine is reached. */
  readonly killAt?: { readonly step: string; readonly time: number }
  /** How often, where the operation is repeated. */
  readonly times: number
  /** Wall clock of this process, ms; the real one when absent. */
  readonly nowMs?: number
}

type OperationName = keyof typeof operations

/** The clock of entries; the same in every run, so that digests are. */
const firstMs = Date.UTC(2026, 2, 1, 7)
const importId = 'fault000import'

export function entry(index: number): Change {
  const columns = new ColumnsBuilder(1)
  columns.append({
    startMs: firstMs + index * 60_000,
    durationMs: 0,
    offsetMin: 60,
    values: [80 + (index % 7) / 10],
    flags: observationFlag.manual,
    imports: [],
    extra: { key: `fault${index}`, note: `entry ${index}` },
  })
  return { ...emptyChange, label: 'log weight', blocks: [{ series: weight, columns: columns.finish() }] }
}

const weight = {
  metric: 'weight',
  source: { device: '', app: 'manual', deviceClass: 'manual' },
  unit: 'kg',
} as const

function edits(index: number): readonly Operation[] {
  const ref = {
    series: weight,
    startMs: firstMs + index * 60_000,
    durationMs: 0,
    discriminator: `fault${index}`,
  }
  const change: ObservationOperation[] = [
    { kind: 'observation', ref, field: 'values', value: [70 + index] },
    { kind: 'observation', ref, field: 'removed', value: true },
    { kind: 'observation', ref, field: 'note', value: `changed ${index}` },
  ]
  return [
    change[index % 3] as ObservationOperation,
    { kind: 'entity', type: 'goal', id: `goal${index}`, field: 'metric', value: 'weight' },
  ]
}

interface Tools {
  readonly work: Work
  readonly deps: EngineDeps
  readonly acknowledge: (text: string) => void
}

const operations = {
  log: (tools: Tools) =>
    withVault(tools, (vault) => {
      for (let index = 100; index < 100 + tools.work.times; index++) {
        vault.write(entry(index))
        tools.acknowledge(vault.digest())
      }
    }),
  edit: (tools: Tools) =>
    withVault(tools, (vault) => {
      for (let index = 0; index < tools.work.times; index++) {
        vault.write({ ...emptyChange, label: 'edit', operations: edits(index) })
        tools.acknowledge(vault.digest())
      }
    }),
  import: (tools: Tools) => withVault(tools, (vault) => importExport(tools, vault)),
  /** Into the sealed inbox: without any secret. */
  append: async (tools: Tools) => {
    const locked = openLocked(tools.work.path, tools.work, tools.deps)
    for (let index = 200; index < 200 + tools.work.times; index++) {
      locked.appendToInbox(entry(index))
      tools.acknowledge(String(index))
    }
    locked.close()
  },
  drain: (tools: Tools) =>
    withVault(tools, async (vault) => {
      await vault.drainInbox()
      tools.acknowledge(vault.digest())
    }),
  compact: (tools: Tools) =>
    withVault(tools, (vault) => {
      vault.compact()
      tools.acknowledge(vault.digest())
    }),
  rebuild: (tools: Tools) =>
    withVault(tools, (vault) => {
      vault.rebuild()
      tools.acknowledge(vault.digest())
    }),
  read: (tools: Tools) => withVault(tools, (vault) => tools.acknowledge(vault.digest())),
  rotate: (tools: Tools) =>
    withKeys(tools, async ({ file, keyring }) => {
      const passphrase = redacted(tools.work.passphrase)
      const options = { random: tools.deps.random, argon2: passphraseFloor }
      const rotated = await rotateRootKey(file, keyring, passphrase, options)
      rotated.keyring.wipe()
      tools.acknowledge('rotated')
    }),
  passphrase: (tools: Tools) =>
    withKeys(tools, async ({ file, keyring }) => {
      const options = { random: tools.deps.random, argon2: passphraseFloor }
      await changePassphrase(file, keyring, redacted(tools.work.newPassphrase), options)
      tools.acknowledge('changed')
    }),
  recovery: (tools: Tools) =>
    withKeys(tools, async ({ file, keyring }) => {
      const { recoveryCode } = await rotateRecoveryCode(file, keyring, tools.deps.random)
      tools.acknowledge(recoveryCode)
    }),
  create: async ({ work, acknowledge }: Tools) => {
    const passphrase = redacted(work.passphrase)
    const { vault } = await createVault({ ...work, passphrase, withRecovery: true, argon2: passphraseFloor })
    vault.close()
    acknowledge('made')
  },
}

/** As the use case does it, in small chunks: each moves the mark from which a second run goes on. */
async function importExport({ work, acknowledge }: Tools, vault: Vault): Promise<void> {
  const fields = vault.entity('import', importId)?.fields
  if (fields?.['finished'] === true) return
  const inner = vault.importSink(importId)
  const input = await openInput([work.exportPath], { stdin: process.stdin })
  const mark = (field: string, value: number | boolean) =>
    ({ kind: 'entity', type: 'import', id: importId, field, value }) as const
  await runImport({
    input,
    importer: 'apple-health',
    sink: {
      write(chunk) {
        const operations = [...chunk.operations, mark('consumed', chunk.consumed)]
        const outcomes = inner.write({ ...chunk, operations })
        acknowledge(vault.digest())
        return outcomes
      },
    },
    options: { importId, chunkRows: 200, alreadyConsumed: Number(fields?.['consumed'] ?? 0) },
  })
  await input.close()
  vault.write({ ...emptyChange, label: 'import', operations: [mark('finished', true)] })
  acknowledge(vault.digest())
}

async function withVault({ work, deps }: Tools, run: (vault: Vault) => Promise<void> | void): Promise<void> {
  const locked = openLocked(work.path, work, deps)
  const { vault } = await locked.unlock(secretOf(work))
  await run(vault)
  vault.close()
}

async function withKeys(
  { work }: Tools,
  run: (keys: {
    file: ReturnType<typeof openVaultFile>
    keyring: Awaited<ReturnType<typeof unlockVault>>['keyring']
  }) => Promise<void>,
): Promise<void> {
  const file = openVaultFile(work.path, work)
  const { keyring } = await unlockVault(file, secretOf(work))
  await run({ file, keyring })
  file.close()
}

function secretOf({ keychainKey, passphrase }: Work): UnlockSecret {
  if (keychainKey === null) return { kind: 'passphrase', passphrase: redacted(passphrase) }
  return { kind: 'keychain', key: new Redacted(hexToBytes(keychainKey)) }
}

function redacted(text: string): Redacted {
  return new Redacted(utf8ToBytes(text))
}

function acknowledgeInto(path: string): (text: string) => void {
  const descriptor = openSync(path, 'a')
  return (text) => {
    writeSync(descriptor, `${text}\n`)
    fsyncSync(descriptor)
  }
}

function depsOf({ killAt, nowMs }: Work): EngineDeps {
  let times = 0
  return {
    ...systemDeps,
    ...(nowMs === undefined ? {} : { clock: { nowMs: () => nowMs } }),
    step(name) {
      if (name === killAt?.step && ++times === killAt.time) process.kill(process.pid, 'SIGKILL')
    },
  }
}

async function main(): Promise<void> {
  const work = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as Work
  const tools = { work, deps: depsOf(work), acknowledge: acknowledgeInto(work.acknowledgements) }
  try {
    await operations[work.operation](tools)
    process.stdout.write('done\n')
    process.exit(0)
  } catch (failure) {
    const isFailure = failure instanceof Failure
    process.stderr.write(`${isFailure ? `${failure.code}: ${failure.message} | ${failure.hint}` : failure}\n`)
    process.exit(isFailure ? failure.exitCode : 99)
  }
}

if (process.env['FAULT_WORKLOAD'] === '1') await main()
