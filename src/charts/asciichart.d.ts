declare module 'asciichart' {
  interface PlotConfig {
    readonly min?: number
    readonly max?: number
    readonly height?: number
    /** Columns before the plot (axis and labels). */
    readonly offset?: number
    readonly symbols?: readonly string[]
    readonly format?: (value: number) => string
  }
  const asciichart: { plot(series: readonly number[], config?: PlotConfig): string }
  export default asciichart
}
