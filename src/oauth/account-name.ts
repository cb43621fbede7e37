import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import { oauthOptions, sendOAuth } from '../connections/credentials/oauth-fetch.ts'
import type { Server } from '../connections/credentials/oauth-server.ts'
import type { World } from '../context.ts'
import { resolvePointer } from '../lib/json-pointer.ts'

const MAX_NAME = 200
const CLAIMS = ['/email', '/preferred_username', '/name', '/sub']

/**
 * What the connected account is called, for people to recognise it: from where the provider's preset says, the id
 * token, or the userinfo endpoint. It decides nothing, so that a provider which does not tell is no failure.
 */
export async function readAccountName(
  world: World,
  { preset, metadata }: Server,
  client: oauth.Client,
  answer: oauth.TokenEndpointResponse,
): Promise<string | null> {
  try {
    const { account } = preset ?? {}
    if (account?.url !== undefined) return pick(await ask(world, account.url, answer.access_token), account.pointers)
    if (account) return pick(answer, account.pointers)
    const fromToken = pick(claimsOf(answer), CLAIMS.slice(0, -1))
    if (fromToken !== null || metadata.userinfo_endpoint === undefined)
      return fromToken ?? pick(claimsOf(answer), CLAIMS)
    const response = await oauth.userInfoRequest(metadata, client, answer.access_token, oauthOptions(world))
    const subject = oauth.getValidatedIdTokenClaims(answer)?.sub ?? oauth.skipSubjectCheck
    return pick(await oauth.processUserInfoResponse(metadata, client, subject, response), CLAIMS)
  } catch {
    return null
  }
}

function claimsOf(answer: oauth.TokenEndpointResponse): unknown {
  const unverified = answer['unverified_id_token']
  return oauth.getValidatedIdTokenClaims(answer) ?? (typeof unverified === 'string' ? decodeJwt(unverified) : {})
}

async function ask(world: World, url: string, accessToken: string): Promise<unknown> {
  const { body } = await sendOAuth(world, url, {
    method: 'GET',
    headers: { accept: 'application/json', authorization: `Bearer ${accessToken}`, 'user-agent': 'APIQ' },
    body: undefined,
    redirect: 'manual',
  })
  return JSON.parse(new TextDecoder().decode(body))
}

function pick(from: unknown, pointers: readonly string[]): string | null {
  const found = pointers
    .map((pointer) => resolvePointer(from, pointer))
    .find((value) => typeof value === 'string' && value !== '')
  return found === undefined ? null : String(found).slice(0, MAX_NAME)
}
