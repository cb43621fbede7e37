import type { Hook, HookEdit, NewHook, SignatureMode } from '../../triggers/schema.ts'
import type { InputSpec } from '../inputs/input-values.ts'

/** A webhook as it is being written down; `input` is JSON, `headers` are names parted by commas. */
export type Draft = {
  name: string
  signature: SignatureMode['type']
  header: string
  encoding: Extract<SignatureMode, { type: 'body' }>['encoding']
  prefix: string
  idHeader: string
  secret: string
  input: string
  headers: string
  requestsPerMinute: string
}

const BLANK: Draft = {
  name: '',
  signature: 'standard',
  header: '',
  encoding: 'hex',
  prefix: '',
  idHeader: '',
  secret: '',
  input: '',
  headers: 'content-type, user-agent, webhook-id, webhook-timestamp',
  requestsPerMinute: '300',
}

/** What a new webhook begins with: each input of the workflow is taken from the field of that name in the body. */
export function newDraft(inputs: readonly InputSpec[]): Draft {
  if (inputs.length === 0) return BLANK
  const input = Object.fromEntries(inputs.map(({ name }) => [name, `{{ body.${quoted(name)} }}`]))
  return { ...BLANK, input: JSON.stringify(input, null, 2) }
}

/** A webhook as it stands, to be changed. */
export function draftOf(hook: Hook): Draft {
  return {
    ...BLANK,
    name: hook.name ?? '',
    signature: hook.signature.type,
    input: hook.input === null ? '' : JSON.stringify(hook.input, null, 2),
    headers: hook.headers.join(', '),
    requestsPerMinute: String(hook.requestsPerMinute),
  }
}

/** The draft as a new webhook. @throws SyntaxError for an input that is not JSON. */
export function toNewHook(draft: Draft): Partial<NewHook> {
  const { name, input, secret } = draft
  return {
    ...(name.trim() ? { name: name.trim() } : {}),
    ...(secret ? { secret } : {}),
    ...(input.trim() ? { input: JSON.parse(input) as unknown } : {}),
    signature: toSignature(draft),
    ...common(draft),
  }
}

/** The draft as a change of a webhook. @throws SyntaxError for an input that is not JSON. */
export function toHookEdit(draft: Draft): HookEdit {
  const { name, input } = draft
  return { name: name.trim() || null, input: input.trim() ? (JSON.parse(input) as unknown) : null, ...common(draft) }
}

function common({ headers, requestsPerMinute }: Draft) {
  return {
    headers: headers.split(',').flatMap((header) => header.trim() || []),
    requestsPerMinute: Number(requestsPerMinute),
  }
}

function toSignature({ signature, header, encoding, prefix, idHeader }: Draft): SignatureMode {
  if (signature === 'standard') return { type: 'standard' }
  const id = idHeader.trim()
  return { type: 'body', header: header.trim(), encoding, prefix, ...(id ? { idHeader: id } : {}) }
}

// JSONata takes any name in backticks.
function quoted(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``
}
