/** Where the process begins (`bin/healthmate.js` loads this): streams, signals and the exit code around `runProgram`. */
import { runProgram } from './run.ts'

/** A reader that closed its end of the pipe has all it wants: that is no failure. */
function endQuietlyOnClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1)
  })
}

/** The first Ctrl-C asks the command to stop at its next safe point, the second ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  return controller.signal
}

/** On Linux and macOS writes to pipes are done when they return; elsewhere the callback says when. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve())
  })
}

export async function main(): Promise<void> {
  endQuietlyOnClosedPipe(process.stdout)
  endQuietlyOnClosedPipe(process.stderr)
  const code = await runProgram({
    words: process.argv.slice(2),
    streams: {
      stdout: process.stdout,
      stderr: process.stderr,
      stdinIsTerminal: process.stdin.isTTY === true,
    },
    environment: process.env,
    signal: interruption(),
  })
  await Promise.all([flushed(process.stdout), flushed(process.stderr)])
  process.exit(code)
}
