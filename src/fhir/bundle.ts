/**
 * A Bundle written piece by piece, so that a record of any size needs the memory of one resource.
 *
 * `collection`: everything as it is. `transaction`: every resource with `PUT Type/id`, so that a server creates or
 * updates and a second run changes nothing.
 */
import { resourceId } from './identity.ts'
import type { Resource } from './types.ts'

export type BundleType = 'collection' | 'transaction'

/** The Bundle up to its first entry. `timestamp` is an ISO 8601 instant. */
export function bundleHead(type: BundleType, namespace: string, timestamp: string): string {
  const head = { resourceType: 'Bundle', id: resourceId(namespace, 'Bundle', timestamp), type, timestamp }
  return `${JSON.stringify(head).slice(0, -1)},"entry":[\n`
}

/** One entry; `first` says whether a comma must stand before it. */
export function bundleEntry(type: BundleType, resource: Resource, first: boolean): string {
  const request =
    type === 'transaction'
      ? `,"request":{"method":"PUT","url":"${resource.resourceType}/${resource.id}"}`
      : ''
  const entry = `{"fullUrl":"urn:uuid:${resource.id}","resource":${JSON.stringify(resource)}${request}}`
  return first ? entry : `,\n${entry}`
}

export const bundleTail = '\n]}\n'
