/** Commands about the program: its settings, the catalogue, completions. */
import type { ArgumentSpec, CommandSpec } from '../command.ts'

const key: ArgumentSpec = {
  name: 'key',
  required: true,
  help: 'name of a setting, as "config list" shows it',
  complete: ['units.system', 'day-start', 'time-zone', 'region', 'color', 'inbox.hold', 'sources.priority'],
}

const config: CommandSpec = {
  name: 'config',
  summary: 'Read and change settings',
  examples: [{ command: 'healthmate config list', does: 'every setting with its origin' }],
  subcommands: [
    {
      name: 'get',
      summary: 'Print one setting',
      args: [key],
      examples: [{ command: 'healthmate config get units.system', does: 'prints the value alone' }],
    },
    {
      name: 'set',
      summary: 'Change a setting; "default" as the value takes it back',
      args: [key, { name: 'value', required: true, help: 'the new value' }],
      examples: [
        { command: 'healthmate config set units.system us', does: 'show lb, °F and mg/dL' },
        { command: 'healthmate config set units.glucose mmol/L', does: 'one metric alone' },
        {
          command: 'healthmate config set time-zone Europe/Berlin',
          does: 'days and times without a zone are those of Berlin, wherever this computer is',
        },
        { command: 'healthmate config set units.glucose default', does: 'follow the system again' },
      ],
    },
    {
      name: 'list',
      summary: 'List all settings with their origin',
      formats: ['ndjson'],
      examples: [{ command: 'healthmate config list', does: 'value and origin of each' }],
    },
    {
      name: 'path',
      summary: 'Print the folders and files that the program uses',
      examples: [
        { command: 'healthmate config path', does: 'configuration, data, state and runtime folders' },
      ],
    },
  ],
}

const profile: CommandSpec = {
  name: 'profile',
  summary: 'The facts about you that analyses need',
  examples: [{ command: 'healthmate profile show', does: 'name, birth date, sex and what else is set' }],
  subcommands: [
    {
      name: 'show',
      summary: 'Show the profile',
      examples: [{ command: 'healthmate profile show', does: 'name, birth date, sex and what else is set' }],
    },
    {
      name: 'set',
      summary: 'Set a fact of the profile',
      args: [
        {
          name: 'field',
          required: true,
          help: 'such as birth-date, sex or smoking',
          complete: ['name', 'birth-date', 'sex', 'sex-for-equations', 'blood-type', 'smoking', 'doctor'],
        },
        { name: 'value', required: true, help: 'the fact; "" removes it' },
      ],
      examples: [
        { command: 'healthmate profile set birth-date 1980-05-17', does: 'age for the scores that need it' },
      ],
    },
  ],
}

const metrics: CommandSpec = {
  name: 'metrics',
  summary: 'List the catalogue of metrics',
  args: [{ name: 'words', many: true, help: 'only metrics whose name, alias or category holds these' }],
  formats: ['ndjson', 'csv'],
  examples: [
    { command: 'healthmate metrics glucose', does: 'metrics about glucose, with units and bounds' },
    { command: 'healthmate metrics --json', does: 'the whole catalogue for a script' },
  ],
}

const completion: CommandSpec = {
  name: 'completion',
  summary: 'Print the completion script of a shell',
  args: [{ name: 'shell', required: true, help: 'bash, zsh or fish', complete: ['bash', 'zsh', 'fish'] }],
  examples: [
    {
      command: 'healthmate completion bash > ~/.local/share/bash-completion/completions/healthmate',
      does: 'bash',
    },
    { command: 'healthmate completion fish > ~/.config/fish/completions/healthmate.fish', does: 'fish' },
  ],
}

/** The process that `unlock` starts: reads the secret from standard input and answers on its socket. */
const agentHost: CommandSpec = {
  name: 'agent-host',
  summary: 'Run the unlock agent',
  hidden: true,
  options: [
    { name: 'idle-ms', value: 'MS', help: 'lock after so long without use' },
    { name: 'absolute-ms', value: 'MS', help: 'lock after so long whatever happens' },
  ],
  examples: [{ command: 'healthmate unlock', does: 'starts this process' }],
}

export const programCommands: readonly CommandSpec[] = [config, profile, metrics, completion, agentHost]
