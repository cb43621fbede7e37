import { unusable } from './invalid.ts'

/** What one `curl` asks for, before its URLs are looked at. */
export type CurlRequest = {
  urls: string[]
  method: string | null
  head: boolean
  get: boolean
  upload: boolean
  json: boolean
  headers: { name: string; value: string }[]
  data: string[]
  queries: string[]
  form: { name: string; file: boolean; value: string }[]
  user: string | null
  /** `-u` stands for something else than Basic. */
  otherAuth: boolean
  bearer: string | null
  cookies: string[]
}

type Option = (request: CurlRequest, value: string, warn: (message: string) => void) => void

// curl(1): options that take a value and say nothing of the API.
const IGNORED_WITH_VALUE = new Set(
  (
    'abstract-unix-socket alt-svc cacert capath cert-type ciphers config connect-timeout connect-to continue-at ' +
    'cookie-jar create-file-mode crlfile curves delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers ' +
    'doh-url dump-header ech egd-file engine etag-compare etag-save expect100-timeout ftp-account ' +
    'ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip ' +
    'hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway keepalive-cnt keepalive-time key-type krb libcurl ' +
    'limit-rate local-port login-options mail-auth mail-from mail-rcpt max-filesize max-redirs max-time netrc-file ' +
    'noproxy output output-dir parallel-max pass pinnedpubkey preproxy proto proto-default proto-redir proxy ' +
    'proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key ' +
    'proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype ' +
    'proxy-tlspassword proxy-tlsuser proxy-user proxy1.0 pubkey quote random-file range rate referer resolve retry ' +
    'retry-delay retry-max-time sasl-authzid service-name socks4 socks4a socks5 socks5-gssapi-service ' +
    'socks5-hostname speed-limit speed-time stderr telnet-option tftp-blksize time-cond tls-max tls13-ciphers ' +
    'tlsauthtype tlspassword tlsuser trace trace-ascii trace-config unix-socket user-agent variable vlan-priority ' +
    'write-out'
  ).split(' '),
)

// Of the ignored ones those whose user should know.
const TOLD: Record<string, string> = {
  config: 'a file of options (-K) is not read',
  proxy: 'a proxy (-x) is not used',
  resolve: 'addresses given for a host (--resolve) are not used',
  'connect-to': 'another host to connect to (--connect-to) is not used',
  'unix-socket': 'a Unix socket is not used',
  insecure: 'certificates are always checked: -k is left out',
  cert: 'client certificates (--cert) are not supported',
  key: 'client certificates (--key) are not supported',
  netrc: 'credentials from .netrc are not read',
}

const SHORT: Record<string, string> = {
  A: 'user-agent',
  b: 'cookie',
  c: 'cookie-jar',
  C: 'continue-at',
  d: 'data',
  D: 'dump-header',
  e: 'referer',
  E: 'cert',
  F: 'form',
  G: 'get',
  H: 'header',
  I: 'head',
  k: 'insecure',
  K: 'config',
  m: 'max-time',
  n: 'netrc',
  o: 'output',
  P: 'ftp-port',
  Q: 'quote',
  r: 'range',
  t: 'telnet-option',
  T: 'upload-file',
  u: 'user',
  U: 'proxy-user',
  w: 'write-out',
  x: 'proxy',
  X: 'request',
  y: 'speed-time',
  Y: 'speed-limit',
  z: 'time-cond',
}

// Flags with nothing to say of the API.
const FLAGS = new Set(
  (
    'location silent show-error fail fail-with-body verbose include compressed globoff http1.0 http1.1 http2 http3 ' +
    'http2-prior-knowledge http3-only tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 ipv4 ipv6 no-buffer no-progress-meter ' +
    'progress-bar remote-name remote-name-all remote-header-name location-trusted path-as-is ssl-reqd tcp-nodelay ' +
    'tcp-fastopen no-keepalive junk-session-cookies disable fail-early parallel create-dirs raw styled-output basic ' +
    'remote-time retry-all-errors retry-connrefused post301 post302 post303 netrc-optional crlf'
  ).split(' '),
)
const SHORT_FLAGS = new Set('0 1 2 3 4 6 a B f g i j J l L M N O p q R s S v V Z #'.split(' '))

const VALUED: Record<string, Option> = {
  url: (request, value) => request.urls.push(value),
  request: (request, value) => (request.method = value.toUpperCase()),
  header: (request, value, warn) => addHeader(request, value, warn),
  data: (request, value) => request.data.push(notFile(value, '-d')),
  'data-ascii': (request, value) => request.data.push(notFile(value, '--data-ascii')),
  'data-binary': (request, value) => request.data.push(notFile(value, '--data-binary')),
  'data-raw': (request, value) => request.data.push(value),
  'data-urlencode': (request, value) => request.data.push(urlEncoded(value)),
  'url-query': (request, value) => request.queries.push(value.startsWith('+') ? value.slice(1) : urlEncoded(value)),
  json: (request, value) => {
    request.json = true
    request.data.push(notFile(value, '--json'))
  },
  form: (request, value) => addField(request, value, false),
  'form-string': (request, value) => addField(request, value, true),
  user: (request, value) => (request.user = value),
  'oauth2-bearer': (request, value) => (request.bearer = value),
  'aws-sigv4': (request) => (request.otherAuth = true),
  cookie: (request, value, warn) =>
    value.includes('=') ? request.cookies.push(value) : warn('cookies from a file (-b) are not read'),
  'upload-file': (request) => (request.upload = true),
  cert: (_request, _value, warn) => warn(TOLD['cert'] ?? ''),
  key: (_request, _value, warn) => warn(TOLD['key'] ?? ''),
}

const UNVALUED: Record<string, Option> = {
  get: (request) => (request.get = true),
  head: (request) => (request.head = true),
  digest: (request) => (request.otherAuth = true),
  ntlm: (request) => (request.otherAuth = true),
  negotiate: (request) => (request.otherAuth = true),
  anyauth: (request) => (request.otherAuth = true),
}

/** Reads the words behind `curl`; `--next` begins another request. @throws AppError SPEC_INVALID for data from files. */
export function readCurlOptions(words: readonly string[], warn: (message: string) => void): CurlRequest[] {
  let request = emptyRequest()
  const requests = [request]
  const queue = [...words]
  const valueOf = (name: string) => {
    const value = queue.shift()
    if (value === undefined) warn(`${name} has no value and is left out`)
    return value
  }
  const apply = (option: string, shown: string, given: string | undefined) => {
    const known = VALUED[option]
    if (known || IGNORED_WITH_VALUE.has(option)) {
      const value = given ?? valueOf(shown)
      if (value !== undefined) known?.(request, value, warn)
      if (!known && TOLD[option] !== undefined) warn(TOLD[option])
    } else if (UNVALUED[option]) UNVALUED[option](request, '', warn)
    else if (TOLD[option] !== undefined) warn(TOLD[option])
    else if (!FLAGS.has(option.replace(/^no-/, '')) && !FLAGS.has(option)) warn(`${shown} is not known and is left out`)
  }
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--next' || word === '-:') requests.push((request = emptyRequest()))
    else if (word === '--') continue
    else if (word.startsWith('--')) {
      const equals = word.indexOf('=')
      const name = equals === -1 ? word : word.slice(0, equals)
      apply(name.slice(2), name, equals === -1 ? undefined : word.slice(equals + 1))
    } else if (word.startsWith('-') && word.length > 1) {
      for (let at = 1; at < word.length; at++) {
        const letter = word.charAt(at)
        if (SHORT_FLAGS.has(letter)) continue
        const option = SHORT[letter]
        const takesValue = option !== undefined && (option in VALUED || IGNORED_WITH_VALUE.has(option))
        const rest = word.slice(at + 1)
        apply(option ?? letter, `-${letter}`, takesValue && rest !== '' ? rest : undefined)
        if (takesValue) break
      }
    } else request.urls.push(word)
  }
  return requests
}

function emptyRequest(): CurlRequest {
  const none = {
    method: null,
    head: false,
    get: false,
    upload: false,
    json: false,
    user: null,
    otherAuth: false,
    bearer: null,
  }
  return { ...none, urls: [], headers: [], data: [], queries: [], form: [], cookies: [] }
}

function addHeader(request: CurlRequest, text: string, warn: (message: string) => void): void {
  if (text.startsWith('@')) return warn('headers from a file (-H @…) are not read')
  const match = /^([^:;]+)(?::\s*(.*)|;\s*)$/s.exec(text)
  if (!match) return warn('a header without a colon is left out')
  request.headers.push({ name: (match[1] ?? '').trim(), value: (match[2] ?? '').trim() })
}

function addField(request: CurlRequest, text: string, literal: boolean): void {
  const equals = text.indexOf('=')
  if (equals < 1) return
  const value = text.slice(equals + 1)
  request.form.push({ name: text.slice(0, equals), file: !literal && value.startsWith('@'), value })
}

/** @throws AppError SPEC_INVALID when the data is to be read from a file. */
function notFile(value: string, option: string): string {
  if (!value.startsWith('@')) return value
  const file = value === '@-' ? 'the standard input' : `the file ${value.slice(1, 200)}`
  throw unusable(`The data is read from ${file}, which is not here. Paste its content in its place.`, [
    { path: '', code: 'file', message: `${option} reads ${file}: paste the content instead` },
  ])
}

/** The forms of `--data-urlencode`: content, =content, name=content; @file and name@file are files. */
function urlEncoded(value: string): string {
  const equals = value.indexOf('=')
  const at = value.indexOf('@')
  if (at !== -1 && (equals === -1 || at < equals)) return notFile(value.slice(at), '--data-urlencode')
  if (equals === -1) return encodeURIComponent(value)
  const content = encodeURIComponent(value.slice(equals + 1))
  return equals === 0 ? content : `${value.slice(0, equals)}=${content}`
}
