/** The bench as a program: which rows to measure, and how they are shown. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Bench, type RowGroup, type SizeName, sizes } from './bench.ts'
import { machineText } from './machine.ts'
import { type Measurement, toRow } from './result.ts'
import { rowGroups } from './rows/index.ts'
import { tableText } from './table.ts'

const usage = `npm run bench -- [--only NAME] [--size 100k|1m|10m] [--json] [--keep]
  --only NAME   one row, or all whose names begin with NAME-
  --size SIZE   samples in the rows that scale; all three when left out
  --json        exactly one JSON array on standard output (use npm run -s)
  --keep        leave the scratch folder where it is
Rows: ${rowGroups.flatMap(({ names }) => names).join(', ')}
`

/** Runs the bench; returns the exit code: 0 measured (whether or not the targets hold), 1 failed, 2 bad usage. */
export async function main(
  words: readonly string[],
  folders: Pick<Bench, 'root' | 'children'>,
): Promise<number> {
  const options = parse(words)
  if (options === undefined) {
    process.stderr.write(usage)
    return 2
  }
  if (options.help) {
    process.stdout.write(usage)
    return 0
  }
  const scratch = mkdtempSync(join(tmpdir(), 'healthmate-bench-'))
  const note = (text: string): void => {
    process.stderr.write(`${text}\n`)
  }
  try {
    note(machineText())
    const bench: Bench = { ...folders, scratch, sizes: options.sizes, note }
    const measurements: Measurement[] = []
    for (const group of options.groups) {
      note(`— ${group.names.join(', ')}`)
      const found = await group.run(bench)
      measurements.push(...found.filter(({ name }) => options.wants(name)))
    }
    const rows = measurements.map(toRow)
    if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`)
    else process.stdout.write(`${machineText()}\n${tableText(rows, measurements)}`)
    return 0
  } finally {
    if (options.keep) note(`kept: ${scratch}`)
    else rmSync(scratch, { recursive: true, force: true })
  }
}

interface Options {
  readonly groups: readonly RowGroup[]
  readonly sizes: readonly SizeName[]
  readonly wants: (name: string) => boolean
  readonly json: boolean
  readonly keep: boolean
  readonly help: boolean
}

function parse(words: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        only: { type: 'string' },
        size: { type: 'string' },
        json: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const { only, size } = values
    const wants = filterOf(only)
    const groups = rowGroups.filter(({ names }) =>
      names.some((name) => wants(name) || name === baseName(only ?? '')),
    )
    if (groups.length === 0 || (size !== undefined && !(size in sizes))) return undefined
    const wanted = size === undefined ? (Object.keys(sizes) as SizeName[]) : [size as SizeName]
    return { groups, sizes: wanted, wants, json: values.json, keep: values.keep, help: values.help }
  } catch {
    return undefined
  }
}

/** Whether a row is asked for: by its name (`scan` in all sizes), or by what its name begins with (`import`). */
function filterOf(only: string | undefined): (name: string) => boolean {
  if (only === undefined) return () => true
  const isName = rowGroups.some(({ names }) => names.includes(baseName(only)))
  return (name) => name === only || (isName ? baseName(name) === only : name.startsWith(`${only}-`))
}

/** `scan-1m` is a row of `scan`. */
function baseName(name: string): string {
  return name.replace(/-(100k|1m)$/, '')
}
