import { Output, type OutputOptions, type Streams } from '../../../src/cli/present/output.ts'

export interface Captured {
  readonly output: Output
  readonly streams: Streams
  readonly stdout: () => string
  readonly stderr: () => string
}

/** An output whose streams are strings. */
export function captured(
  options: Partial<OutputOptions> = {},
  terminal: { stdout?: boolean; stderr?: boolean; stdin?: boolean; columns?: number } = {},
): Captured {
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: terminal[name] === true,
    ...(terminal.columns === undefined ? {} : { columns: terminal.columns }),
    write: (part: string | Uint8Array) => {
      written[name] += typeof part === 'string' ? part : Buffer.from(part).toString('utf8')
    },
  })
  const streams: Streams = {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    stdinIsTerminal: terminal.stdin === true,
  }
  const output = new Output(streams, {
    format: 'human',
    quiet: false,
    verbose: false,
    noColor: false,
    environment: {},
    ...options,
  })
  return { output, streams, stdout: () => written.stdout, stderr: () => written.stderr }
}
