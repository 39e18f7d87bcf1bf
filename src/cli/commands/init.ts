/** `init`: makes the vault and shows the recovery code once. */
import {
  assertNameFree,
  choosePassphraseSource,
  createNewVault,
  nameVault,
  passphraseFromFile,
  readPassphrase,
} from '../../app/index.ts'
import type { Redacted } from '../../foundation/index.ts'
import type { Invocation } from '../invocation.ts'
import { oneLine } from '../present/terminal.ts'
import { passphraseSources, setupOf } from '../setup.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const { paths, vaultPath } = setupOf(invocation)
  const name = invocation.text('name')
  if (name !== undefined) assertNameFree(paths, name, vaultPath)
  const passphrase = await newPassphrase(invocation)
  const withRecovery = !invocation.flag('no-recovery')
  const made = await createNewVault({ paths, vaultPath, passphrase, withRecovery })
  passphrase.wipe()
  if (name !== undefined) nameVault(paths, name, made.vaultPath)
  const recoveryCode = made.recoveryCode ?? null
  if (output.format === 'json')
    return output.json({ vault: made.vaultPath, name: name ?? null, recoveryCode })
  output.note(`Made the vault ${oneLine(made.vaultPath)}`)
  if (recoveryCode !== null) presentRecoveryCode(invocation, recoveryCode)
  output.note('Next: healthmate unlock, then healthmate log bp 128/82')
}

/** On stdout, so that `init > code.txt` keeps it; it is shown this once and stored nowhere. */
export function presentRecoveryCode(invocation: Invocation, code: string): void {
  const { output } = invocation
  output.note('Recovery code. Write it down and keep it away from this computer; it is shown only now:')
  output.result(output.style.strong(code))
}

/** Asked twice on a terminal; otherwise from the sources of the passphrase. */
export async function newPassphrase(invocation: Invocation): Promise<Redacted> {
  const isInit = invocation.path === 'init'
  const file = isInit ? undefined : invocation.text('new-passphrase-file')
  if (file !== undefined) return passphraseFromFile(file)
  const descriptor = isInit ? undefined : invocation.count('new-passphrase-fd')
  const silent = passphraseSources(invocation, false)
  const prompt = async () =>
    (await import('../prompt/passphrase.ts')).askNewPassphrase('New passphrase, at least 12 characters:')
  const { descriptor: _present, file: _presentFile, ...rest } = silent
  const sources = {
    ...(isInit ? silent : { ...rest, environment: withoutPassphrase(rest.environment) }),
    ...(descriptor === undefined ? {} : { descriptor }),
    ...(invocation.interactive ? { prompt } : {}),
  }
  return readPassphrase(choosePassphraseSource(sources), sources)
}

/** The environment names the present passphrase, not the new one. */
function withoutPassphrase(environment: Invocation['environment']): Invocation['environment'] {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('HEALTHMATE_PASSPHRASE')),
  )
}
