/** The stores of one opened vault, together: what readers, writers and checks are given. */
import { type CollectionName, collectionOf, metricById } from '../../metrics/index.ts'
import type { SeriesKey } from '../../records/index.ts'
import { BlobStore } from './blob-store.ts'
import { Directories } from './directory.ts'
import { EntityStore } from './entity-store.ts'
import { OverlayStore } from './overlay-store.ts'
import { RawStore } from './raw-store.ts'
import { SegmentStore } from './segment-store.ts'
import type { Store } from './store.ts'

export interface Engine {
  readonly store: Store
  readonly directories: Directories
  readonly entities: EntityStore
  readonly overlays: OverlayStore
  readonly segments: SegmentStore
  readonly raw: RawStore
  readonly blobs: BlobStore
}

export function createEngine(store: Store): Engine {
  return {
    store,
    directories: new Directories(store),
    entities: new EntityStore(store),
    overlays: new OverlayStore(store),
    segments: new SegmentStore(store),
    raw: new RawStore(store),
    blobs: new BlobStore(store),
  }
}

/** The collection of a series; a metric that this catalogue does not know goes to documents. */
export function collectionOfSeries({ metric }: Pick<SeriesKey, 'metric'>): CollectionName {
  return metricById(metric) === undefined ? 'documents' : collectionOf(metric)
}
