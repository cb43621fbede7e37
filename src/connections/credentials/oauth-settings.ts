import type { Config } from '../../config.ts'
import { AppError } from '../../errors.ts'
import { checkUrl } from '../../platform/outbound.ts'
import type { SecurityScheme } from '../../specs/operation.ts'
import type { Auth, AuthorizationCodeAuth, ClientCredentialsAuth } from '../auth-schema.ts'
import type { OpenCredential } from './credential.ts'
import { type Preset, presets, providerAt } from './oauth-presets.ts'
import type { ResolvedAuth } from './resolved-auth.ts'

type Given<Flow extends string> = Extract<Auth, { type: 'oauth2'; flow: Flow }>

const DISCOVERY = '/.well-known/openid-configuration'

/** Settings of the client-credentials grant (RFC 6749, section 4.4). @throws AppError VALIDATION_FAILED, ADDRESS_REFUSED */
export function resolveClientCredentials(
  config: Config,
  auth: Given<'clientCredentials'>,
  schemes: readonly SecurityScheme[],
): [ClientCredentialsAuth, OpenCredential] {
  const declared = schemes.find((scheme) => scheme.type === 'oauth2' && scheme.flow === 'clientCredentials')
  const tokenUrl = auth.tokenUrl ?? (auth.issuer === undefined ? declaredTokenUrl(declared) : undefined)
  const issuer = auth.issuer ?? (tokenUrl === undefined ? declaredIssuer(schemes) : undefined)
  if (tokenUrl === undefined && issuer === undefined) throw missing('tokenUrl', 'token endpoint')
  const settings: ClientCredentialsAuth = {
    type: 'oauth2',
    flow: 'clientCredentials',
    issuer: checked(config, issuer),
    tokenUrl: checked(config, tokenUrl),
    clientId: auth.clientId,
    scopes: auth.scopes ?? [],
    audience: auth.audience ?? null,
    clientAuthentication: auth.clientAuthentication ?? 'client_secret_basic',
  }
  return [settings, tokens(auth.clientSecret)]
}

/**
 * Settings of the authorization-code grant: a provider's preset, or an issuer, or endpoints of the caller's or the
 * specification's. The deployment's own client goes with a preset only, since its secret is sent to the token endpoint.
 * @throws AppError VALIDATION_FAILED, ADDRESS_REFUSED
 */
export function resolveAuthorizationCode(
  config: Config,
  auth: Given<'authorizationCode'>,
  schemes: readonly SecurityScheme[],
): ResolvedAuth {
  const provider = auth.provider ?? impliedProvider(auth, schemes)
  const preset = provider === undefined ? undefined : requirePreset(provider)
  const own = auth.clientId !== undefined
  const deployments = provider === undefined ? undefined : config.oauthClients[provider]
  if (!own && deployments === undefined) throw missingClient(provider)
  const places = preset
    ? { ...placesOf(auth, preset, own ? undefined : deployments?.issuer), provider: provider ?? null }
    : { ...declaredPlaces(auth, schemes), provider: null }
  const settings: AuthorizationCodeAuth = {
    type: 'oauth2',
    flow: 'authorizationCode',
    provider: places.provider,
    issuer: checked(config, places.issuer),
    authorizationUrl: checked(config, places.authorizationUrl),
    tokenUrl: checked(config, places.tokenUrl),
    clientId: auth.clientId ?? null,
    scopes: auth.scopes ?? [],
    clientAuthentication: auth.clientAuthentication ?? preset?.clientAuthentication ?? 'client_secret_basic',
  }
  return { settings, credential: tokens(auth.clientSecret ?? null), status: 'not_connected' }
}

/** Without a client of one's own, a document that names a known provider's consent page means that provider. */
function impliedProvider(auth: Given<'authorizationCode'>, schemes: readonly SecurityScheme[]): string | undefined {
  if (auth.clientId !== undefined || auth.issuer !== undefined || auth.authorizationUrl !== undefined) return undefined
  const declared = schemes.find((scheme) => scheme.type === 'oauth2' && scheme.flow === 'authorizationCode')
  return (declared && 'authorizationUrl' in declared ? providerAt(declared.authorizationUrl) : null) ?? undefined
}

type Places = {
  issuer?: string | undefined
  authorizationUrl?: string | undefined
  tokenUrl?: string | undefined
}

/** A preset brings its endpoints along; only a provider whose customers have issuers of their own takes one. */
function placesOf(auth: Given<'authorizationCode'>, preset: Preset, configured: string | undefined): Places {
  if (preset.endpoints !== null) {
    const extra = (['issuer', 'authorizationUrl', 'tokenUrl'] as const).find((name) => auth[name] !== undefined)
    if (extra) throw invalid(`/auth/${extra}`, `is known of ${preset.name}; leave it out, or leave provider out`)
    return {}
  }
  if (auth.clientId === undefined) {
    if (configured === undefined) throw missingClient(auth.provider)
    return { issuer: configured }
  }
  if (auth.issuer === undefined)
    throw invalid('/auth/issuer', `is needed for ${preset.name}, such as https://your-domain`)
  return { issuer: auth.issuer }
}

function declaredPlaces(auth: Given<'authorizationCode'>, schemes: readonly SecurityScheme[]): Places {
  if (auth.issuer !== undefined) return { issuer: auth.issuer }
  const declared = schemes.find((scheme) => scheme.type === 'oauth2' && scheme.flow === 'authorizationCode')
  const authorizationUrl =
    auth.authorizationUrl ?? (declared && 'authorizationUrl' in declared ? declared.authorizationUrl : undefined)
  const tokenUrl = auth.tokenUrl ?? declaredTokenUrl(declared)
  if (authorizationUrl !== undefined && tokenUrl !== undefined) return { authorizationUrl, tokenUrl }
  const issuer = declaredIssuer(schemes)
  if (issuer !== undefined) return { issuer }
  throw authorizationUrl === undefined
    ? missing('authorizationUrl', 'authorization endpoint')
    : missing('tokenUrl', 'token endpoint')
}

function declaredTokenUrl(scheme: SecurityScheme | undefined): string | undefined {
  return scheme?.type === 'oauth2' ? scheme.tokenUrl : undefined
}

/** The issuer of an OpenID Connect scheme, whose URL is that of its discovery document. */
export function declaredIssuer(schemes: readonly SecurityScheme[]): string | undefined {
  const declared = schemes.find((scheme) => scheme.type === 'openIdConnect')?.openIdConnectUrl
  return declared?.endsWith(DISCOVERY) ? declared.slice(0, -DISCOVERY.length) || undefined : declared
}

function requirePreset(provider: string): Preset {
  const preset = Object.hasOwn(presets, provider) ? presets[provider] : undefined
  if (!preset) throw invalid('/auth/provider', `must be one of ${Object.keys(presets).join(', ')}`)
  return preset
}

function checked(config: Config, url: string | undefined): string | null {
  return url === undefined ? null : checkUrl(url, config.allowPrivateUpstreams).href
}

function tokens(clientSecret: string | null): OpenCredential {
  return { kind: 'tokens', credential: { clientSecret, privateKey: null, tokens: null } }
}

function invalid(path: string, message: string): AppError {
  return new AppError('VALIDATION_FAILED', `${path}: ${message}.`, { errors: [{ path, code: 'invalid', message }] })
}

function missing(name: string, what: string): AppError {
  return new AppError('VALIDATION_FAILED', `The specification names no ${what}; give auth.${name}.`, {
    errors: [{ path: `/auth/${name}`, code: 'required', message: `the specification names no ${what}` }],
  })
}

function missingClient(provider: string | undefined): AppError {
  const detail = provider
    ? `This deployment has no OAuth client for ${provider}; give auth.clientId and auth.clientSecret of your own.`
    : 'Give auth.clientId, and auth.clientSecret unless the client is public.'
  return new AppError('VALIDATION_FAILED', detail, {
    errors: [{ path: '/auth/clientId', code: 'required', message: 'is needed' }],
  })
}
