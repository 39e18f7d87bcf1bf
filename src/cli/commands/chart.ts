/** `chart METRIC…`: in the terminal, or as picture files. */
import type { ArgsOf, ViewOf } from '../../app/index.ts'
import { pngChart, svgChart, svgFigure, terminalChart, terminalFigure } from '../../charts/index.ts'
import { Failure } from '../../foundation/index.ts'
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
  const kind = invocation.text('kind') as ArgsOf<'chart'>['kind']
  const view = await ask(invocation, 'chart', { metrics, ...days, ...(kind === undefined ? {} : { kind }) })
  const { series, figures, isEmpty, newest } = view
  if (isEmpty) throw emptyPeriod(metrics.join(', '), newest)
  const files = await writePictures(invocation, view)
  if (output.format === 'json') return output.json({ series, figures, files })
  if (files.length > 0) return output.note(`Wrote ${files.map(oneLine).join(' and ')}`)
  const { width, style } = output
  const unicode = !/^(C|POSIX)$/.test(
    invocation.environment['LC_ALL'] ?? invocation.environment['LANG'] ?? '',
  )
  const options = { width, height: plotRows, color: style.level > 0, unicode }
  if (series.length > 0) return output.result(terminalChart(series, { ...options, ...days }))
  output.result(figures.map((figure) => terminalFigure(figure, options)).join('\n\n'))
}

type View = ViewOf<'chart'>

async function writePictures(invocation: Invocation, view: View): Promise<readonly string[]> {
  const svgPath = invocation.text('svg')
  const pngPath = invocation.text('png')
  if (svgPath === undefined && pngPath === undefined) return []
  const svg = pictureOf(view)
  const files: string[] = []
  const write = (path: string, content: string | Uint8Array): void => {
    writeOutputFile(path, content, invocation.flag('force'))
    files.push(path)
  }
  if (svgPath !== undefined) write(svgPath, svg)
  if (pngPath !== undefined) write(pngPath, await pngChart(svg))
  return files
}

function pictureOf({ series, figures }: View): string {
  const [figure, ...others] = figures
  if (figure === undefined) return svgChart(series, { title: series.map((one) => one.title).join(', ') })
  if (others.length > 0) {
    throw new Failure('USAGE', 'a picture file of this kind shows one metric', {
      hint: 'Name one metric, or leave --svg and --png out.',
    })
  }
  return svgFigure(figure)
}

function refuseExisting(invocation: Invocation, option: string): void {
  const path = invocation.text(option)
  if (path !== undefined) refuseTaken(path, invocation.flag('force'))
}
