/** Commands that say what the records show. */
import type { CommandSpec } from '../command.ts'
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
      choices: ['auto', 'theil-sen', 'ols'],
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
    { name: 'svg', value: 'FILE', help: 'write an SVG picture', complete: 'file' },
    { name: 'png', value: 'FILE', help: 'write a PNG picture', complete: 'file' },
    { name: 'force', help: 'replace a file that is there' },
  ],
  examples: [
    { command: 'healthmate chart weight --last 1y', does: 'a chart in the terminal' },
    { command: 'healthmate chart bp --last 90d --svg bp.svg', does: 'a picture file' },
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

export const analysisCommands: readonly CommandSpec[] = [trend, chart, summary]
