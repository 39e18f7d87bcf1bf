// The main job on a throw-away vault: import an Apple Health export, log three records, look at them, take all out.
// Usage: npm run demo [-- path/to/export.zip]
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const program = join(root, 'bin', 'healthmate.js')
const given = process.argv[2]
const folder = mkdtempSync(join(tmpdir(), 'healthmate-demo-'))
const passphrase = randomBytes(12).toString('base64url')
const passphraseFile = join(folder, 'passphrase')
writeFileSync(passphraseFile, `${passphrase}\n`, { mode: 0o600 })

// Everything of the demo, settings included, stays in its own folder.
const environment = {
  ...process.env,
  HEALTHMATE_VAULT: join(folder, 'demo.vault'),
  HEALTHMATE_PASSPHRASE_FILE: passphraseFile,
  XDG_CONFIG_HOME: join(folder, 'config'),
  XDG_DATA_HOME: join(folder, 'data'),
  XDG_STATE_HOME: join(folder, 'state'),
  XDG_RUNTIME_DIR: join(folder, 'run'),
}

function run(...args) {
  process.stdout.write(`\n$ healthmate ${args.map(quoted).join(' ')}\n`)
  const done = spawnSync(process.execPath, [program, ...args], { stdio: 'inherit', env: environment })
  if (done.status !== 0 && done.status !== 3) {
    process.stderr.write(
      `\nThe demo stopped: exit code ${done.status ?? done.signal}. Its folder is ${folder}\n`,
    )
    process.exit(1)
  }
}

function quoted(text) {
  return /^[\w./:@=%+-]+$/.test(text) ? text : `"${text}"`
}

function exportFile() {
  if (given !== undefined) {
    if (!existsSync(given)) {
      process.stderr.write(`There is no file ${given}\n`)
      process.exit(2)
    }
    return resolve(given)
  }
  const file = join(folder, 'export.zip')
  process.stdout.write(
    'Making a realistic Apple Health export (half a year of phone, watch, scale and cuff)…\n',
  )
  const generator = join(root, 'scripts', 'generate-apple-health.mjs')
  // Up to today, so that "the last 30 days" have something to show.
  const end = new Date().toISOString().slice(0, 10)
  const words = ['--days', '180', '--end', end, '--zip', '--out', file]
  const made = spawnSync(process.execPath, [generator, ...words], { stdio: 'inherit' })
  if (made.status !== 0) process.exit(1)
  return file
}

const input = exportFile()
run('init')
run('unlock', '--for', '10m')
run('import', 'apple-health', input)
run('log', 'bp', '128/82', '--pulse', '64')
run('log', 'weight', '81.4kg', '--note', 'after breakfast')
run('log', 'glucose', '5.6mmol/L', '--context', 'fasting')
run('list', '--limit', '8')
run('trend', 'weight')
run('chart', 'resting_heart_rate')
run('chart', 'weight', '--svg', join(folder, 'weight.svg'), '--png', join(folder, 'weight.png'))
run('summary', '--last', '30d')
run('export', 'fhir', '--out', join(folder, 'record.fhir.json'))
run('export', 'csv', '--out', join(folder, 'record.csv'))
run('export', 'gdpr', '--out', join(folder, 'record-gdpr.zip'))
run('lock')

process.stdout.write(`
Everything is in ${folder}
  demo.vault         the encrypted vault (passphrase in ${passphraseFile})
  record.fhir.json   FHIR R4 Bundle
  record.csv         one tidy table
  record-gdpr.zip    the complete, self-describing archive
  weight.svg, .png   the chart as pictures
Look around with:
  export HEALTHMATE_VAULT=${environment.HEALTHMATE_VAULT} HEALTHMATE_PASSPHRASE_FILE=${passphraseFile}
  node bin/healthmate.js list weight
Delete the folder when you are done.
`)
