/** `analyze METHOD < series.json`, `analyze --batch < requests.ndjson`, `analyze --list`. */
import { createInterface } from 'node:readline'
import { type Analysis, type AnalysisRequest, loadAnalysis } from '../../app/index.ts'
import { Failure, nearestNames, utf8ToBytes } from '../../foundation/index.ts'
import type { Invocation } from '../invocation.ts'
import { errorDocument } from '../present/failure.ts'
import { jsonText } from '../present/json.ts'

type JsonObject = Readonly<Record<string, unknown>>

export async function run(invocation: Invocation): Promise<number | undefined> {
  const analysis = await loadAnalysis()
  const { output } = invocation
  if (invocation.flag('list')) {
    if (output.format === 'human') output.result(analysis.methods.join('\n'))
    else output.json({ methods: analysis.methods, count: analysis.methods.length })
    return undefined
  }
  const method = invocation.optionalArgument('method')
  if (method !== undefined) assertKnown(method, analysis)
  const options = givenOptions(invocation)
  if (invocation.flag('batch')) return runBatch(invocation, analysis, method, options)
  if (output.inputIsTerminal) throw noInput(method)
  output.json(analysis.run(requestOf(parsed(await wholeInput(), documentHint), method, options)))
  return undefined
}

/** One result line for each line, printed as soon as it is known; 3 where a line was refused. */
async function runBatch(
  { output, signal }: Invocation,
  analysis: Analysis,
  method: string | undefined,
  options: JsonObject,
): Promise<number | undefined> {
  if (output.inputIsTerminal) throw noInput(method)
  let isRefused = false
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    signal.throwIfAborted()
    if (line.trim() === '') continue
    let answer: object
    try {
      answer = analysis.run(requestOf(parsed(line, lineHint), method, options))
    } catch (error) {
      isRefused = true
      answer = errorDocument(error)
    }
    await output.bytes(utf8ToBytes(`${jsonText(answer)}\n`))
  }
  return isRefused ? 3 : undefined
}

/** `{"input":…,"options":…}`, or the input by itself, or nothing but the array of values. */
function requestOf(document: unknown, method: string | undefined, given: JsonObject): AnalysisRequest {
  const request = Array.isArray(document) ? { values: document } : objectOf(document, 'a request')
  const named = method ?? request['method']
  if (typeof named !== 'string')
    throw new Failure('USAGE', 'no method is named', { hint: 'healthmate analyze --list' })
  const { method: _method, options: own = {}, input, ...bare } = request
  return {
    method: named,
    input: input === undefined ? bare : objectOf(input, '"input"'),
    isBareSeries: input === undefined,
    options: { ...objectOf(own, '"options"'), ...given },
  }
}

function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw new Failure('VALUE', `${what} must be a JSON object`)
}

const documentHint = 'A series is {"values":[81.2,81.0,null,80.7]}; many requests, one a line, take --batch.'
const lineHint = 'Each line is one request: {"method":"theil_sen","values":[81.2,81.0,null,80.7]}'

function parsed(text: string, hint: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Failure('VALUE', 'the input is no JSON', { hint, cause })
  }
}

function givenOptions(invocation: Invocation): JsonObject {
  const text = invocation.text('options')
  if (text === undefined) return {}
  try {
    return objectOf(JSON.parse(text), '--options')
  } catch (cause) {
    throw new Failure('USAGE', '--options takes a JSON object', {
      hint: `For example --options '{"period":7}'.`,
      cause,
    })
  }
}

async function wholeInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

function assertKnown(method: string, { methods }: Analysis): void {
  if (methods.includes(method)) return
  const [nearest] = nearestNames(method, methods)
  throw new Failure('USAGE', `there is no analysis method "${method.slice(0, 40)}"`, {
    hint:
      nearest === undefined
        ? 'healthmate analyze --list'
        : `Did you mean ${nearest}?  healthmate analyze --list`,
  })
}

function noInput(method: string | undefined): Failure {
  const example = `echo '{"values":[81.2,81.0,null,80.7]}' | healthmate analyze ${method ?? 'theil_sen'}`
  return new Failure('USAGE', 'analyze reads a series from standard input', { hint: example })
}
