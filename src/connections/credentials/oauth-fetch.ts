import { allowInsecureRequests, customFetch, type CustomFetchOptions } from 'oauth4webapi'
import type { World } from '../../context.ts'
import { fetchOutbound, type OutboundResponse } from '../../platform/outbound.ts'
import { normaliseAnswer } from './oauth-answer.ts'

const TIMEOUT_MS = 10_000
const MAX_BYTES = 1_000_000
const UNVERIFIED = 'unverified_id_token'

type FetchOptions = CustomFetchOptions<string, string | URLSearchParams | null | undefined>

/**
 * Options for every call into oauth4webapi: its requests leave through the one door out, which follows no redirect and
 * reads no more than 1 MB within ten seconds.
 */
export function oauthOptions(world: World) {
  return {
    [customFetch]: async (url: string, options: FetchOptions) => toResponse(await send(world, url, options)),
    [allowInsecureRequests]: world.config.allowPrivateUpstreams,
  } as const
}

/**
 * As `oauthOptions`, for token endpoints: what they answer is put into the standard's form first. An id token that
 * cannot be held against a known issuer is set aside as `unverified_id_token`.
 */
export function tokenOptions(world: World, quirks: { tokenAt?: string | undefined; keepIdToken?: boolean } = {}) {
  return {
    ...oauthOptions(world),
    [customFetch]: async (url: string, options: FetchOptions) => {
      const answer = await send(world, url, options)
      const text = new TextDecoder().decode(answer.body)
      const raw = { status: answer.status, contentType: answer.headers.get('content-type'), text }
      const normal = normaliseAnswer(raw, quirks.tokenAt)
      if (normal === null) return toResponse(answer)
      const { id_token: idToken, ...fields } = normal.fields
      const name = quirks.keepIdToken === true ? 'id_token' : UNVERIFIED
      const kept = idToken === undefined ? fields : { ...fields, [name]: idToken }
      return Response.json(kept, { status: normal.status })
    },
  } as const
}

/** Sends a request of an OAuth step. @throws AppError ADDRESS_REFUSED, OutboundError */
export async function sendOAuth(world: World, url: string, init: FetchOptions): Promise<OutboundResponse> {
  return send(world, url, init)
}

async function send(world: World, url: string, { method, headers, body }: FetchOptions): Promise<OutboundResponse> {
  return fetchOutbound(
    world.fetch,
    {
      url,
      method,
      headers: new Headers(headers),
      body: body === undefined || body === null ? null : String(body),
      secret: ['authorization'],
    },
    {
      allowPrivate: world.config.allowPrivateUpstreams,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      maxRedirects: 0,
    },
  )
}

/** Without the challenge: for the client library it would hide the error that the body names. */
function toResponse({ status, headers, body }: OutboundResponse): Response {
  const empty = status === 204 || status === 205 || status === 304
  const type = headers.get('content-type')
  return new Response(empty ? null : body, { status, headers: type === null ? {} : { 'content-type': type } })
}
