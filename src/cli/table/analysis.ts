/** Commands that say what the records show. */
import type { ArgumentSpec, CommandSpec } from '../command.ts'
import { periodOptions } from './period.ts'

const trend: CommandSpec = {
  name: 'trend',
  summary: 'Say where a metric is going, with an interval',
  args: [{ name: 'metric', required: true, help: 'catalogue id, alias or LOINC code', complete: 'metric' }],
  options: [
    ...periodOptions,
    {
      name: 'method',
      value: 'NAME',
      help: 'how the slope is found',
      choices: ['auto', 'theil-sen', 'ols', 'stl'],
    },
  ],
  examples: [{ command: 'healthmate trend weight --last 6mo', does: 'slope, interval and a plain sentence' }],
}

const chart: CommandSpec = {
  name: 'chart',
  summary: 'Draw metrics over time',
  args: [{ name: 'metric', required: true, many: true, help: 'one or more metrics', complete: 'metric' }],
  options: [
    ...periodOptions,
    {
      name: 'kind',
      value: 'KIND',
      help: 'how it is drawn; auto fits the metric',
      choices: ['auto', 'line', 'range', 'pairs', 'histogram', 'calendar', 'day-profile'],
    },
    { name: 'svg', value: 'FILE', help: 'write an SVG picture', complete: 'file' },
    { name: 'png', value: 'FILE', help: 'write a PNG picture', complete: 'file' },
    { name: 'force', help: 'replace a file that is there' },
  ],
  examples: [
    { command: 'healthmate chart weight --last 1y', does: 'a chart in the terminal' },
    { command: 'healthmate chart bp --last 90d --svg bp.svg', does: 'a picture file' },
    {
      command: 'healthmate chart cgm_glucose --kind day-profile',
      does: 'the usual day of the last two weeks',
    },
    { command: 'healthmate chart steps --last 1y --kind calendar', does: 'one shade a day' },
  ],
}

const summary: CommandSpec = {
  name: 'summary',
  summary: 'Sum up a period over all metrics',
  options: [...periodOptions, { name: 'compare', help: 'beside the period of the same length before it' }],
  examples: [
    { command: 'healthmate summary --last 30d --compare', does: 'this month against the one before' },
  ],
}

const insights: CommandSpec = {
  name: 'insights',
  summary: 'Say what stands out: changes, unusual days, what moves together, records, gaps',
  description:
    'Looks at every metric. What is inferred is held to 5 % false discoveries over all that was looked at; when nothing ' +
    'stands out, nothing is said. Nothing here is a diagnosis.',
  options: periodOptions,
  formats: ['ndjson'],
  examples: [
    { command: 'healthmate insights', does: 'what stands out today' },
    { command: 'healthmate insights --to 2026-03-31', does: 'what stood out then' },
  ],
}

const correlate: CommandSpec = {
  name: 'correlate',
  summary: 'Say whether two metrics move together from day to day',
  description:
    'Trend, weekly pattern and persistence of each metric are taken out first. Without --lag, lags of up to a week ' +
    'either way are looked at, and the false discovery rate among them is held at 5 %.',
  args: [
    { name: 'first', required: true, help: 'a metric', complete: 'metric' },
    { name: 'second', required: true, help: 'another metric', complete: 'metric' },
  ],
  options: [
    ...periodOptions,
    {
      name: 'lag',
      value: 'DAYS',
      help: 'only this lag: how many days the first leads, negative for follows',
    },
  ],
  examples: [
    {
      command: 'healthmate correlate steps resting_heart_rate --last 12mo',
      does: 'the strongest association within a week',
    },
    { command: 'healthmate correlate alcohol resting_heart_rate --lag 1', does: 'the day after' },
  ],
}

const experimentName: ArgumentSpec = { name: 'name', required: true, help: 'name of the experiment' }

const experiment: CommandSpec = {
  name: 'experiment',
  summary: 'Compare with and without a change, planned before the first value counts',
  examples: [{ command: 'healthmate experiment list', does: 'every experiment and how it stands' }],
  subcommands: [
    {
      name: 'start',
      summary: 'Write the plan of an experiment down; it is not changed afterwards',
      description:
        'before-after compares the weeks before the start with the weeks after it. alternating draws by lot when you ' +
        'live with and without the change, so that neither time nor season favours one: take it where you can.',
      args: [experimentName],
      options: [
        {
          name: 'outcome',
          value: 'METRIC',
          help: 'what is compared: weight, bp.systolic',
          complete: 'metric',
        },
        {
          name: 'design',
          value: 'DESIGN',
          help: 'how; before-after when left out',
          choices: ['before-after', 'alternating'],
        },
        {
          name: 'expect',
          value: 'DIRECTION',
          help: 'what you expect of the change; either when left out',
          choices: ['lower', 'higher', 'either'],
        },
        { name: 'days', value: 'N', help: 'days of each side (28) or of each alternating block (7)' },
        { name: 'washout', value: 'N', help: 'days after each change that do not count (0)' },
        { name: 'cycles', value: 'N', help: 'pairs of alternating blocks, at least 3 (4)' },
        {
          name: 'from',
          value: 'DATE',
          help: 'day of the change, or of the first block; today when left out',
        },
        { name: 'note', value: 'TEXT', help: 'what exactly you change' },
      ],
      examples: [
        {
          command: 'healthmate experiment start "no coffee" --outcome resting_heart_rate --expect lower',
          does: 'four weeks before today against four weeks from today',
        },
        {
          command: 'healthmate experiment start walks --outcome bp.systolic --design alternating --washout 1',
          does: 'eight weeks, with and without in an order drawn by lot',
        },
      ],
    },
    {
      name: 'stop',
      summary: 'End an experiment before its planned end',
      args: [experimentName],
      examples: [{ command: 'healthmate experiment stop "no coffee"', does: 'yesterday was its last day' }],
    },
    {
      name: 'report',
      summary: 'Say what came of an experiment, or how it stands',
      args: [{ name: 'name', help: 'one experiment; all when left out' }],
      examples: [
        { command: 'healthmate experiment report "no coffee"', does: 'difference, interval, limits' },
      ],
    },
    {
      name: 'list',
      summary: 'List experiments',
      formats: ['ndjson'],
      examples: [{ command: 'healthmate experiment list', does: 'every experiment and how it stands' }],
    },
    {
      name: 'rm',
      summary: 'Remove an experiment and its plan',
      args: [experimentName],
      confirms: true,
      examples: [{ command: 'healthmate experiment rm "no coffee"', does: 'remove one' }],
    },
  ],
}

const analyze: CommandSpec = {
  name: 'analyze',
  summary: 'Run an analysis method on a series given on standard input; needs no vault',
  description:
    'Reads {"input":{…},"options":{…}}, or a series by itself: {"values":[…],"times":[…]}, null for a missing value, ' +
    'times (not needed) in ISO 8601 or milliseconds since 1970. Prints the result as JSON; what cannot be computed is a ' +
    'result with "status".',
  args: [{ name: 'method', help: 'name of a method; --list shows them', complete: 'method' }],
  options: [
    { name: 'options', value: 'JSON', help: 'options of the method, before those of the document' },
    { name: 'batch', help: 'read lines {"method":…,"input":…,"options":…} and print a line for each' },
    { name: 'list', help: 'name the methods' },
  ],
  examples: [
    {
      command: 'healthmate analyze theil_sen < weight.json',
      does: 'slope, intercept and interval',
    },
    {
      command: 'healthmate analyze stl --options \'{"period":7}\' < steps.json',
      does: 'trend and weekly pattern',
    },
    { command: 'healthmate analyze --batch < requests.ndjson', does: 'many at once, in order' },
  ],
}

export const analysisCommands: readonly CommandSpec[] = [
  trend,
  chart,
  summary,
  insights,
  correlate,
  experiment,
  analyze,
]
