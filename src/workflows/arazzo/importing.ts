import { resolvePointer, toPointer } from '../../lib/json-pointer.ts'
import { isRecord } from './json-schema.ts'

/** One thing of a document that could not be taken over as it is; `path` is a JSON pointer into the document. */
export type ImportFinding = { path: string; message: string; fix: string }

/** A place in the document. */
export type Place = readonly (string | number)[]

/** A document on its way in. */
export type Importing = {
  document: Record<string, unknown>
  findings: ImportFinding[]
  /** How many actions of steps were read, with their criteria: of one that many steps share, as often as they are. */
  read: { actions: number }
}

/** A document of which nothing is read yet. */
export function newImporting(document: Record<string, unknown>): Importing {
  return { document, findings: [], read: { actions: 0 } }
}

/** An object of the document and where it stands. */
export type Placed = { node: Record<string, unknown>; place: Place }

// A document wrong in more places than these is not corrected by reading on.
const MAX_FINDINGS = 500

/** Notes a finding, once. */
export function tell(importing: Importing, place: Place, message: string, fix: string): void {
  addFindings(importing, [{ path: toPointer(place), message, fix }])
}

/** Takes over findings, each once. */
export function addFindings({ findings }: Importing, more: readonly ImportFinding[]): void {
  for (const finding of more) {
    if (findings.length === MAX_FINDINGS) return
    const { path, message } = finding
    if (!findings.some((known) => known.path === path && known.message === message)) findings.push(finding)
  }
}

/** The members of a list that are objects; a Reusable Object stands for what it refers to, with its value if it has one. */
export function placedList(importing: Importing, list: unknown, place: Place): Placed[] {
  if (list === undefined) return []
  if (!Array.isArray(list)) {
    tell(importing, place, 'is not a list', 'Make it a list of objects.')
    return []
  }
  return list.flatMap((entry: unknown, index): Placed[] => {
    const at = [...place, index]
    const node = isRecord(entry) && 'reference' in entry ? resolveReusable(importing, entry) : entry
    if (isRecord(node)) return [{ node, place: at }]
    const what = isRecord(entry)
      ? `refers to ${JSON.stringify(entry['reference'])}, which is not there`
      : 'is not an object'
    tell(importing, at, what, 'Correct the entry, or remove it.')
    return []
  })
}

function resolveReusable({ document }: Importing, entry: Record<string, unknown>): unknown {
  const [, kind, name] = /^\$components\.(\w+)\.(.+)$/.exec(textOf(entry['reference'])) ?? []
  if (kind === undefined || name === undefined) return undefined
  const found = resolvePointer(document, toPointer(['components', kind, name]))
  return isRecord(found) && 'value' in entry ? { ...found, value: entry['value'] } : found
}

/** What stands where a name should: JSON may be anything, also what has a `toString` that cannot be called. */
export function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** A text cut to a length that fits. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`
}
