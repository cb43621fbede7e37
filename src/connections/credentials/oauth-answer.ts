import { resolvePointer } from '../../lib/json-pointer.ts'

/** A token endpoint's answer as it came. */
export type RawAnswer = { status: number; contentType: string | null; text: string }

type Fields = Record<string, unknown>

/**
 * A token answer as RFC 6749 (sections 5.1 and 5.2) writes one, from what providers send in its place: a form instead
 * of JSON, errors with status 200, fields that are null, scopes as a list, token types of their own, a token that is
 * not at the top (`tokenAt`, a JSON pointer). Null when it is neither JSON nor a form.
 */
export function normaliseAnswer(raw: RawAnswer, tokenAt?: string): { status: number; fields: Fields } | null {
  const parsed = parseFields(raw)
  if (parsed === null) return null
  const inner = tokenAt === undefined ? undefined : resolvePointer(parsed, tokenAt)
  const fields = withoutNulls(isFields(inner) && !('access_token' in parsed) ? { ...parsed, ...inner } : parsed)
  if (typeof fields['access_token'] !== 'string' || raw.status >= 400) return asError(raw.status, fields)
  const type = fields['token_type']
  const { scope } = fields
  return {
    status: raw.status,
    fields: {
      ...fields,
      // Of the types that are not sent as Bearer, only DPoP is in use.
      token_type: typeof type === 'string' && /^(?:dpop|mac)$/i.test(type) ? type : 'bearer',
      ...(Array.isArray(scope) ? { scope: scope.join(' ') } : {}),
    },
  }
}

/** An answer without a token: the error code from wherever it stands, with a status that says that it is one. */
function asError(status: number, fields: Fields): { status: number; fields: Fields } {
  const { error, status: state, code } = fields
  const inner = isFields(error) ? (error['code'] ?? error['type'] ?? error['status']) : error
  const found = [inner, state, code].find((value) => typeof value === 'string' && value !== '')
  const failed = status < 400 && found !== undefined ? 400 : status
  return { status: failed, fields: found === undefined ? fields : { error: found } }
}

function parseFields({ contentType, text }: RawAnswer): Fields | null {
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType ?? ''))
    return Object.fromEntries(new URLSearchParams(text))
  try {
    const parsed: unknown = JSON.parse(text)
    return isFields(parsed) ? parsed : null
  } catch {
    return null
  }
}

function withoutNulls(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
