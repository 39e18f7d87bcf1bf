/** Pictures of series: in the terminal, as SVG, as PNG. Text from outside is escaped here. */
export type { ChartLine, ChartSeries, ChartTrend } from './chart-series.ts'
export { plainText, xmlText } from './escape.ts'
export { pngChart } from './png-chart.ts'
export { type SvgOptions, svgChart } from './svg-chart.ts'
export { type TerminalOptions, terminalChart } from './terminal-chart.ts'
