import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { ElementScanner, maxDepth } from '../../../../src/importers/xml/element-scanner.ts'
import { decodeReferences } from '../../../../src/importers/xml/entities.ts'
import { hashBytes, NameTable } from '../../../../src/importers/xml/name-table.ts'
import { cut } from '../harness.ts'

const names = {
  root: 'Root',
  elements: ['Root', 'Item', 'Group', 'Part'],
  attributes: ['a', 'b', 'type'],
  items: ['Item', 'Group'],
  containers: ['Group'],
}

/** Everything the scanner tells about a document, as text. */
function scan(pieces: readonly Uint8Array[]): string[] {
  const seen: string[] = []
  const scanner: ElementScanner = new ElementScanner(names, {
    item: (tape) => {
      for (let n = 0; n < tape.nodes; n++) {
        let text = `${'.'.repeat(tape.nodeDepth[n] as number)}${tape.elementName(n)}`
        const last = tape.nodeLastAttribute[n] as number
        for (let a = tape.nodeFirstAttribute[n] as number; a < last; a++)
          text += ` ${tape.nameOf(a)}=${tape.text(a)}`
        seen.push(text)
      }
      seen.push(`source ${scanner.lineOf(tape.nodeStart[0] as number)} ${tape.source(0)}`)
    },
    refused: (reason, name, start) => seen.push(`refused ${scanner.lineOf(start)} ${name} ${reason}`),
  })
  for (const piece of pieces) scanner.push(piece)
  scanner.finish()
  seen.push(`cut short ${scanner.isCutShort}, controls ${scanner.controlCharacters}`)
  return seen
}

const scanText = (text: string) => scan([Buffer.from(text)])
const elementsOf = (text: string) =>
  scanText(text).filter((line) => /^\.*\w+( |$)/.test(line) && !/^(source|refused|cut)/.test(line))

/** The same by a conforming parser. */
function reference(text: string): string[] {
  const seen: string[] = []
  let depth = -1
  const parser = new SaxesParser({ xmlns: false })
  parser.on('opentag', (tag) => {
    if (depth >= 0) {
      seen.push(
        `${'.'.repeat(depth)}${tag.name}${Object.entries(tag.attributes)
          .map(([k, v]) => ` ${k}=${v}`)
          .join('')}`,
      )
    }
    depth++
  })
  parser.on('closetag', () => depth--)
  parser.write(text).close()
  return seen
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll('>', '&gt;')
// A conforming parser turns tabs and line ends in values into blanks; Apple writes none.
const value = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => escaped(text.replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, 'x')))
const attributes = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'type', 'other', 'ä:1'), { maxLength: 4 })
  .chain((keys) => fc.tuple(...keys.map((key) => value.map((text) => ` ${key}="${text}"`))))
  .map((list) => list.join(''))
const part = fc.oneof(
  attributes.map((text) => `<Part${text}/>`),
  attributes.map((text) => `<Other${text}> text <Part/></Other>`),
  fc.constant('<!-- <Item/> -->'),
  fc.constant('<![CDATA[ <Item> ]]>'),
  fc.constant('<?p i ?>'),
)
const item = fc
  .tuple(attributes, fc.array(part, { maxLength: 3 }))
  .map(([text, parts]) =>
    parts.length > 0 ? `<Item${text}>\n${parts.join(' ')}</Item >` : `<Item${text} />`,
  )
const group = fc.array(item, { maxLength: 3 }).map((items) => `<Group>${items.join('\n')}</Group>`)
const document = fc
  .array(fc.oneof(item, group, fc.constant('<!--c-->'), fc.constant('<New a="1"/>')), { maxLength: 8 })
  .map(
    (items) =>
      `<?xml version="1.0"?>\n<!DOCTYPE Root [\n<!ELEMENT Root ANY>\n]>\n<Root l="x">\n${items.join('\n')}</Root>\n`,
  )

describe('the scanner and a conforming parser', () => {
  it('see the same elements and attributes in well-formed documents', () => {
    fc.assert(
      fc.property(document, (text) => {
        expect(elementsOf(text)).toEqual(reference(text))
      }),
      { numRuns: 200 },
    )
  })

  it('tells the same however the bytes are cut', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 200 })
    fc.assert(
      fc.property(document, lengths, (text, list) => {
        const bytes = Buffer.from(text)
        expect(scan(cut(bytes, list))).toEqual(scan([bytes]))
      }),
      { numRuns: 200 },
    )
  })

  it('tells the same for damaged documents however the bytes are cut', () => {
    const damage = fc.tuple(
      document,
      fc.nat(),
      fc.constantFrom('<', '"', '>', '/', '&', '\u0003', ' ', '</Item>'),
    )
    fc.assert(
      fc.property(
        damage,
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 200 }),
        ([text, at, what], list) => {
          const place = at % text.length
          const bytes = Buffer.from(text.slice(0, place) + what + text.slice(place + 1))
          expect(scan(cut(bytes, list))).toEqual(scan([bytes]))
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('a malformed item', () => {
  it.each([
    ['a missing quote', '<Item a="1 b="2"/>', 'a blank is missing between attributes'],
    ['a missing last quote', '<Item a="1>\n', 'a quote is missing'],
    ['no quotes', '<Item a=1/>', 'an attribute value has no quotes'],
    ['no value', '<Item a/>', 'an attribute has no value'],
    ['no attribute name', '<Item ="1"/>', 'an attribute has no name'],
    ['a lonely slash', '<Item a="1"/ b="2">', '"/" is not followed by ">"'],
    ['another end tag', '<Item a="1"></Part>', 'its end tag has another name'],
    ['a longer end tag', '<Item a="1"></Items>', 'its end tag has another name'],
    ['no end tag', '<Item a="1">', 'it is not closed before the next element'],
  ])('with %s is refused with its line, and the next one is read', (_, bad, reason) => {
    const lines = scanText(`<Root>\n<Item a="0"/>\n${bad}\n<Item a="9"/>\n</Root>`)
    expect(lines).toContain(`refused 3 2 ${reason}`)
    expect(lines).toContain('Item a=9')
    expect(lines).toContain('Item a=0')
  })

  it('with a million attributes is refused within bounds', () => {
    const many = Array.from({ length: 1_000_000 }, (_, i) => ` x${i}=""`).join('')
    const lines = scanText(`<Root><Item${many}/><Item a="9"/></Root>`)
    expect(lines[0]).toBe('refused 1 2 it has more than 256 attributes')
    expect(lines).toContain('Item a=9')
  })

  it('nested 100,000 deep is refused within bounds', () => {
    const lines = scanText(`<Root>${'<x>'.repeat(100_000)}${'</x>'.repeat(100_000)}<Item a="9"/></Root>`)
    expect(lines[0]).toContain(`deeper than ${maxDepth} levels`)
    expect(lines).toContain('Item a=9')
  })

  it('larger than the bound is refused, and what follows is read', () => {
    const huge = Buffer.from(`<Root><Item>${'text '.repeat(4_000_000)}</Item><Item a="9"/></Root>`)
    const pieces = cut(
      huge,
      Array.from({ length: 400 }, () => 65_536),
    )
    const lines = scan(pieces)
    expect(lines[0]).toMatch(/^refused 1 2 it is larger than/)
    expect(lines).toContain('Item a=9')
  })
})

describe('a document that ends too early', () => {
  it.each(['<Root>\n<Item a="1"/>\n<Item a="2"', '<Root>\n<Item a="1"/>\n<Item a="2">\n<Part/>'])(
    'inside an item gives one refusal with its line: %s',
    (text) => {
      const lines = scanText(text)
      expect(lines).toContain('Item a=1')
      expect(lines.filter((line) => line.startsWith('refused'))).toEqual([
        'refused 3 2 the file ends inside this element',
      ])
    },
  )

  it('inside a container keeps the whole items in it', () => {
    const lines = scanText('<Root>\n<Group>\n<Item a="1"/>\n<Item a="2"')
    expect(lines).toContain('Item a=1')
    expect(lines).toContain('refused 4 2 the file ends inside this element')
  })

  it.each(['<Root>\n<Item a="1"/>', '<Root><Item a="1"/><!-- never closed', '<Root><Item a="1"/><'])(
    'between items is noticed: %s',
    (text) => expect(scanText(text).at(-1)).toContain('cut short true'),
  )
})

describe('a document type', () => {
  it.each([
    ['with a missing >', '<!ELEMENT a (b)\n<!ELEMENT c EMPTY>\n]>'],
    ['with a doubled >', '<!ELEMENT a (b)>>\n<!ATTLIST a x CDATA #REQUIRED>\n]>'],
    ['without its end', '<!ELEMENT a (b)>\n'],
    ['with items inside', '<!ENTITY e "<Item a=\'7\'/>">\n]>'],
    ['with an external entity', '<!ENTITY e SYSTEM "file:///etc/passwd">\n] >'],
  ])('%s does not matter', (_, subset) => {
    expect(elementsOf(`<!DOCTYPE Root [\n${subset}\n<Root><Item a="&e;1"/></Root>`)).toEqual(['Item a=&e;1'])
  })

  it('without internal subset is passed over', () => {
    expect(elementsOf('<!DOCTYPE Root SYSTEM "x.dtd">\n<Root><Item a="1"/></Root>')).toEqual(['Item a=1'])
  })

  it('with nested entities expands nothing', () => {
    const entities = Array.from(
      { length: 9 },
      (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`,
    ).join('\n')
    expect(
      elementsOf(`<!DOCTYPE Root [\n<!ENTITY l0 "lol">\n${entities}\n]>\n<Root><Item a="&l9;"/></Root>`),
    ).toEqual(['Item a=&l9;'])
  })
})

describe('small things', () => {
  it('reads an unescaped less-than sign of a unit, and a device string', () => {
    expect(elementsOf('<Root><Item a="mmol<180.15>/L" b="<<HKDevice: 0x1>"/></Root>')).toEqual([
      'Item a=mmol<180.15>/L b=<<HKDevice: 0x1>',
    ])
  })

  it('counts control characters in values and keeps them', () => {
    const lines = scanText('<Root><Item a="1\u0003\u0000"/></Root>')
    expect(lines).toContain('Item a=1\u0003\u0000')
    expect(lines.at(-1)).toContain('controls 2')
  })

  it('passes over text, stray end tags and less-than signs between items', () => {
    expect(elementsOf('<Root> 1 < 2 </Item> <Item a="1"/> &amp; </Root>')).toEqual(['Item a=1'])
  })

  it('decodes predefined and numeric references once, and no others', () => {
    expect(decodeReferences('&lt;&#183;&#xB7;&amp;lt;&quot;&apos;&gt;&nbsp;&foo;')).toBe(
      '<··&lt;"\'>&nbsp;&foo;',
    )
    const met: string[] = []
    decodeReferences('&lt;&nbsp;& &;&#x;&foo;&constructor;', (name) => met.push(name))
    expect(met).toEqual(['nbsp', 'foo', 'constructor'])
    expect(decodeReferences('&#0;&#xD800;&#x110000;&#x1F600;')).toBe('\uFFFD\uFFFD\uFFFD😀')
  })

  it('does not take a name with the same hash for a known one', () => {
    const table = new NameTable(['type'])
    const bytes = Buffer.from('type')
    expect(table.find(bytes, 0, 4, hashBytes(bytes, 0, 4))).toBe(1)
    expect(table.find(Buffer.from('tyqe'), 0, 4, hashBytes(bytes, 0, 4))).toBe(0)
  })
})
