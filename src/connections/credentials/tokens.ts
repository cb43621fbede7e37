import type { World } from '../../context.ts'
import { AppError } from '../../errors.ts'
import type { Sealed } from '../../platform/vault.ts'
import { openSecret } from '../../vault/service.ts'
import { usesTokens } from '../auth-schema.ts'
import type { Upstream } from '../upstream.ts'
import { type OpenCredential, readCredential } from './credential.ts'
import { fingerprint, isFresh } from './token-set.ts'

// What was renewed since the connection was read. A run reads it once, and may outlive many tokens.
const renewed = new WeakMap<Upstream, Sealed>()

/**
 * Opens the credential of a connection, its token fresh. While it is, nobody is asked.
 * @throws AppError NEEDS_RECONNECT, OAUTH_FAILED
 */
export async function openCredential(world: World, upstream: Upstream): Promise<OpenCredential> {
  if (!usesTokens(upstream.auth)) return open(world, upstream, upstream.credential)
  if (upstream.authStatus !== 'ready')
    throw needsReconnect(upstream.authProblem ?? 'Nobody has connected an account yet.')
  const held = await open(world, upstream, renewed.get(upstream) ?? upstream.credential)
  const tokens = held.kind === 'tokens' ? held.credential.tokens : null
  if (tokens && isFresh(tokens, world.now(), Math.random())) return held
  return askForToken(world, upstream, null)
}

/**
 * The credential with another token than the one that the API has just refused, or null when there is none to be had.
 * @throws AppError NEEDS_RECONNECT, OAUTH_FAILED
 */
export async function replaceToken(
  world: World,
  upstream: Upstream,
  refused: OpenCredential,
): Promise<OpenCredential | null> {
  if (refused.kind !== 'tokens' || refused.credential.tokens === null) return null
  const stale = await fingerprint(refused.credential.tokens)
  const held = await askForToken(world, upstream, stale)
  const tokens = held.kind === 'tokens' ? held.credential.tokens : null
  return tokens && (await fingerprint(tokens)) !== stale ? held : null
}

async function askForToken(world: World, upstream: Upstream, stale: string | null): Promise<OpenCredential> {
  const { API_CONNECTION: objects } = world.env
  const { id: connectionId, workspaceId } = upstream
  const keeper = objects.get(objects.idFromName(connectionId))
  const answer = await keeper.giveToken({ workspaceId, connectionId, stale, requestId: world.requestId })
  if (answer.ok) {
    renewed.set(upstream, answer.credential)
    return open(world, upstream, answer.credential)
  }
  if (answer.code === 'NEEDS_RECONNECT') throw needsReconnect(answer.detail)
  const { retryAfterMs: wait } = answer
  throw new AppError('OAUTH_FAILED', answer.detail, {
    headers: wait === null ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(wait / 1000))) },
  })
}

type Opened = { sealed: Sealed | null; until: number; open: OpenCredential }

// An API is called again and again, by runs that each have a copy of its connection.
const OPEN_MS = 60_000
const MAX_OPEN = 1000
/** What was opened in the last minute, the oldest first: by whose it is and how it is used. */
const opened = new Map<string, Opened>()

const names = new WeakMap<Upstream, string>()

function nameOf(upstream: Upstream): string {
  let name = names.get(upstream)
  if (name === undefined)
    names.set(upstream, (name = `${upstream.workspaceId}/${upstream.id} ${JSON.stringify(upstream.auth)}`))
  return name
}

/** Opens the credential as it is sealed now, about once a minute for a connection. */
async function open(world: World, upstream: Upstream, sealed: Sealed | null): Promise<OpenCredential> {
  const name = nameOf(upstream)
  forgetClosed(world.now())
  const known = opened.get(name)
  if (known?.sealed === sealed) return known.open
  // Kept once it is open: requests share connections, and none may wait for what another has under way.
  const fresh = await unseal(world, upstream, sealed)
  opened.delete(name)
  opened.set(name, { sealed, until: world.now() + OPEN_MS, open: fresh })
  if (opened.size > MAX_OPEN) opened.delete(opened.keys().next().value ?? '')
  return fresh
}

/** What is over is let go of, so that no secret stays in memory of which there is no use. */
function forgetClosed(now: number): void {
  for (const [name, { until }] of opened) {
    if (until > now) return
    opened.delete(name)
  }
}

async function unseal(world: World, upstream: Upstream, sealed: Sealed | null): Promise<OpenCredential> {
  const text = sealed === null ? null : await openSecret(world, upstream.workspaceId, upstream.id, sealed)
  return readCredential(upstream.auth, text)
}

function needsReconnect(detail: string): AppError {
  return new AppError('NEEDS_RECONNECT', detail)
}
