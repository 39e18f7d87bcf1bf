/** Commands that say what is likely to come, and which models say it. */
import type { ArgumentSpec, CommandSpec } from '../command.ts'

const forecast: CommandSpec = {
  name: 'forecast',
  summary: 'Say where a metric is likely to be in the next days, with intervals',
  description:
    'Models are tried on your own past; the one that does best forecasts. What was said is kept, ' +
    'so that "models scores" can hold it against what happens. Where data are thin or old, ' +
    'it says what is missing.',
  args: [{ name: 'metric', required: true, help: 'catalogue id, alias or LOINC code', complete: 'metric' }],
  options: [
    { name: 'days', value: 'N', help: 'days ahead (30)' },
    { name: 'to', value: 'DATE', help: 'as of this day: later days are not looked at, nothing is kept' },
    { name: 'svg', value: 'FILE', help: 'write an SVG picture', complete: 'file' },
    { name: 'png', value: 'FILE', help: 'write a PNG picture', complete: 'file' },
    { name: 'force', help: 'replace a file that is there' },
  ],
  examples: [
    { command: 'healthmate forecast weight', does: 'the next 30 days, as a note and a chart' },
    { command: 'healthmate forecast bp --days 14 --svg bp.svg', does: 'two weeks, as a picture' },
  ],
}

const series: ArgumentSpec = {
  name: 'metric',
  required: true,
  help: 'a metric, or one component: bp.systolic',
  complete: 'metric',
}

const models: CommandSpec = {
  name: 'models',
  summary: 'Show and choose the models that forecast',
  examples: [{ command: 'healthmate models list', does: 'every series that was forecast' }],
  subcommands: [
    {
      name: 'list',
      summary: 'List the model of every series that was forecast',
      formats: ['ndjson'],
      examples: [{ command: 'healthmate models list', does: 'models with their trials' }],
    },
    {
      name: 'show',
      summary: 'Show the model of a metric, what it was fitted on, and those before it',
      args: [series],
      examples: [{ command: 'healthmate models show weight', does: 'model, data, versions' }],
    },
    {
      name: 'compare',
      summary: 'Compare all models on the same days of the past',
      args: [series],
      examples: [{ command: 'healthmate models compare weight', does: 'errors and coverage side by side' }],
    },
    {
      name: 'pin',
      summary: 'Choose a model; nothing replaces it until --off',
      args: [
        series,
        {
          name: 'model',
          help: 'its name; the present one when left out',
          complete: ['automatic', 'ets', 'theta', 'seasonal_naive', 'naive', 'mean'],
        },
      ],
      options: [{ name: 'off', help: 'let the better one forecast again' }],
      examples: [
        { command: 'healthmate models pin weight theta', does: 'theta forecasts from now on' },
        { command: 'healthmate models pin weight --off', does: 'the best one forecasts again' },
      ],
    },
    {
      name: 'rollback',
      summary: 'Go back to an earlier model; only what happens from today on may replace it',
      args: [series],
      options: [
        { name: 'to', value: 'VERSION', help: 'a version of "models show"; the model before when left out' },
      ],
      examples: [{ command: 'healthmate models rollback weight', does: 'the model before' }],
    },
    {
      name: 'scores',
      summary: 'Hold the forecasts that were made against what happened',
      args: [{ ...series, required: false, help: 'one metric; all when left out' }],
      formats: ['ndjson'],
      examples: [{ command: 'healthmate models scores weight', does: 'errors and coverage by days ahead' }],
    },
  ],
}

export const forecastingCommands: readonly CommandSpec[] = [forecast, models]
