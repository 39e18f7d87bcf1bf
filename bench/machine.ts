/** What the numbers were measured on. */
import { availableParallelism, cpus, totalmem } from 'node:os'

export function machineText(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${availableParallelism()} cores, ${model}, ${memory} GiB, Node ${process.version}, ${process.platform} ${process.arch}`
}
