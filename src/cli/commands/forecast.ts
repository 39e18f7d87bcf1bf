/** `forecast METRIC`: a note and a picture for people, every number for scripts. */
import type { ViewOf } from '../../app/index.ts'
import { pngChart, svgChart, terminalChart } from '../../charts/index.ts'
import { Failure } from '../../foundation/index.ts'
import { ask } from '../ask.ts'
import { emptyPeriod } from '../empty-period.ts'
import type { Invocation } from '../invocation.ts'
import { refuseTaken, writeOutputFile } from '../output-file.ts'
import { oneLine } from '../present/terminal.ts'
import { dayFrom } from '../when.ts'

const plotRows = 10

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const days = invocation.count('days', 1)
  const to = invocation.text('to')
  for (const path of ['svg', 'png'].map((name) => invocation.text(name)))
    if (path !== undefined) refuseTaken(path, invocation.flag('force'))
  const view = await ask(invocation, 'forecast', {
    metric: invocation.argument('metric'),
    ...(days === undefined ? {} : { days }),
    ...(to === undefined ? {} : { toDay: await dayFrom(invocation, to) }),
  })
  refuseThin(view)
  const files = await writePictures(invocation, view)
  if (output.format === 'json') {
    const { charts: _drawn, ...numbers } = view
    return output.json({ ...numbers, files })
  }
  for (const { text } of view.forecasts) output.result(oneLine(text))
  if (files.length > 0) return output.note(`Wrote ${files.map(oneLine).join(' and ')}`)
  const unicode = !/^(C|POSIX)$/.test(
    invocation.environment['LC_ALL'] ?? invocation.environment['LANG'] ?? '',
  )
  const { width, style } = output
  const drawn = terminalChart(view.charts, { width, height: plotRows, color: style.level > 0, unicode })
  output.result(`\n${drawn}`)
  if (view.kept) output.note(`Kept: healthmate models scores ${view.metric} will tell how it turned out.`)
}

type View = ViewOf<'forecast'>

/** Nothing to forecast from is a refusal, in words of what is missing. */
function refuseThin({ metric, forecasts, newest, asOf }: View): void {
  if (forecasts.some(({ missing }) => missing === null)) return
  if (newest === null) throw emptyPeriod(metric, newest)
  const reasons = [...new Set(forecasts.map(({ missing }) => missing ?? ''))]
  throw new Failure('NOT_FOUND', `${metric} cannot be forecast: ${reasons.join('; ')}`, {
    hint: newest < asOf ? `healthmate forecast ${metric} --to ${newest}` : `healthmate chart ${metric}`,
  })
}

async function writePictures(invocation: Invocation, { charts }: View): Promise<readonly string[]> {
  const svgPath = invocation.text('svg')
  const pngPath = invocation.text('png')
  if (svgPath === undefined && pngPath === undefined) return []
  const svg = svgChart(charts, { title: charts.map(({ title }) => title).join(', ') })
  const files: string[] = []
  const write = (path: string, content: string | Uint8Array): void => {
    writeOutputFile(path, content, invocation.flag('force'))
    files.push(path)
  }
  if (svgPath !== undefined) write(svgPath, svg)
  if (pngPath !== undefined) write(pngPath, await pngChart(svg))
  return files
}
