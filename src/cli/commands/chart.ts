/** `chart METRIC…`: in the terminal, or as picture files. */
import { pngChart, svgChart, terminalChart } from '../../charts/index.ts'
import { ask } from '../ask.ts'
import { emptyPeriod } from '../empty-period.ts'
import type { Invocation } from '../invocation.ts'
import { refuseTaken, writeOutputFile } from '../output-file.ts'
import { oneLine } from '../present/terminal.ts'
import { daysOf } from '../when.ts'

const plotRows = 10

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const metrics = invocation.arguments('metric')
  const days = await daysOf(invocation)
  for (const name of ['svg', 'png']) refuseExisting(invocation, name)
  const { series, newest } = await ask(invocation, 'chart', { metrics, ...days })
  if (series.every((one) => one.lines.every((line) => line.day.length === 0))) {
    throw emptyPeriod(metrics.join(', '), newest)
  }
  const files = await writePictures(invocation, series)
  if (output.format === 'json') return output.json({ series, files })
  if (files.length > 0) return output.note(`Wrote ${files.map(oneLine).join(' and ')}`)
  const { width, style } = output
  const unicode = !/^(C|POSIX)$/.test(
    invocation.environment['LC_ALL'] ?? invocation.environment['LANG'] ?? '',
  )
  output.result(terminalChart(series, { width, height: plotRows, color: style.level > 0, unicode, ...days }))
}

async function writePictures(
  invocation: Invocation,
  series: Parameters<typeof svgChart>[0],
): Promise<readonly string[]> {
  const svgPath = invocation.text('svg')
  const pngPath = invocation.text('png')
  if (svgPath === undefined && pngPath === undefined) return []
  const svg = svgChart(series, { title: series.map((one) => one.title).join(', ') })
  const files: string[] = []
  const write = (path: string, content: string | Uint8Array): void => {
    writeOutputFile(path, content, invocation.flag('force'))
    files.push(path)
  }
  if (svgPath !== undefined) write(svgPath, svg)
  if (pngPath !== undefined) write(pngPath, await pngChart(svg))
  return files
}

function refuseExisting(invocation: Invocation, option: string): void {
  const path = invocation.text(option)
  if (path !== undefined) refuseTaken(path, invocation.flag('force'))
}
