/** The zones of the foundation, by the name that the adapters know them by. */
export { ZoneOffsets } from '../foundation/index.ts'
