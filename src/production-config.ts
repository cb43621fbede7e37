import type { z } from 'zod'

/**
 * How secrets begin that `npm start` makes for a development environment, so that production knows one that was taken along:
 * a text as it is, a key in Base64 with the bytes "devdev".
 */
export const DEVELOPMENT_MARKS = { text: 'dev-', bytes: 'devdev' } as const

const DEVELOPMENT_ONLY = ['ALLOW_PRIVATE_UPSTREAMS', 'DEV_USER_EMAIL', 'DEV_USER_PASSWORD', 'DEV_API_KEY'] as const

type Values = Partial<Record<(typeof DEVELOPMENT_ONLY)[number], unknown>> & {
  AUTH_SECRET: string
  ENCRYPTION_KEY: Uint8Array
  PUBLIC_URL?: string | undefined
  AWS_KMS_ENDPOINT?: string | undefined
  MAIL_PROVIDER: string
  SIGN_IN_PROVIDERS: object
  OAUTH_CLIENTS: object
}

/** Reports what a production environment must not have, and what it must have besides. */
export function checkProduction(values: Values, issue: z.RefinementCtx): void {
  const report = (name: string, message: string) => issue.addIssue({ code: 'custom', path: [name], message })
  for (const name of DEVELOPMENT_ONLY)
    if (values[name]) report(name, 'is for development and must not be set in production')
  const made = 'was made for development: production needs one of its own (openssl rand -base64 32)'
  if (values.AUTH_SECRET.startsWith(DEVELOPMENT_MARKS.text)) report('AUTH_SECRET', made)
  if (new TextDecoder().decode(values.ENCRYPTION_KEY).startsWith(DEVELOPMENT_MARKS.bytes))
    report('ENCRYPTION_KEY', made)
  for (const name of ['AWS_KMS_ENDPOINT', 'PUBLIC_URL'] as const)
    if (values[name] && !values[name].startsWith('https://')) report(name, 'must begin with https:// in production')
  // Else a link in a mail, or where a provider sends people back to, would be wherever the host header of a request says.
  const needing = [
    values.MAIL_PROVIDER !== 'console' && 'mails are sent',
    Object.keys(values.SIGN_IN_PROVIDERS).length > 0 && 'people sign in by a provider',
    Object.keys(values.OAUTH_CLIENTS).length > 0 && 'people connect accounts',
  ].filter(Boolean)
  if (needing.length > 0 && !values.PUBLIC_URL)
    report('PUBLIC_URL', `is needed in production where ${needing.join(' and ')}`)
}
