/** What is done to a vault while it is killed, starved or cut off, and what must hold of what is left. */
import { writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { generateAppleHealth } from '../../scripts/generate-apple-health.mjs'
import { Failure } from '../../src/foundation/index.ts'
import type { UnlockNotice } from '../../src/vault/index.ts'
import { FaultHome, newPassphrase, type Opened, type Outcome, passphrase } from './fault-home.ts'
import type { Work } from './workload.ts'

export interface Scenario {
  readonly operation: Work['operation']
  /** Steps of the engine that the operation passes. */
  readonly steps: readonly string[]
  /** Costs an Argon2 or several each time: fewer places in the short form. */
  readonly slow?: boolean
  /** Unlocks with the passphrase: the operation renews the other slots. */
  readonly withPassphrase?: boolean
  /** What unlocking may notice after a cut. */
  readonly notices?: readonly UnlockNotice['kind'][]
  /** Brings the vault into the state in which the operation starts. */
  readonly prepare?: (home: FaultHome) => void
}

const writeSteps = [
  'write:operations',
  'write:blocks',
  'write:derived',
  'write:logged',
  'write:before-commit',
  'write:after-commit',
  'write:after-anchor',
]

export const scenarios: readonly Scenario[] = [
  { operation: 'log', steps: writeSteps },
  { operation: 'edit', steps: writeSteps },
  { operation: 'import', steps: writeSteps },
  { operation: 'append', steps: [] },
  {
    operation: 'drain',
    steps: [...writeSteps.slice(3), 'drain:removed'],
    prepare: (home) => ok(home.run('append')),
  },
  {
    operation: 'compact',
    steps: ['compact:snapshot', 'compact:pruned', 'compact:before-vacuum', 'compact:done'],
    prepare(home) {
      ok(home.run('import'))
      ok(home.run('edit'))
    },
  },
  {
    operation: 'rebuild',
    steps: ['rebuild:folded', 'rebuild:entities', 'rebuild:done', 'write:before-commit'],
    prepare(home) {
      ok(home.run('import'))
      ok(home.run('edit'))
    },
  },
  // The anchor follows the commit under the new key: between the two it does not authenticate.
  { operation: 'rotate', steps: [], slow: true, withPassphrase: true, notices: ['anchor-damaged'] },
  { operation: 'passphrase', slow: true, steps: [] },
  { operation: 'recovery', steps: [] },
]

/** A home in the state before the operation, and the states that the operation leads through. */
export interface Stage extends Scenario {
  readonly home: FaultHome
  /** Digests: before, and after each acknowledged step. */
  readonly states: readonly string[]
}

export async function stageOf(scenario: Scenario): Promise<Stage> {
  const home = await FaultHome.withVault()
  writeFileSync(home.exportPath, [...generateAppleHealth({ days: 4, records: 800, seed: 7 })].join(''))
  scenario.prepare?.(home)
  home.keep()
  const stage = { ...scenario, home }
  return { ...stage, states: await statesOf(stage) }
}

async function statesOf(stage: Omit<Stage, 'states'>): Promise<readonly string[]> {
  const { home, operation } = stage
  const states: string[] = [await stateNow(stage)]
  if (operation === 'append') {
    for (const times of [1, 2, 3]) {
      home.reset()
      ok(home.run(operation, { times }))
      states.push(await stateNow(stage))
    }
  } else {
    home.reset()
    const { acknowledged } = ok(run(stage))
    if (/^[0-9a-f]{64}$/.test(acknowledged[0] ?? '')) states.push(...acknowledged)
  }
  home.reset()
  return states
}

export function run(
  { home, operation, withPassphrase }: Omit<Stage, 'states'>,
  options: Parameters<FaultHome['run']>[1] = {},
): Outcome {
  return home.run(operation, { ...options, ...(withPassphrase ? { withPassphrase } : {}) })
}

export function ok(outcome: Outcome): Outcome {
  expect([outcome.status, outcome.stderr], 'the undisturbed operation').toEqual([0, ''])
  return outcome
}

/** Digest of the state on disk; of a locked vault's inbox too. */
async function stateNow(stage: Omit<Stage, 'states'>): Promise<string> {
  const opened = await openAfter(stage, 0)
  if (stage.operation === 'append') await opened.vault.drainInbox()
  const digest = opened.vault.digest()
  opened.close()
  return digest
}

async function openAfter(
  { home, operation, withPassphrase }: Omit<Stage, 'states'>,
  acknowledged: number,
): Promise<Opened> {
  if (operation === 'passphrase') {
    const opensNew = await opens(home, newPassphrase)
    const opensOld = await opens(home, passphrase)
    expect(opensNew === opensOld, 'exactly one of the passphrases opens').toBe(false)
    if (acknowledged > 0) expect(opensNew, 'the acknowledged passphrase opens').toBe(true)
  }
  return home.open(home.secret(withPassphrase ? 'passphrase' : 'cheap'))
}

async function opens(home: FaultHome, text: string): Promise<boolean> {
  try {
    const opened = await home.open(home.secret('passphrase', text))
    opened.close()
    return true
  } catch (failure) {
    if (failure instanceof Failure && failure.code === 'WRONG_PASSPHRASE') return false
    throw failure
  }
}

/**
 * The oracles of security.md 9.1, T1: it opens; the state is that before or after the step that was cut; what was
 * acknowledged is there; it is sound; a refold gives the same digest; and the same operation, run again, completes
 * without a second copy.
 */
export async function expectSound(stage: Stage, outcome: Outcome): Promise<void> {
  const acknowledged = stage.states.length === 1 ? 0 : outcome.acknowledged.length
  const allowed = stage.states.slice(acknowledged, acknowledged + 2)
  const opened = await openAfter(stage, outcome.acknowledged.length)
  try {
    const unexpected = opened.notices.filter((kind) => !(stage.notices ?? []).includes(kind))
    expect(unexpected, 'what unlocking noticed').toEqual([])
    if (stage.operation === 'append') await opened.vault.drainInbox()
    const digest = opened.vault.digest()
    expect(allowed, 'the state is that before or after the step').toContain(digest)
    expect(opened.vault.check().damages).toEqual([])
    expect(opened.vault.scrub().damages).toEqual([])
  } finally {
    opened.close()
  }
}

/** Refolds what is left, then runs the operation again, undisturbed. */
export async function expectRerun(stage: Stage): Promise<void> {
  const before = await openAfter(stage, 0)
  if (stage.operation !== 'append') {
    const digest = before.vault.digest()
    before.vault.rebuild()
    expect(before.vault.digest(), 'the digest after a refold').toBe(digest)
  }
  before.close()
  ok(run(stage))
  const after = await openAfter(stage, 1)
  if (stage.operation === 'append') await after.vault.drainInbox()
  expect(after.vault.digest(), 'the state after running it again').toBe(stage.states.at(-1))
  expect(after.vault.scrub().damages).toEqual([])
  after.close()
}
