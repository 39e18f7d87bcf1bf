/** Timing that an attacker could read: unlocking with a wrong passphrase, and comparing key commitments. */

import { constantTimeEqual } from '../../src/crypto/index.ts'
import { Failure } from '../../src/foundation/index.ts'
import { openLocked } from '../../src/vault/index.ts'
import type { RowGroup } from '../bench.ts'
import { SeededRandom } from '../data/random.ts'
import { interleaved, timed, welch } from '../measure.ts'
import { valueTarget } from '../result.ts'
import { newVault, passphrase, type TestVault } from '../test-vault.ts'

const rounds = 25

/** security.md, T8: both sides run the same Argon2id; the right one then opens the vault. */
export const wrongPassphraseRow: RowGroup = {
  names: ['unlock-wrong-passphrase'],
  async run({ scratch }) {
    const { at, vault } = await newVault(scratch, 'unlock')
    vault.close()
    await unlockTime(at, true)
    const { value, baseline, ratio } = await interleaved(
      rounds,
      () => unlockTime(at, false),
      () => unlockTime(at, true),
    )
    const about = 'a wrong passphrase against the right one, Argon2id at its floor, the growing wait left out'
    return [{ name: 'unlock-wrong-passphrase', value, unit: 'ms', baseline, ratio, target: null, about }]
  },
}

async function unlockTime(at: TestVault, isRight: boolean): Promise<number> {
  const locked = openLocked(at.path, at.places)
  const secret = {
    kind: 'passphrase',
    passphrase: passphrase(isRight ? undefined : 'bench: wrong battery'),
  } as const
  const elapsed = await timed(async () => {
    try {
      await locked.unlock(secret, { sleep: async () => {} })
      if (!isRight) throw new Error('a wrong passphrase opened the vault')
    } catch (failure) {
      if (isRight || !(failure instanceof Failure) || failure.code !== 'WRONG_PASSPHRASE') throw failure
    }
  })
  locked.close()
  return elapsed
}

const comparisons = 100_000
const commitmentLength = 32
/** The slowest twentieth are interrupts, not comparisons. */
const keptShare = 0.95

/** security.md, T43: comparing with no byte in common against all but the last; |t| below 4.5 is no difference. */
export const commitmentRow: RowGroup = {
  names: ['commitment-timing'],
  async run() {
    const random = new SeededRandom(43)
    const own = Uint8Array.from({ length: commitmentLength }, () => Math.floor(random.uniform() * 256))
    const far = own.map((byte) => byte ^ 0xff)
    const near = own.map((byte, at) => (at === commitmentLength - 1 ? byte ^ 1 : byte))
    const times: [number[], number[]] = [[], []]
    let equal = 0
    for (let index = -2000; index < 2 * comparisons; index++) {
      const side = random.uniform() < 0.5 ? 0 : 1
      const other = (side === 0 ? far : near).slice()
      const start = process.hrtime.bigint()
      if (constantTimeEqual(own, other)) equal++
      const elapsed = Number(process.hrtime.bigint() - start)
      if (index >= 0) times[side].push(elapsed)
    }
    if (equal !== 0) throw new Error('different commitments compared equal')
    const t = Math.abs(welch(cropped(times[0]), cropped(times[1])))
    const about = `Welch's t of ${2 * comparisons} comparisons of 32 bytes, no byte in common against all but the last`
    const target = valueTarget('<=', 4.5)
    return [{ name: 'commitment-timing', value: t, unit: '|t|', baseline: null, ratio: null, target, about }]
  },
}

function cropped(times: readonly number[]): number[] {
  return times.toSorted((a, b) => a - b).slice(0, Math.floor(times.length * keptShare))
}
