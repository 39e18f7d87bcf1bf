#!/usr/bin/env node
/**
 * One call to the system's keychain, in a process of its own (`src/app/keychain.ts` starts it and may end it): where
 * the secret service does not answer, the native call blocks its whole process for ever. security.md 4.7.
 *
 * Arguments: `read|store|remove` and the account. `store` takes the key from standard input. Standard output gets one
 * byte and what belongs to it: `k` and the key, `n` where there is none, `d` when done, `e` and the reason.
 */
import { readFileSync, writeSync } from 'node:fs'

const [act, account] = process.argv.slice(2)

/** On Linux the secret service and nothing else: the kernel's keyring, the fallback, forgets at a restart. */
const options = { linux: { store: 'secret-service' } }

function call(Entry) {
  const entry = new Entry('healthmate', account, options)
  if (act === 'store') {
    entry.setSecret(readFileSync(0))
    return Buffer.from('d')
  }
  if (act === 'remove') return Buffer.from(entry.deleteCredential() ? 'd' : 'n')
  const key = entry.getSecret()
  return key === null ? Buffer.from('n') : Buffer.concat([Buffer.from('k'), Buffer.from(key)])
}

async function answer() {
  try {
    // Optional: there are platforms that it has no build for.
    const { Entry } = await import('@napi-rs/keyring')
    return call(Entry)
  } catch (error) {
    const isMissing = /ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND/.test(String(error.code))
    return Buffer.from(`e${isMissing ? '@napi-rs/keyring is not installed here' : error.message}`)
  }
}

writeSync(1, await answer())
// The native part has threads of its own and can crash while the process winds down; nothing is left to do.
process.kill(process.pid, 'SIGKILL')
