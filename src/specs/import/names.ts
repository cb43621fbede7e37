// As they stand in headers, queries and forms, joints left out.
const CREDENTIAL =
  /(?:apikey|apitoken|accesstoken|authtoken|authkey|accesskey|secretkey|subscriptionkey|sessiontoken|appkey|privatetoken|servicekey|bearertoken|idtoken|usertoken)$/
const CREDENTIALS = new Set([
  'token',
  'xtoken',
  'xauth',
  'secret',
  'xsecret',
  'apisecret',
  'clientsecret',
  'authorization',
])
const SECRET =
  /token|secret|password|passwd|passphrase|pwd$|apikey|privatekey|accesskey|secretkey|authorization|credential|cookie|session|signature|jwt|^sid$|^sig$|^pin$|^auth$/

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z\d]/g, '')

/** Whether a header or query parameter of this name is how callers say who they are. */
export function isCredentialName(name: string): boolean {
  const text = plain(name)
  return CREDENTIAL.test(text) || CREDENTIALS.has(text)
}

/** Whether what stands under this name is to be kept to oneself. */
export function isSecretName(name: string): boolean {
  return SECRET.test(plain(name)) || isCredentialName(name)
}

// What clients, browsers and proxies add by themselves, and what OpenAPI says elsewhere.
const TRANSPORT = new Set(
  (
    'accept accept-charset accept-encoding accept-language authorization cache-control connection content-encoding ' +
    'content-length content-type cookie date dnt early-data expect forwarded from host http2-settings if-match ' +
    'if-modified-since if-none-match if-range if-unmodified-since keep-alive max-forwards origin postman-token pragma ' +
    'priority proxy-authorization proxy-connection purpose range referer save-data te traceparent tracestate trailer ' +
    'transfer-encoding upgrade upgrade-insecure-requests user-agent via x-client-data x-forwarded-for ' +
    'x-forwarded-host x-forwarded-proto x-requested-with x-real-ip'
  ).split(' '),
)

/** Whether a request header is one of the API's own, and no credential. */
export function isApiHeader(name: string): boolean {
  const lower = name.toLowerCase()
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(lower) || TRANSPORT.has(lower)) return false
  return !/^(?:sec-|proxy-|cf-|x-amz-(?:date|security-token|content-sha256)$)/.test(lower) && !/csrf|xsrf/.test(lower)
}
