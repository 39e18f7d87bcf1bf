/**
 * Which adapter reads which member, for `import auto`: the first that recognises it by its content, specific formats
 * before generic ones; then members that belong to an export beside them.
 */
import { basename } from 'node:path'
import type { Importer, InputMember, OpenedInput, Unrecognised } from './importer.ts'
import { looksLike } from './looks-like.ts'
import { workbooksIn } from './xlsx/workbooks-in.ts'

export const workbookLook = 'an Excel workbook'

/** An adapter with the members it is to read. */
export interface Share {
  readonly importer: Importer
  readonly input: OpenedInput
}

export interface Assignment {
  /** In the order in which the adapters read. */
  readonly shares: readonly Share[]
  readonly unrecognised: readonly Unrecognised[]
}

/** Gives every member to one adapter at most; what nobody takes is described. */
export async function assignMembers(input: OpenedInput, importers: readonly Importer[]): Promise<Assignment> {
  const asked = [...importers].sort((a, b) => Number(a.isGeneric === true) - Number(b.isGeneric === true))
  const owners = new Map<InputMember, Importer>()
  const looks = new Map<InputMember, string>()
  for (const member of input.members) {
    const head = readOnce(member)
    const owner = await ownerOf(member.name, head, asked)
    if (owner) owners.set(member, owner)
    else looks.set(member, looksLike(await head(), member.name))
  }
  giveCompanions(input.members, owners, asked)
  await giveWorkbooks(input, owners, asked)
  const unrecognised = describe(input, new Map([...looks].filter(([member]) => !owners.has(member))))
  const shares = asked.flatMap((importer) => {
    const members = input.members.filter((member) => owners.get(member) === importer)
    return members.length === 0 ? [] : [{ importer, input: partOf(input, members) }]
  })
  return { shares, unrecognised }
}

/** What each unowned member looks like; a workbook is told as one file, not by its parts. */
function describe(input: OpenedInput, looks: ReadonlyMap<InputMember, string>): readonly Unrecognised[] {
  const workbooks = workbooksIn(input).filter((members) => members.every((member) => looks.has(member)))
  const parts = new Set(workbooks.flat())
  return [
    ...workbooks.map(([first]) => ({ where: basename(first?.root ?? ''), looksLike: workbookLook })),
    ...[...looks]
      .filter(([member]) => !parts.has(member))
      .map(([member, look]) => ({ where: member.name, looksLike: look })),
  ]
}

async function ownerOf(
  name: string,
  head: () => Promise<Uint8Array>,
  asked: readonly Importer[],
): Promise<Importer | undefined> {
  for (const importer of asked) if (await importer.recognises(name, head)) return importer
  return undefined
}

/** The first bytes, read from the container at most once however many adapters ask. */
function readOnce(member: InputMember): () => Promise<Uint8Array> {
  let head: Promise<Uint8Array> | undefined
  return () => {
    head ??= member.head()
    return head
  }
}

/** Gives workbooks that nobody has a part of, whole, to the first adapter that recognises their sheets. */
async function giveWorkbooks(
  input: OpenedInput,
  owners: Map<InputMember, Importer>,
  importers: readonly Importer[],
): Promise<void> {
  for (const members of workbooksIn(input)) {
    if (members.some((member) => owners.has(member))) continue
    for (const importer of importers) {
      if ((await importer.recognisesWorkbook?.(members)) !== true) continue
      for (const member of members) owners.set(member, importer)
      break
    }
  }
}

function giveCompanions(
  members: readonly InputMember[],
  owners: Map<InputMember, Importer>,
  importers: readonly Importer[],
): void {
  for (const importer of importers) {
    if (!importer.accompanies) continue
    const byRoot = new Map<string | undefined, string[]>()
    for (const member of members) {
      if (owners.get(member) !== importer) continue
      const names = byRoot.get(member.root)
      if (names) names.push(member.name)
      else byRoot.set(member.root, [member.name])
    }
    for (const member of members) {
      const names = byRoot.get(member.root)
      if (!names || owners.get(member) === importer) continue
      const claim = importer.accompanies(member.name, names)
      if (claim === 'own' || (claim === 'leftover' && !owners.has(member))) owners.set(member, importer)
    }
  }
}

function partOf(input: OpenedInput, members: readonly InputMember[]): OpenedInput {
  const roots = new Set(members.map(({ root }) => root))
  return {
    files: roots.has(undefined) ? input.files : roots.size,
    members,
    refusals: [],
    // Progress is that of the whole import.
    totalBytes: input.totalBytes,
    close: async () => {},
  }
}
