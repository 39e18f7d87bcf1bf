/** `list`: records, newest first, on a terminal or for scripts. Machine output is complete and comes page by page. */
import type { ListView, RecordView } from '../../app/index.ts'
import { Failure } from '../../foundation/index.ts'
import { ask } from '../ask.ts'
import type { Invocation } from '../invocation.ts'
import type { CsvCell } from '../present/output.ts'
import { recordTable } from '../present/record-table.ts'
import { periodOf } from '../when.ts'

const terminalLimit = 50
const pageSize = 5_000

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const limit =
    invocation.count('limit', 1) ?? (output.format === 'human' ? terminalLimit : Number.MAX_SAFE_INTEGER)
  if (output.format === 'human') return presentTable(invocation, await page(invocation, limit), limit)
  const pages = allPages(invocation, limit)
  if (output.format === 'json') {
    const records: ReturnType<typeof machineView>[] = []
    for await (const part of pages) records.push(...part.map(machineView))
    output.json({ records, count: records.length })
    return
  }
  if (output.format === 'csv') return presentCsv(invocation, pages)
  for await (const part of pages) output.ndjson(part.map(machineView))
}

async function page(invocation: Invocation, limit: number, olderThanMs?: number): Promise<ListView> {
  const metric = invocation.optionalArgument('metric')
  const tag = invocation.text('tag')
  const source = invocation.text('source')
  const period = await periodOf(invocation)
  const toMs = olderThanMs ?? period.toMs
  return ask(invocation, 'list', {
    limit,
    ...(metric === undefined ? {} : { metric }),
    ...(period.fromMs === undefined ? {} : { fromMs: period.fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    ...(tag === undefined ? {} : { tag }),
    ...(source === undefined ? {} : { source }),
  })
}

async function* allPages(invocation: Invocation, limit: number): AsyncIterable<readonly RecordView[]> {
  let left = limit
  let olderThanMs: number | undefined
  while (left > 0) {
    const view = await page(invocation, Math.min(left, pageSize), olderThanMs)
    yield view.records.slice(0, left)
    left -= view.records.length
    if (view.olderThanMs === null) return
    olderThanMs = view.olderThanMs
  }
}

/** The contract's keys first; what is for people alone stays out. */
function machineView(record: RecordView) {
  const { id, metric, at, end, value, unit, source, note, tags, context, original, flags } = record
  return { id, metric, at, end, value, unit, source, note, tags, context, original, flags }
}

async function presentCsv(
  invocation: Invocation,
  pages: AsyncIterable<readonly RecordView[]>,
): Promise<void> {
  const columns = [
    'id',
    'metric',
    'at',
    'end',
    'component',
    'value',
    'unit',
    'source',
    'note',
    'tags',
    'context',
  ]
  const rows: CsvCell[][] = []
  for await (const part of pages) {
    for (const record of part) {
      const values = typeof record.value === 'number' ? { '': record.value } : record.value
      for (const [component, value] of Object.entries(values)) {
        rows.push([
          record.id,
          record.metric,
          record.at,
          record.end,
          component,
          value,
          record.unit,
          record.source,
          record.note,
          record.tags.join(' '),
          record.context,
        ])
      }
    }
  }
  invocation.output.csv(columns, rows)
}

function presentTable(invocation: Invocation, view: ListView, limit: number): void {
  const { output } = invocation
  if (view.count === 0) {
    throw new Failure('NOT_FOUND', 'no records match', { hint: 'healthmate summary shows what there is.' })
  }
  const shown = view.records.slice(0, limit)
  output.result(recordTable(shown, output))
  const hasMore = view.olderThanMs !== null || view.count > shown.length
  if (hasMore) output.note(`The newest ${shown.length}; --limit N or --from DATE shows more.`)
}
