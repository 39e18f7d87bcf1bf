/** Commands that make, open, check and keep the vault itself. */
import type { ArgumentSpec, CommandSpec } from '../command.ts'

const newPassphrase = [
  {
    name: 'new-passphrase-fd',
    value: 'N',
    help: 'read the new passphrase from this file descriptor',
  },
  {
    name: 'new-passphrase-file',
    value: 'FILE',
    help: 'read the new passphrase from this file (yours, mode 0600)',
    complete: 'file' as const,
  },
]

const init: CommandSpec = {
  name: 'init',
  summary: 'Make the vault',
  description:
    'The recovery code is printed once and kept nowhere. Write it down: it opens the vault without the passphrase.',
  options: [
    { name: 'no-recovery', help: 'make no recovery code' },
    { name: 'name', value: 'NAME', help: 'a short name for --vault' },
  ],
  examples: [
    { command: 'healthmate init', does: 'make the vault in the platform’s data folder' },
    { command: 'healthmate init --vault ~/kid.hmv --name kid', does: 'a second vault, called "kid"' },
  ],
}

const unlock: CommandSpec = {
  name: 'unlock',
  summary: 'Start the unlock agent, so that commands do not ask for the passphrase',
  options: [
    {
      name: 'for',
      value: 'SPAN',
      help: 'lock after this time without use: 15m (the default), 2h; at most 8h',
    },
  ],
  examples: [
    { command: 'healthmate unlock --for 1h', does: 'stay unlocked until an hour passes without use' },
  ],
}

const lock: CommandSpec = {
  name: 'lock',
  summary: 'End the unlock agent',
  examples: [{ command: 'healthmate lock', does: 'forget the keys now' }],
}

const status: CommandSpec = {
  name: 'status',
  summary: 'Say what state the vault is in',
  options: [{ name: 'why', help: 'say which way to a passphrase applies, and why' }],
  examples: [{ command: 'healthmate status --why', does: 'which source of the passphrase would be used' }],
}

const inboxIds: ArgumentSpec = { name: 'id', many: true, help: 'ids of waiting entries, or --all' }
const allWaiting = { name: 'all', help: 'everything that waits' }

const inbox: CommandSpec = {
  name: 'inbox',
  summary: 'Look through what came in while the vault was locked',
  examples: [{ command: 'healthmate inbox list', does: 'records of unauthenticated origin' }],
  subcommands: [
    {
      name: 'list',
      summary: 'List what came in while locked',
      formats: ['ndjson'],
      examples: [{ command: 'healthmate inbox list', does: 'records of unauthenticated origin' }],
    },
    {
      name: 'accept',
      summary: 'Confirm records that came in while locked',
      args: [inboxIds],
      options: [allWaiting],
      examples: [{ command: 'healthmate inbox accept --all', does: 'confirm all of them' }],
    },
    {
      name: 'reject',
      summary: 'Remove records that came in while locked',
      args: [inboxIds],
      options: [allWaiting],
      confirms: true,
      examples: [{ command: 'healthmate inbox reject 3f9a01c2d7', does: 'remove one of them' }],
    },
  ],
}

const vault: CommandSpec = {
  name: 'vault',
  summary: 'List, inspect, check and rebuild vaults',
  examples: [{ command: 'healthmate vault info', does: 'size, records, format, keys' }],
  subcommands: [
    {
      name: 'list',
      summary: 'List the vaults that have a name',
      formats: ['ndjson'],
      examples: [{ command: 'healthmate vault list', does: 'names, files and which is the default' }],
    },
    {
      name: 'info',
      summary: 'Show what the vault holds',
      examples: [{ command: 'healthmate vault info', does: 'size, records, format, keys' }],
    },
    {
      name: 'check',
      summary: 'Check the chains, signatures and derived state',
      options: [
        {
          name: 'accept-older',
          help: 'accept a file that is older than this machine remembers: you restored it yourself',
        },
      ],
      examples: [{ command: 'healthmate vault check', does: 'read everything and compare' }],
    },
    {
      name: 'scrub',
      summary: 'Authenticate every byte and say exactly what is damaged',
      options: [{ name: 'repair', help: 'rebuild damaged derived state from the batches' }],
      examples: [
        { command: 'healthmate vault scrub --repair', does: 'find damage, mend what can be rebuilt' },
      ],
    },
    {
      name: 'rebuild',
      summary: 'Rebuild all derived state from the batches',
      dryRun: true,
      examples: [
        { command: 'healthmate vault rebuild', does: 'fold everything anew; the digest must not change' },
      ],
    },
    {
      name: 'compact',
      summary: 'Merge segments and give free space back',
      examples: [{ command: 'healthmate vault compact', does: 'make the file smaller' }],
    },
  ],
}

const recovery: CommandSpec = {
  name: 'recovery',
  summary: 'Use or replace the recovery code',
  examples: [{ command: 'healthmate recovery rotate', does: 'print a new code; the old one ends' }],
  subcommands: [
    {
      name: 'use',
      summary: 'Open the vault with the recovery code and set a new passphrase',
      options: [
        { name: 'code-file', value: 'FILE', help: 'read the code from this file', complete: 'file' },
        ...newPassphrase,
      ],
      examples: [
        { command: 'healthmate recovery use', does: 'asks for the code, then for a new passphrase' },
      ],
    },
    {
      name: 'rotate',
      summary: 'Make a new recovery code; the old one ends',
      confirms: true,
      examples: [{ command: 'healthmate recovery rotate', does: 'prints the new code once' }],
    },
  ],
}

const passphrase: CommandSpec = {
  name: 'passphrase',
  summary: 'Change the passphrase',
  examples: [{ command: 'healthmate passphrase change', does: 'asks for the old and the new one' }],
  subcommands: [
    {
      name: 'change',
      summary: 'Change the passphrase',
      options: newPassphrase,
      examples: [{ command: 'healthmate passphrase change', does: 'asks for the old and the new one' }],
    },
  ],
}

const keychain: CommandSpec = {
  name: 'keychain',
  summary: 'Let the keychain of this computer open the vault',
  description:
    'The keychain holds a random key that opens the vault, never the passphrase. While the keychain is unlocked, whatever runs as you can read with it.',
  examples: [{ command: 'healthmate key keychain enrol', does: 'no passphrase for reading from now on' }],
  subcommands: [
    {
      name: 'enrol',
      summary: 'Store a key for the vault in the keychain',
      examples: [{ command: 'healthmate key keychain enrol', does: 'asks for the passphrase once more' }],
    },
    {
      name: 'remove',
      summary: 'Take the key out again; it opens nothing any more',
      examples: [{ command: 'healthmate key keychain remove', does: 'back to the passphrase' }],
    },
    {
      name: 'status',
      summary: 'Say whether the keychain opens the vault',
      examples: [{ command: 'healthmate key keychain status', does: 'enrolled or not, usable or why not' }],
    },
  ],
}

const key: CommandSpec = {
  name: 'key',
  summary: 'Replace the keys of the vault, and let the system’s keychain hold one',
  examples: [{ command: 'healthmate key rotate', does: 'a new root key and new key epochs' }],
  subcommands: [
    {
      name: 'rotate',
      summary: 'Make a new root key and wrap everything under it',
      confirms: true,
      examples: [
        { command: 'healthmate key rotate', does: 'a new root key; a new recovery code is printed' },
      ],
    },
    keychain,
  ],
}

const doctor: CommandSpec = {
  name: 'doctor',
  summary: 'Check the installation; the output is safe to paste in public',
  examples: [{ command: 'healthmate doctor', does: 'versions, folders, modes, the state of the vault' }],
}

export const vaultCommands: readonly CommandSpec[] = [
  init,
  unlock,
  lock,
  status,
  inbox,
  vault,
  passphrase,
  recovery,
  key,
  doctor,
]
