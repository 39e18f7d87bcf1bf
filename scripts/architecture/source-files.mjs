/** Reads TypeScript files into what the checks need: imports, functions, uses of globals. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import ts from 'typescript'

export const root = resolve(import.meta.dirname, '../..')

/** Paths below `folder`, with / and relative to `base`. */
export function filesBelow(folder, base = root) {
  return readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(base, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

/** Every TypeScript file of src, parsed. */
export function sourceFiles(base = root) {
  return filesBelow('src', base)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => parseFile(path, readFileSync(join(base, path), 'utf8')))
}

/**
 * @param {string} path relative to the root
 * @param {string} text
 */
export function parseFile(path, text) {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const file = {
    path,
    room: path.split('/')[1] ?? '',
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports: [],
    functions: [],
    impurities: [],
    consoles: [],
  }
  const lineOf = (node) => tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
  const visit = (node) => {
    readImport(node, file, lineOf)
    readFunction(node, file, tree, lineOf)
    readUse(node, file, lineOf)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return file
}

function readImport(node, file, lineOf) {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
    file.imports.push({
      specifier: node.moduleSpecifier.text,
      typeOnly: isTypeOnly(node),
      lazy: false,
      line: lineOf(node),
    })
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments
    const specifier = argument && ts.isStringLiteralLike(argument) ? argument.text : '(computed)'
    file.imports.push({ specifier, typeOnly: false, lazy: true, line: lineOf(node) })
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    file.imports.push({
      specifier: node.argument.literal.text,
      typeOnly: true,
      lazy: false,
      line: lineOf(node),
    })
  }
}

function isTypeOnly(node) {
  if (ts.isExportDeclaration(node)) {
    const named =
      node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : undefined
    return (
      node.isTypeOnly || (named !== undefined && named.length > 0 && named.every((one) => one.isTypeOnly))
    )
  }
  const clause = node.importClause
  if (clause === undefined) return false
  if (clause.isTypeOnly) return true
  const bindings = clause.namedBindings
  return (
    clause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.length > 0 &&
    bindings.elements.every((one) => one.isTypeOnly)
  )
}

function readFunction(node, file, tree, lineOf) {
  const isFunction =
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    ts.isAccessor(node)
  // An arrow that gives a literal is data with a name, not code to follow.
  if (!isFunction || node.body === undefined || !ts.isBlock(node.body)) return
  const first = lineOf(node)
  const last = tree.getLineAndCharacterOfPosition(node.getEnd()).line + 1
  file.functions.push({ name: functionName(node), line: first, lines: last - first + 1 })
}

function functionName(node) {
  if (node.name) return node.name.getText()
  if (ts.isConstructorDeclaration(node)) return 'constructor'
  const { parent } = node
  return parent && (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent))
    ? parent.name.getText()
    : 'anonymous'
}

/** Uses of the clock, of randomness and of globals; which of them count is the plan's business. */
function readUse(node, file, lineOf) {
  const line = lineOf(node)
  if (
    ts.isNewExpression(node) &&
    node.expression.getText() === 'Date' &&
    (node.arguments?.length ?? 0) === 0
  ) {
    file.impurities.push({ what: 'new Date()', line })
  }
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText()
    if (text === 'Date.now' || text === 'Math.random') file.impurities.push({ what: text, line })
    if (node.expression.getText() === 'console') file.consoles.push({ what: text, line })
    if (text === 'process.stdout' || text === 'process.stderr') file.consoles.push({ what: text, line })
  }
  if (ts.isIdentifier(node) && isReference(node))
    file.impurities.push({ what: node.text, line, identifier: true })
}

/** An identifier that is read as a variable: no member name, no property key, no declaration, no type. */
function isReference(node) {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false
  if ((ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) && parent.name === node) return false
  if (ts.isPropertySignature(parent) || ts.isMethodSignature(parent) || ts.isParameter(parent)) return false
  if (
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isVariableDeclaration(parent)
  ) {
    return parent.name !== node
  }
  return !ts.isTypeReferenceNode(parent) && !ts.isQualifiedName(parent) && !ts.isImportSpecifier(parent)
}
