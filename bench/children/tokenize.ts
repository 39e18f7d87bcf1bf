/** A process that only tokenizes an export and reports: the least that any reader costs. Its argument: `TokenizeTask`. */
import { openInput } from '../../src/importers/index.ts'
import type { TokenizeTask } from '../import-runs.ts'
import { peakMemoryKiB } from '../process.ts'
import { tokenize } from '../tokenizers.ts'

const { path, tokenizer }: TokenizeTask = JSON.parse(process.argv[2] ?? '')
const start = performance.now()
const input = await openInput([path])
const count = await tokenize(tokenizer, input, path)
await input.close()
const ms = performance.now() - start
process.stdout.write(JSON.stringify({ ms, count, maxRssKiB: peakMemoryKiB() }))
