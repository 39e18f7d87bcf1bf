/** `import formats`: what can be read. */
export interface ImportFormatView {
  readonly name: string
  readonly title: string
  readonly needs: string
  readonly whereToGet: string
  /** Ids of metrics and types of entities. */
  readonly maps: readonly string[]
  readonly testedWith: readonly {
    readonly kind: 'real' | 'specification' | 'generated'
    readonly what: string
  }[]
}

/** By name. */
export async function importFormats(): Promise<readonly ImportFormatView[]> {
  const { importers } = await import('../importers/index.ts')
  return importers
    .map(({ name, title, needs, whereToGet, maps, testedWith }) => ({
      name,
      title,
      needs,
      whereToGet,
      maps,
      testedWith,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
