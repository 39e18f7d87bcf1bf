/**
 * Digest of live state: entities and observations, whatever their history, segment cuts and import order.
 *
 * Left out on purpose: changes and imports (history), which imports assert a row, deleted entities, cleared fields.
 * Observations are hashed column by column over all segments of a series, so that cuts do not show.
 */
import { createHash, type Hash } from 'node:crypto'
import { type Entity, type EntityType, entityTypes, type JsonValue } from '../../records/index.ts'
import type { Engine } from './engine.ts'
import { entityView, seriesText } from './fold.ts'
import { readImportStates } from './import-states.ts'
import { readSeries } from './series-reader.ts'

const historyTypes: ReadonlySet<EntityType> = new Set(['change', 'import'])

/** 64 hexadecimal digits. */
export function stateDigest(engine: Engine): string {
  return engine.store.read(() => {
    const total = createHash('sha256').update('healthmate/v1/state-digest\0')
    digestEntities(engine, total)
    digestObservations(engine, total)
    digestRaw(engine, total)
    return total.digest('hex')
  })
}

function digestEntities(engine: Engine, total: Hash): void {
  const { withdrawn } = readImportStates(engine.entities)
  for (const type of entityTypes) {
    if (historyTypes.has(type)) continue
    const texts = engine.entities.ofType(type).flatMap((state) => {
      const entity = entityView(state, withdrawn)
      if (entity === undefined) return []
      const { id, concurrent } = entity
      return [JSON.stringify([type, id, liveFields(entity), concurrent ?? null])]
    })
    for (const text of texts.sort()) total.update(text).update('\n')
  }
}

/** Of an attachment's content its hash and size: where its chunks lie, and under which key, is chance. */
function liveFields({ type, fields }: Entity): Entity['fields'] {
  const { content } = fields
  if (type !== 'attachment' || typeof content !== 'object' || content === null) return fields
  const { sha256, size } = content as { readonly [name: string]: JsonValue }
  return { ...fields, content: [sha256 ?? null, size ?? null] }
}

function digestObservations(engine: Engine, total: Hash): void {
  const series = engine.directories
    .all()
    .flatMap(({ collection, series: entries }) =>
      [...entries.values()].map((entry) => ({ collection, entry })),
    )
    .filter(({ entry }) => entry.segments.length > 0)
    .map((place) => ({ ...place, text: seriesText(place.entry.series) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
  for (const { collection, entry, text } of series) {
    total.update(text).update('\0')
    const hashes = Array.from({ length: 5 + entry.components }, () => createHash('sha256'))
    let row = 0
    readSeries(engine, collection, entry, undefined, (columns) => {
      const { startMs, durationMs, offsetMin, flags, extraIndex, extraTable, values } = columns
      const arrays = [startMs, durationMs, offsetMin, flags, ...values]
      arrays.forEach((array, index) => {
        hashes[index]?.update(Buffer.from(array.buffer, array.byteOffset, array.byteLength))
      })
      const extras = hashes.at(-1) as Hash
      for (let at = 0; at < columns.length; at++) {
        const index = extraIndex[at] as number
        if (index > 0) extras.update(`${row + at}:${extraTable[index - 1]}\n`)
      }
      row += columns.length
    })
    for (const hash of hashes) total.update(hash.digest())
  }
}

function digestRaw(engine: Engine, total: Hash): void {
  const texts: string[] = []
  engine.raw.visit(readImportStates(engine.entities).withdrawn, ({ type, startMs, text }) => {
    const hash = createHash('sha256').update(JSON.stringify([type, startMs, text]))
    texts.push(hash.digest('hex'))
  })
  for (const text of texts.sort()) total.update(text)
}
