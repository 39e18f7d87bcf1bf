/** `status [--why]`: whether there is a vault, whether it is open, and how the next command would get its passphrase. */
import { statSync } from 'node:fs'
import { choosePassphraseSource, findAgent, keychainFinding, type PassphraseChoice } from '../../app/index.ts'
import { Failure } from '../../foundation/index.ts'
import type { Invocation } from '../invocation.ts'
import { clockTime } from '../present/clock-time.ts'
import { oneLine } from '../present/terminal.ts'
import { passphraseSources, setupOf } from '../setup.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { output } = invocation
  const { paths, vaultPath } = setupOf(invocation)
  const bytes = statSync(vaultPath, { throwIfNoEntry: false })?.size ?? null
  const agent = bytes === null ? undefined : await findAgent(paths, vaultPath)
  const agentStatus = (await agent?.status()) ?? null
  const state = bytes === null ? 'missing' : agentStatus ? 'unlocked' : 'locked'
  const passphrase = await describeSource(invocation, state)
  if (output.format === 'json')
    output.json({ vault: vaultPath, state, bytes, agent: agentStatus, passphrase })
  else
    output.result(statusText(invocation, { vaultPath, state, passphrase, locks: agentStatus?.locksIfIdle }))
  return 0
}

interface SourceView {
  readonly source: PassphraseChoice['source'] | 'refused'
  readonly why: string
}

/** Looks at where the passphrase would come from, never at the passphrase. The keychain counts if it opens the vault. */
async function describeSource(invocation: Invocation, state: StatusParts['state']): Promise<SourceView> {
  try {
    const sources = passphraseSources(invocation, state === 'unlocked')
    const keychainEnrolled = (): boolean => state === 'locked'
    const { source, why } = choosePassphraseSource({ ...sources, keychainEnrolled })
    if (source !== 'keychain') return { source, why }
    const { vaultPath, paths } = setupOf(invocation)
    const finding = await keychainFinding({ paths, vaultPath, passphrase: sources })
    if (finding.state === 'opens') return { source, why: finding.why }
    const next = choosePassphraseSource(sources)
    const isEnrolled = finding.state !== 'not-enrolled'
    return { source: next.source, why: isEnrolled ? `${next.why}, and ${finding.why}` : next.why }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { source: 'refused', why: error.message }
  }
}

interface StatusParts {
  readonly vaultPath: string
  readonly state: 'missing' | 'locked' | 'unlocked'
  readonly passphrase: SourceView
  readonly locks: string | undefined
}

function statusText(invocation: Invocation, parts: StatusParts): string {
  const { style } = invocation.output
  const lines = [`vault: ${oneLine(parts.vaultPath)}`]
  if (parts.state === 'missing') lines.push(`state: ${style.warning('there is none')} (healthmate init)`)
  else if (parts.state === 'unlocked')
    lines.push(`state: ${style.good('unlocked')}, until ${clockTime(parts.locks ?? '')} unless used before`)
  else if (parts.passphrase.source === 'keychain')
    lines.push('state: locked (adding and reading work, with the key from the keychain)')
  else lines.push('state: locked (adding works; reading asks for the passphrase)')
  if (invocation.flag('why')) lines.push(`passphrase: ${sourceText(parts.passphrase)}`)
  return lines.join('\n')
}

function sourceText({ source, why }: SourceView): string {
  const names: Record<SourceView['source'], string> = {
    descriptor: 'from a file descriptor',
    file: 'from a file',
    command: 'from a command',
    environment: 'from the environment',
    agent: 'not needed',
    keychain: 'not needed',
    prompt: 'asked on the terminal',
    none: 'none',
    refused: 'refused',
  }
  return `${names[source]}, because ${oneLine(why)}`
}
