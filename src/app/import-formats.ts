/** `import formats`: what can be read. */
export interface ImportFormatView {
  readonly name: string
  readonly title: string
  readonly needs: string
  readonly whereToGet: string
}

export async function importFormats(): Promise<readonly ImportFormatView[]> {
  const { importers } = await import('../importers/index.ts')
  return importers.map(({ name, title, needs, whereToGet }) => ({ name, title, needs, whereToGet }))
}
