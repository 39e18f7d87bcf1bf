#!/usr/bin/env node
/**
 * The launcher. `--version` answers from a file that the build wrote and loads nothing else; everything else
 * hardens the process first (security.md 4.7) and then loads the program.
 */
const words = process.argv.slice(2)
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  const { readFileSync } = process.getBuiltinModule('node:fs')
  process.stdout.write(readFileSync(new URL('../dist/version.txt', import.meta.url), 'utf8'))
} else {
  // Files that the program makes are the person's alone, whatever the shell says.
  process.umask(0o077)
  // Without a listener, SIGUSR1 would open the inspector on a port of this machine.
  process.on('SIGUSR1', () => {})
  // Diagnostic reports hold the environment. They are off unless switched on from outside; touching the object
  // costs start time, so only then.
  if (/report/.test(`${process.execArgv} ${process.env.NODE_OPTIONS}`)) {
    process.report.reportOnFatalError = false
    process.report.reportOnSignal = false
    process.report.reportOnUncaughtException = false
  }
  // Node has read it by now; processes that we start (the agent, a passphrase command) must not inherit it.
  delete process.env.NODE_OPTIONS
  const { main } = await import('../dist/main.js')
  await main()
}
