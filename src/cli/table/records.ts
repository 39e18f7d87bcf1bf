/** Commands that add, read and change records. */
import type { ArgumentSpec, CommandSpec } from '../command.ts'
import { periodOptions } from './period.ts'

const metric: ArgumentSpec = { name: 'metric', help: 'catalogue id, alias or LOINC code', complete: 'metric' }
const recordId: ArgumentSpec = { name: 'id', required: true, help: 'id of a record, as "list" shows it' }

const log: CommandSpec = {
  name: 'log',
  summary: 'Add a record',
  description:
    'Works while the vault is locked: the record is then sealed and merges at the next unlock. Values typed here land ' +
    'in the history of your shell; "healthmate log <metric> -" reads the value from standard input, or asks for it.',
  args: [
    metric,
    {
      name: 'value',
      many: true,
      help: 'value with its unit: 128/82, 81.4kg, 5.6mmol/L, headache; - reads it',
    },
  ],
  options: [
    { name: 'at', value: 'WHEN', help: '2026-03-01T07:30, "today 7:30", "3 days ago"; now when left out' },
    { name: 'until', value: 'WHEN', help: 'end, for what lasts' },
    { name: 'unit', value: 'UNIT', help: 'unit, where it does not stand beside the value' },
    { name: 'pulse', value: 'N', help: 'heart rate measured with a blood pressure, beats/min' },
    { name: 'severity', value: 'N', help: 'how strong a symptom is, 0 to 10' },
    { name: 'note', value: 'TEXT', help: 'a note' },
    { name: 'tag', value: 'TAG', help: 'a tag', repeat: true },
    { name: 'context', value: 'TEXT', help: 'circumstance, such as fasting or after_meal' },
    { name: 'source', value: 'NAME', help: 'device or place it comes from' },
    { name: 'stdin', help: 'read NDJSON from standard input, one record a line' },
  ],
  dryRun: true,
  confirms: true,
  examples: [
    { command: 'healthmate log bp 128/82 --pulse 64', does: 'a blood pressure with the pulse' },
    { command: 'healthmate log weight 81.4kg --at "today 7:30"', does: 'a weight of this morning' },
    { command: 'healthmate log glucose 5.6mmol/L --context fasting', does: 'a fasting glucose' },
    { command: 'healthmate log symptom headache --severity 6', does: 'a symptom' },
    { command: 'healthmate log --stdin < readings.ndjson', does: 'many records at once' },
  ],
}

const list: CommandSpec = {
  name: 'list',
  summary: 'Show records, newest first',
  args: [metric],
  options: [
    ...periodOptions,
    { name: 'tag', value: 'TAG', help: 'only with this tag' },
    { name: 'source', value: 'NAME', help: 'only from sources whose name holds this' },
    { name: 'limit', value: 'N', help: 'at most so many (50 on a terminal, all to a file)' },
  ],
  formats: ['ndjson', 'csv'],
  examples: [
    { command: 'healthmate list bp --last 30d', does: 'blood pressures of the last 30 days' },
    { command: 'healthmate list weight --from 2025-01-01 --csv > weight.csv', does: 'weights as a table' },
  ],
}

const search: CommandSpec = {
  name: 'search',
  summary: 'Find records by words in notes, tags, contexts and names',
  args: [{ name: 'words', required: true, many: true, help: 'all must occur' }],
  options: [{ name: 'limit', value: 'N', help: 'at most so many records (50)' }],
  formats: ['ndjson'],
  examples: [{ command: 'healthmate search after run', does: 'records that mention both words' }],
}

const show: CommandSpec = {
  name: 'show',
  summary: 'Show one record with all that is known of it',
  args: [recordId],
  examples: [
    {
      command: 'healthmate show weight.m4x2k9.7f3aq2xw9k',
      does: 'value, source, note, attachments, imports',
    },
  ],
}

const edit: CommandSpec = {
  name: 'edit',
  summary: 'Change a record',
  args: [recordId],
  options: [
    { name: 'value', value: 'VALUE', help: 'new value with its unit' },
    { name: 'at', value: 'WHEN', help: 'new time' },
    { name: 'note', value: 'TEXT', help: 'new note; "" removes it' },
    { name: 'context', value: 'TEXT', help: 'new context; "" removes it' },
    { name: 'tag', value: 'TAG', help: 'new tags, replacing the old', repeat: true },
  ],
  dryRun: true,
  confirms: true,
  examples: [
    { command: 'healthmate edit weight.m4x2k9.7f3aq2xw9k --value 81.2kg', does: 'correct a typing error' },
  ],
}

const rm: CommandSpec = {
  name: 'rm',
  summary: 'Remove records',
  description:
    'A removed record stays removed when the same file is imported again. "healthmate undo" brings it back.',
  args: [{ ...recordId, many: true }],
  dryRun: true,
  confirms: true,
  examples: [
    { command: 'healthmate rm weight.m4x2k9.7f3aq2xw9k --yes', does: 'remove one record without asking' },
  ],
}

const undo: CommandSpec = {
  name: 'undo',
  summary: 'Take back the last change',
  dryRun: true,
  confirms: true,
  examples: [{ command: 'healthmate undo', does: 'take back the last log, edit or rm' }],
}

const explain: CommandSpec = {
  name: 'explain',
  summary: 'Say which sources made up the value of a day, and why',
  args: [
    { ...metric, required: true },
    { name: 'day', required: true, help: 'a date' },
  ],
  examples: [
    { command: 'healthmate explain steps 2026-03-01', does: 'what was counted and what was left out' },
  ],
}

const attach: CommandSpec = {
  name: 'attach',
  summary: 'Attach a file to a record',
  args: [recordId, { name: 'file', required: true, help: 'kept inside the vault', complete: 'file' }],
  options: [
    { name: 'get', help: 'the other way: take the attachment ID out of the vault, into FILE' },
    { name: 'force', help: 'with --get: replace a file that is there' },
  ],
  examples: [
    {
      command: 'healthmate attach hba1c.m4x2k9.7f3aq2xw9k report.pdf',
      does: 'keep the report with the value',
    },
    { command: 'healthmate attach --get 5f0c21d39a7be4816602fd4b1c report.pdf', does: 'take it out again' },
  ],
}

const tag: CommandSpec = {
  name: 'tag',
  summary: 'Add, remove and list tags',
  examples: [{ command: 'healthmate tag list', does: 'every tag with its number of records' }],
  subcommands: [
    {
      name: 'add',
      summary: 'Tag records',
      args: [
        { name: 'tag', required: true, help: 'the tag' },
        { ...recordId, many: true },
      ],
      examples: [{ command: 'healthmate tag add holiday weight.m4x2k9.7f3aq2xw9k', does: 'tag one record' }],
    },
    {
      name: 'rm',
      summary: 'Take a tag off records',
      args: [
        { name: 'tag', required: true, help: 'the tag' },
        { ...recordId, many: true },
      ],
      examples: [{ command: 'healthmate tag rm holiday weight.m4x2k9.7f3aq2xw9k', does: 'untag one record' }],
    },
    {
      name: 'list',
      summary: 'List tags',
      formats: ['ndjson'],
      examples: [{ command: 'healthmate tag list', does: 'every tag with its number of records' }],
    },
  ],
}

const goal: CommandSpec = {
  name: 'goal',
  summary: 'Set, list and remove targets',
  examples: [{ command: 'healthmate goal list', does: 'every target and where you stand' }],
  subcommands: [
    {
      name: 'set',
      summary: 'Set a target for a metric',
      args: [
        { ...metric, required: true },
        { name: 'target', required: true, many: true, help: 'value with its unit, such as 78kg or 130/80' },
      ],
      options: [
        { name: 'direction', value: 'WAY', help: 'which side is good', choices: ['below', 'above', 'near'] },
        { name: 'by', value: 'DATE', help: 'when it should be reached' },
        { name: 'note', value: 'TEXT', help: 'a note' },
      ],
      confirms: true,
      examples: [{ command: 'healthmate goal set weight 78kg --by 2026-09-01', does: 'a weight to reach' }],
    },
    {
      name: 'list',
      summary: 'List targets',
      formats: ['ndjson'],
      examples: [{ command: 'healthmate goal list', does: 'every target and where you stand' }],
    },
    {
      name: 'rm',
      summary: 'Remove a target',
      args: [{ ...metric, required: true }],
      confirms: true,
      examples: [{ command: 'healthmate goal rm weight', does: 'no target any more' }],
    },
  ],
}

const appointment: CommandSpec = {
  name: 'appointment',
  summary: 'Keep visits to doctors and others',
  examples: [{ command: 'healthmate appointment list', does: 'what is coming up, then what was' }],
  subcommands: [
    {
      name: 'add',
      summary: 'Add a visit',
      args: [{ name: 'title', required: true, help: 'what it is for' }],
      options: [
        { name: 'at', value: 'WHEN', help: 'when it is' },
        { name: 'with', value: 'NAME', help: 'whom you see' },
        { name: 'where', value: 'PLACE', help: 'where it is' },
        { name: 'note', value: 'TEXT', help: 'a note' },
      ],
      examples: [
        {
          command: 'healthmate appointment add "Blood test" --at "2026-04-02T09:00"',
          does: 'a visit in April',
        },
      ],
    },
    {
      name: 'list',
      summary: 'List visits',
      formats: ['ndjson'],
      examples: [{ command: 'healthmate appointment list', does: 'what is coming up, then what was' }],
    },
    {
      name: 'rm',
      summary: 'Remove a visit',
      args: [{ name: 'id', required: true, help: 'id, as "appointment list" shows it' }],
      confirms: true,
      examples: [{ command: 'healthmate appointment rm 3f9a', does: 'remove one visit' }],
    },
  ],
}

export const recordCommands: readonly CommandSpec[] = [
  log,
  list,
  search,
  show,
  edit,
  rm,
  undo,
  explain,
  attach,
  tag,
  goal,
  appointment,
]
