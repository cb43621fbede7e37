/**
 * A provider as data over the one flow. Endpoints are written down rather than discovered, so that a consent does not
 * depend on another request; where there is an `issuer`, `iss` and the id token are held against it.
 */
export type Preset = {
  name: string
  /** Null where every customer has an issuer of their own, to be discovered. */
  endpoints: { issuer?: string; authorize: string; token: string; userinfo?: string } | null
  clientAuthentication: 'client_secret_basic' | 'client_secret_post'
  /** Asked for besides what the operations need: to be told the account, and to get a refresh token. */
  extraScopes: string[]
  /** Slack tells scopes of the person from those of a bot by the parameter, and parts them by commas. */
  scopeParameter?: string
  scopeSeparator?: string
  authorizationParameters?: Record<string, string>
  /** Where a token answer holds the token, when not at its top (JSON pointer). */
  tokenAt?: string
  /** Where the account's name is: JSON pointers into the token answer, or into what `url` answers. */
  account?: { url?: string; pointers: string[] }
  /** How a token is given back where RFC 7009 is not spoken. */
  revocation?: Revocation
  /** Hosts that the deployment's own client may be used for, each with its subdomains; the issuer's own counts too. */
  apiHosts: string[]
}

/** `{client_id}` in the URL is filled in; the token goes into a field of that name, proved by whom `as` says. */
export type Revocation = {
  method: 'POST' | 'DELETE'
  url: string
  body: 'form' | 'json'
  field: string
  as: 'client' | 'token' | 'nobody'
}

/** The providers that a connection may name. Sources: each provider's own OAuth documentation. */
export const presets: Readonly<Record<string, Preset>> = {
  google: {
    name: 'Google',
    endpoints: {
      issuer: 'https://accounts.google.com',
      authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
      token: 'https://oauth2.googleapis.com/token',
    },
    clientAuthentication: 'client_secret_post',
    extraScopes: ['openid', 'email'],
    // Without these two a refresh token comes only with the very first consent, or never.
    authorizationParameters: { access_type: 'offline', prompt: 'consent' },
    revocation: {
      method: 'POST',
      url: 'https://oauth2.googleapis.com/revoke',
      body: 'form',
      field: 'token',
      as: 'nobody',
    },
    apiHosts: ['googleapis.com'],
  },
  microsoft: {
    name: 'Microsoft Entra',
    endpoints: {
      authorize: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
      token: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
    },
    clientAuthentication: 'client_secret_post',
    extraScopes: ['openid', 'email', 'profile', 'offline_access'],
    apiHosts: ['graph.microsoft.com', 'management.azure.com', 'dynamics.com', 'sharepoint.com'],
  },
  okta: {
    name: 'Okta',
    endpoints: null,
    clientAuthentication: 'client_secret_basic',
    extraScopes: ['openid', 'email', 'offline_access'],
    apiHosts: [],
  },
  github: {
    name: 'GitHub',
    endpoints: {
      authorize: 'https://github.com/login/oauth/authorize',
      token: 'https://github.com/login/oauth/access_token',
    },
    clientAuthentication: 'client_secret_post',
    extraScopes: [],
    account: { url: 'https://api.github.com/user', pointers: ['/login'] },
    revocation: {
      method: 'DELETE',
      url: 'https://api.github.com/applications/{client_id}/grant',
      body: 'json',
      field: 'access_token',
      as: 'client',
    },
    apiHosts: ['api.github.com', 'uploads.github.com'],
  },
  slack: {
    name: 'Slack',
    endpoints: {
      authorize: 'https://slack.com/oauth/v2/authorize',
      token: 'https://slack.com/api/oauth.v2.access',
    },
    clientAuthentication: 'client_secret_post',
    extraScopes: [],
    scopeParameter: 'user_scope',
    scopeSeparator: ',',
    tokenAt: '/authed_user',
    account: { pointers: ['/team/name', '/authed_user/id'] },
    revocation: { method: 'POST', url: 'https://slack.com/api/auth.revoke', body: 'form', field: 'token', as: 'token' },
    apiHosts: ['slack.com'],
  },
  hubspot: {
    name: 'HubSpot',
    endpoints: {
      authorize: 'https://app.hubspot.com/oauth/authorize',
      token: 'https://api.hubapi.com/oauth/v1/token',
    },
    clientAuthentication: 'client_secret_post',
    extraScopes: ['oauth'],
    apiHosts: ['hubapi.com'],
  },
  notion: {
    name: 'Notion',
    endpoints: {
      authorize: 'https://api.notion.com/v1/oauth/authorize',
      token: 'https://api.notion.com/v1/oauth/token',
    },
    clientAuthentication: 'client_secret_basic',
    extraScopes: [],
    authorizationParameters: { owner: 'user' },
    account: { pointers: ['/owner/user/person/email', '/workspace_name'] },
    revocation: {
      method: 'POST',
      url: 'https://api.notion.com/v1/oauth/revoke',
      body: 'json',
      field: 'token',
      as: 'client',
    },
    apiHosts: ['api.notion.com'],
  },
  stripe: {
    name: 'Stripe Connect',
    endpoints: {
      authorize: 'https://connect.stripe.com/oauth/authorize',
      token: 'https://connect.stripe.com/oauth/token',
    },
    clientAuthentication: 'client_secret_post',
    extraScopes: [],
    account: { pointers: ['/stripe_user_id'] },
    apiHosts: ['api.stripe.com'],
  },
}

/** The provider whose consent page a URL is on, or null: what a document's own OAuth scheme stands for. */
export function providerAt(authorizationUrl: string): string | null {
  const host = URL.parse(authorizationUrl)?.host
  const at = ({ endpoints }: Preset) => endpoints !== null && URL.parse(endpoints.authorize)?.host === host
  return Object.entries(presets).find(([, preset]) => host !== undefined && at(preset))?.[0] ?? null
}

/**
 * Whether the deployment's own client may be used for an API at a URL: people consent to the deployment's name, so what
 * they grant stays with the provider's hosts.
 */
export function mayUseDeploymentClient(preset: Preset, issuer: string | null, baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl)
  const hosts = issuer === null ? preset.apiHosts : [...preset.apiHosts, new URL(issuer).hostname]
  return hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`))
}
