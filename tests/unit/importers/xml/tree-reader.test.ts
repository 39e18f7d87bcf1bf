import { describe, expect, it } from 'vitest'
import { TreeReader, type XmlItem } from '../../../../src/importers/xml/tree-reader.ts'

const megabyte = 'x'.repeat(1 << 20)

function read(pieces: Iterable<string>): XmlItem[] {
  const items: XmlItem[] = []
  const reader = new TreeReader({
    isItem: (name) => name === 'section' || name === 'entry',
    isTextless: (name) => name === 'section',
    onItem: (item) => items.push(item),
  })
  for (const piece of pieces) reader.push(piece)
  reader.finish()
  return items
}

describe('items of a document', () => {
  it('bear their text as it stands there, in a section of any length', () => {
    const entry = (number: number) => `<entry n="${number}"><a>${number}</a></entry>`
    const pieces = Array.from({ length: 20 }, (_, number) => `<!--${megabyte}-->${entry(number)}`)
    const items = read(['<doc><section>', ...pieces, '</section></doc>'])
    const entries = items.filter(({ node }) => node.name === 'entry')
    expect(entries.map(({ source }) => source)).toEqual(pieces.map((_, number) => entry(number)))
    expect(items.every(({ damage }) => damage === '')).toBe(true)
    expect(items.at(-1)).toMatchObject({ node: { name: 'section' }, source: '' })
  })

  it('bear it wherever a piece of the text ends', () => {
    const text =
      '<doc><entry a="1">x</entry> <section><entry b="2"><c/></entry></section><!-- z --><entry/></doc>'
    for (let cut = 0; cut <= text.length; cut++) {
      const sources = read([text.slice(0, cut), text.slice(cut)]).map(({ source }) => source)
      expect(sources).toEqual(['<entry a="1">x</entry>', '<entry b="2"><c/></entry>', '', '<entry/>'])
    }
  })

  it('are damaged by themselves when they are too large', () => {
    const large = ['<entry><a>', ...Array.from({ length: 18 }, () => `<!--${megabyte}-->`), '</a></entry>']
    const items = read(['<doc><section>', ...large, '<entry>b</entry>', '</section></doc>'])
    expect(items.map(({ node, damage }) => `${node.name} ${damage}`)).toEqual([
      'entry it is too large',
      'entry ',
      'section ',
    ])
    expect(items[1]?.source).toBe('<entry>b</entry>')
  })
})
