/** Pictures of series: in the terminal, as SVG, as PNG. Text from outside is escaped here. */
export type { ChartFan, ChartLine, ChartSeries, ChartTrend } from './chart-series.ts'
export { plainText, xmlText } from './escape.ts'
export {
  type CalendarFigure,
  type DayProfileFigure,
  type Figure,
  type HistogramFigure,
  profilePercentiles,
} from './figures.ts'
export { pngChart } from './png-chart.ts'
export { valueScale } from './scale.ts'
export { type SvgOptions, svgChart } from './svg-chart.ts'
export { svgFigure } from './svg-figures.ts'
export { type TerminalOptions, terminalChart } from './terminal-chart.ts'
export { type FigureOptions, terminalFigure } from './terminal-figures.ts'
