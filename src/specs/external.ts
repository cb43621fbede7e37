import { AppError, problems } from '../errors.ts'
import { Bundle, type Wanted } from './bundle.ts'
import type { Findings } from './finding.ts'
import { newFindings } from './finding.ts'
import { isNode } from './node.ts'
import { parseDocument } from './parse.ts'

/** How the documents that a document refers to are read: `fetchText` is a safe fetch and nothing else. */
export type ExternalReader = { fetchText: (url: string) => Promise<string>; now: () => number }

/** How far references are followed: `depth` counts documents on the way from the first one, `chars` is of all their texts. */
export type ExternalLimits = { documents: number; depth: number; chars: number; ms: number }

export const EXTERNAL_LIMITS: ExternalLimits = { documents: 5000, depth: 20, chars: 25_000_000, ms: 60_000 }

const CONCURRENT = 6

/**
 * Makes a parsed document stand for itself: every reference in it that leads somewhere becomes a JSON pointer into it.
 * The documents that it refers to are fetched, each once, and kept whole under its member `x-apiq-documents`, so that
 * cycles between them are cycles of pointers. A reference that cannot be followed stays as it is, made absolute where it
 * stands in another document, and becomes a finding. The document itself is changed. Returns how many were fetched.
 * @throws AppError SPEC_INVALID when a document is nested too deeply.
 */
export async function bundleExternals(
  reader: ExternalReader,
  document: unknown,
  documentUrl: string | null,
  limits: ExternalLimits,
  findings: Findings,
): Promise<number> {
  const bundle = new Bundle(document, documentUrl, findings)
  const end = reader.now() + limits.ms
  const room = { documents: limits.documents, chars: limits.chars }
  let fetched = 0
  let wanted = bundle.walk()
  for (let depth = 1; wanted.length > 0; depth++) {
    const tooFar = depth > limits.depth ? `it is more than ${limits.depth} documents away` : null
    await inTurn(wanted, async (one) => {
      const why =
        tooFar ?? whyNot(one, room) ?? (reader.now() > end ? 'reading the other documents took too long' : null)
      if (why !== null) return bundle.fail(one, why)
      room.documents--
      await read(reader, bundle, one, room)
      fetched++
    })
    wanted = bundle.walk()
  }
  bundle.finish()
  return fetched
}

/** As `bundleExternals` for a document that must do with itself: references out of it become findings. */
export function settleReferences(document: unknown, documentUrl: string | null, findings = newFindings()): void {
  const bundle = new Bundle(document, documentUrl, findings)
  for (let wanted = bundle.walk(); wanted.length > 0; wanted = bundle.walk())
    for (const one of wanted) bundle.fail(one, 'only references within the document are read')
  bundle.finish()
}

function whyNot({ url }: Wanted, room: { documents: number; chars: number }): string | null {
  if (!/^https?:/.test(url)) return 'only http and https are fetched'
  if (room.documents <= 0) return 'it refers to too many documents'
  return room.chars <= 0 ? 'the documents are too large together' : null
}

async function read(reader: ExternalReader, bundle: Bundle, wanted: Wanted, room: { chars: number }): Promise<void> {
  try {
    const text = await reader.fetchText(wanted.url)
    room.chars -= text.length
    if (room.chars < 0) return bundle.fail(wanted, 'the documents are too large together')
    // What is odd about the text of a part is not worth a finding of its own.
    const document = parseDocument(text)
    if (isNode(document) || Array.isArray(document)) bundle.add(wanted, document)
    else bundle.fail(wanted, 'it holds no object')
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    bundle.fail(wanted, `${problems[error.code][1]} (${error.code})`)
  }
}

async function inTurn<T>(items: readonly T[], work: (item: T) => unknown): Promise<void> {
  const left = items[Symbol.iterator]()
  const worker = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: CONCURRENT }, worker))
}
