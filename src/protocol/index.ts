/** The wire that clients and relays share: batches, heads, limits. Decrypts nothing. */
export {
  type BatchHeader,
  batchHash,
  batchHeaderLength,
  batchSignatureDomain,
  type ExpectedBatch,
  encodeBatch,
  encodeBatchHeader,
  type ParsedBatch,
  parseBatch,
  pruneBatch,
  type VerifySignature,
  verifyBatch,
} from './batch.ts'
export { encodeHead, genesisHash, type Head, headsEqual, parseHead } from './head.ts'
export { maxBatchBytes, maxBatchOperations } from './limits.ts'
