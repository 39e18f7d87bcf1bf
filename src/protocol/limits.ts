/** Size limits of what travels (security.md 5.1, as amended for blocks). A relay and every client enforce them. */

/** Bytes of one batch, header, body and signature together. */
export const maxBatchBytes = 256 * 1024
/** Operations of one batch; a block of observations counts as one. */
export const maxBatchOperations = 256
