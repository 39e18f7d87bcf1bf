/** A process that only tokenizes an export (first argument) with saxes, and reports: the least that any reader costs. */
import { createReadStream } from 'node:fs'
import { SaxesParser } from 'saxes'
import { peakMemoryKiB } from '../process.ts'

const [file = ''] = process.argv.slice(2)
const counted: ReadonlySet<string> = new Set(['Record', 'Workout', 'ActivitySummary'])
const parser = new SaxesParser()
let records = 0
let faults = 0
parser.on('opentag', ({ name }) => {
  if (counted.has(name)) records++
})
parser.on('error', () => {
  faults++
})
const start = performance.now()
for await (const text of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 }))
  parser.write(text)
parser.close()
const ms = performance.now() - start
process.stdout.write(JSON.stringify({ ms, records, maxRssKiB: peakMemoryKiB(), faults }))
