/** Commands that bring records in and take them out. */
import type { CommandSpec } from '../command.ts'
import { periodOptions } from './period.ts'

const importCommand: CommandSpec = {
  name: 'import',
  summary: 'Read an export of another program or device',
  description:
    'Importing the same or a later export again adds only what is new. Ctrl-C is safe: a second run continues. ' +
    'Works while the vault is locked: everything is then sealed and merges at the next unlock.',
  args: [
    {
      name: 'format',
      required: true,
      help: 'see "healthmate import formats"; auto finds out',
      complete: 'format',
    },
    { name: 'path', many: true, help: 'files or folders; - is standard input', complete: 'file' },
  ],
  options: [
    { name: 'since', value: 'DATE', help: 'skip what is older' },
    {
      name: 'tz',
      value: 'ZONE',
      help: 'time zone (IANA) of times that come without one, instead of the setting time-zone',
    },
    {
      name: 'unit',
      value: 'METRIC=UNIT',
      help: 'unit of a metric whose numbers come without one',
      repeat: true,
    },
    {
      name: 'date-order',
      value: 'ORDER',
      help: 'what 05-12-2026 means where a file does not show it',
      choices: ['day-first', 'month-first'],
    },
    { name: 'whose', value: 'NAME', help: 'whose records to take where a file holds several people' },
    { name: 'map', value: 'NAME', help: 'a saved mapping of columns (csv, auto)' },
    { name: 'interactive', help: 'ask what the columns of a table mean, save it as a mapping, use it (csv)' },
    { name: 'watch', help: 'keep running and import what arrives, once' },
    { name: 'skip-unmapped', help: 'do not keep what no metric fits' },
  ],
  formats: ['ndjson'],
  dryRun: true,
  examples: [
    {
      command: 'healthmate import apple-health export.zip',
      does: 'an Apple Health export, never unpacked to disk',
    },
    { command: 'healthmate import auto export.xml --dry-run', does: 'what would be imported' },
    { command: 'healthmate import auto ~/Downloads --watch', does: 'every export that is downloaded' },
    {
      command: 'healthmate import fitbit MyFitbitData.zip --unit weight=kg',
      does: 'with the unit it leaves out',
    },
    { command: 'healthmate import garmin-fit scale.fit --whose 0', does: 'one of the people of a scale' },
  ],
  subcommands: [
    {
      name: 'formats',
      summary: 'List the formats that can be read',
      formats: ['ndjson'],
      examples: [{ command: 'healthmate import formats', does: 'formats and what each needs' }],
    },
    {
      name: 'history',
      summary: 'List past imports with their reports',
      formats: ['ndjson'],
      options: [{ name: 'limit', value: 'N', help: 'at most so many (20)' }],
      examples: [{ command: 'healthmate import history', does: 'what was imported, and when' }],
    },
    {
      name: 'undo',
      summary: 'Withdraw an import',
      description: 'Records that another import asserts as well stay.',
      args: [{ name: 'id', required: true, help: 'id from "healthmate import history"' }],
      dryRun: true,
      confirms: true,
      examples: [{ command: 'healthmate import undo 3f9a --dry-run', does: 'how many records would go' }],
    },
  ],
}

const exportCommand: CommandSpec = {
  name: 'export',
  summary: 'Take records out of the vault',
  args: [
    {
      name: 'format',
      required: true,
      help: 'csv, ndjson, fhir or gdpr',
      complete: ['csv', 'ndjson', 'fhir', 'gdpr'],
    },
  ],
  options: [
    {
      name: 'out',
      value: 'PATH',
      help: 'the file or folder to write; - is standard output',
      complete: 'file',
    },
    { name: 'only', value: 'CATEGORY', help: 'only this category or metric', repeat: true },
    { name: 'force', help: 'replace a file that is there' },
    ...periodOptions,
  ],
  dryRun: true,
  examples: [
    { command: 'healthmate export fhir --out records.json', does: 'a FHIR R4 bundle for a doctor’s system' },
    {
      command: 'healthmate export csv --only vitals --last 1y --out vitals.csv',
      does: 'a table of one category',
    },
    { command: 'healthmate export gdpr --out my-data.zip', does: 'everything, with a description of it' },
  ],
}

export const exchangeCommands: readonly CommandSpec[] = [importCommand, exportCommand]
