/**
 * Ids of resources: the same record always gets the same id, and no two vaults share one.
 *
 * An id is a UUID of version 8 (RFC 9562 section 5.8) made of SHA-256 over the vault's namespace, the resource type
 * and the record's own id; so a second export, or a second transaction to the same server, updates and never doubles.
 * The record's own id stands in `identifier`.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '../foundation/index.ts'

/** A stable UUID for `key` among the resources of `type` in the vault `namespace`. */
export function resourceId(namespace: string, type: string, key: string): string {
  const hash = sha256(utf8ToBytes(`healthmate/fhir\0${namespace}\0${type}\0${key}`))
  hash[6] = ((hash[6] as number) & 0x0f) | 0x80
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80
  const hex = bytesToHex(hash.subarray(0, 16))
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/**
 * How resources point at each other: `urn` (`urn:uuid:…`, resolved inside a Bundle by `fullUrl`) or `relative`
 * (`Patient/…`, as on a server and in bulk files).
 */
export type ReferenceStyle = 'urn' | 'relative'

export function referenceText(style: ReferenceStyle, type: string, id: string): string {
  return style === 'urn' ? `urn:uuid:${id}` : `${type}/${id}`
}
