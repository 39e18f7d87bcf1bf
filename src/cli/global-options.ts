/** The options that every command takes (docs/cli.md, "Everywhere"). */
import type { CommandSpec, OptionSpec } from './command.ts'

export const globalOptions: readonly OptionSpec[] = [
  { name: 'vault', value: 'FILE', help: 'the vault: a file, or a name from "vault list"', complete: 'file' },
  { name: 'person', value: 'NAME', help: 'work on the record that this person shares with you' },
  { name: 'json', help: 'print exactly one JSON document on stdout' },
  { name: 'no-color', help: 'no colours (also: NO_COLOR)' },
  { name: 'quiet', short: 'q', help: 'only results and errors' },
  { name: 'verbose', help: 'more about what happens; stack traces of errors' },
  { name: 'no-input', help: 'never prompt: fail and name the option that would have answered' },
  {
    name: 'passphrase-fd',
    value: 'N',
    help: 'read the passphrase from this file descriptor',
  },
  {
    name: 'passphrase-file',
    value: 'FILE',
    help: 'read the passphrase from this file (yours, mode 0600)',
    complete: 'file',
  },
  { name: 'insecure-env', help: 'accept a passphrase in HEALTHMATE_PASSPHRASE all the same' },
]

const ndjson: OptionSpec = { name: 'ndjson', help: 'print one JSON document a line on stdout' }
const csv: OptionSpec = { name: 'csv', help: 'print comma-separated values on stdout' }
const dryRun: OptionSpec = { name: 'dry-run', help: 'say what would be done, change nothing' }
const yes: OptionSpec = { name: 'yes', short: 'y', help: 'answer yes to every question' }

/** The options of a command, its own first. `--dry-run` and `--yes` exist only where they mean something. */
export function optionsOf(spec: CommandSpec): { own: readonly OptionSpec[]; global: readonly OptionSpec[] } {
  const own = [
    ...(spec.options ?? []),
    ...(spec.formats?.includes('ndjson') ? [ndjson] : []),
    ...(spec.formats?.includes('csv') ? [csv] : []),
    ...(spec.dryRun ? [dryRun] : []),
    ...(spec.confirms ? [yes] : []),
  ]
  return { own, global: globalOptions }
}
