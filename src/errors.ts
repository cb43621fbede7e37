/**
 * Every problem APIQ can answer with: its status, its title, why it comes up and what to do. The code is the contract;
 * the detail of one occurrence is written where it is thrown.
 */
export const problems = {
  MALFORMED_REQUEST: [
    400,
    'Malformed request',
    'The body is not JSON, or a header cannot be read.',
    'Send valid JSON with Content-Type: application/json.',
  ],
  AMBIGUOUS_CREDENTIALS: [
    400,
    'Two different credentials',
    'X-API-Key and Authorization carry different keys.',
    'Send one of the two headers.',
  ],
  UNAUTHENTICATED: [
    401,
    'Authentication required',
    'No session cookie and no API key came with the request, or the one that came is not valid.',
    'Sign in, or send a valid key in X-API-Key or Authorization: Bearer.',
  ],
  INVALID_CREDENTIALS: [
    401,
    'Sign-in failed',
    'The e-mail address or the password is wrong.',
    'Check both, or reset the password.',
  ],
  CODE_INVALID: [
    401,
    'Code refused',
    'The code of the second factor is wrong, too old or used, or the sign-in it belongs to has expired.',
    'Type the current code, or a recovery code that was not used; sign in again if it stays.',
  ],
  SIGNATURE_INVALID: [
    401,
    'Signature refused',
    'The signature of a webhook is missing, does not fit its body, or is older than five minutes.',
    'Sign the exact bytes of the body with the secret of the hook, and send the event when it is signed.',
  ],
  FORBIDDEN: [
    403,
    'Not allowed',
    'The caller is known but lacks the scope or role.',
    'Use a key with the scope named in the detail.',
  ],
  SECOND_PERSON_REQUIRED: [
    403,
    'A second person is needed',
    'The policy of the API wants somebody else than who asks for a call to approve it.',
    'Let another member of the workspace approve it; a single operation is called by a workflow instead.',
  ],
  IP_NOT_ALLOWED: [
    403,
    'Not from this address',
    'The API key is limited to addresses that the request did not come from.',
    'Call from an address of the key’s allowedIps, or change them by PATCH /api/keys/{id}.',
  ],
  HTTPS_REQUIRED: [
    403,
    'HTTPS required',
    'The request came without TLS, and whatever it carried has been readable on its way.',
    'Call https://, and replace a key that was sent without it.',
  ],
  SIGN_IN_FAILED: [
    403,
    'Sign-in by a provider failed',
    'The provider refused, its answer did not match what was asked for, or its address may not be linked to an account.',
    'Begin again; the detail says what went wrong.',
  ],
  ACCOUNT_DISABLED: [
    403,
    'Account disabled',
    'An administrator has disabled the account.',
    'Ask an administrator of this installation.',
  ],
  CROSS_SITE_REQUEST: [
    403,
    'Cross-site request refused',
    'A request with a session cookie came from another site.',
    'Call from the dashboard’s own origin, or use an API key.',
  ],
  NOT_FOUND: [
    404,
    'Not found',
    'There is no such thing, or it belongs to another workspace.',
    'Check the id; list what you have with the collection’s GET.',
  ],
  CONFLICT: [
    409,
    'Conflict',
    'The request contradicts what is already there.',
    'Read the current state and try again.',
  ],
  EMAIL_TAKEN: [
    409,
    'E-mail already registered',
    'An account with this e-mail address exists. Told only where addresses are not confirmed (REQUIRE_VERIFIED_EMAIL): there a registration that works says as much.',
    'Sign in, or register with another address.',
  ],
  NOTHING_TO_UNDO: [
    409,
    'Nothing to undo',
    'The execution changed nothing, or nothing of what it did can be taken back.',
    'GET /api/executions/{id}/undo says of each step why; take back by hand what has to be.',
  ],
  PLAN_ALREADY_EXECUTED: [
    409,
    'Plan already executed',
    'A plan is confirmed once; this one has been.',
    'Look at its execution, run the workflow it became, or ask again for a new plan.',
  ],
  PLAN_ALREADY_SCHEDULED: [
    409,
    'Plan already scheduled',
    'A plan is scheduled once; this one has been.',
    'Look at the workflow that it became and change its schedule there, or ask again for a new plan.',
  ],
  BODY_TOO_LARGE: [
    413,
    'Body too large',
    'The request body is larger than this route takes.',
    'Send less; a large specification is better connected by URL.',
  ],
  UNSUPPORTED_MEDIA_TYPE: [
    415,
    'Unsupported media type',
    'The route takes JSON, or a form where a file is uploaded, and nothing else.',
    'Send the Content-Type that the detail names.',
  ],
  VALIDATION_FAILED: [
    422,
    'Invalid input',
    'The input does not fit the schema; errors lists each place.',
    'Correct the fields that errors names.',
  ],
  LINK_INVALID: [
    422,
    'Link refused',
    'The link of a mail has expired, was used already, or is not complete.',
    'Ask for a new mail.',
  ],
  INVALID_WORKFLOW: [
    422,
    'The workflow cannot run',
    'A step refers to something that does not exist or does not fit; errors lists each place.',
    'Correct the steps that errors names.',
  ],
  MODEL_REQUIRED: [
    422,
    'The workflow needs a model',
    'A step asks a language model, and none is configured here.',
    'Set MODEL_API_KEY and MODEL_NAME (and MODEL_BASE_URL for another provider), or take the ai steps out.',
  ],
  ARAZZO_INVALID: [
    422,
    'Not a usable Arazzo document',
    'The document is not an Arazzo document of version 1.0.x, or none of its workflows can be taken over.',
    'Correct the places that errors names, and connect the APIs that the document calls first.',
  ],
  MISSING_INPUT: [
    422,
    'Input missing',
    'The workflow needs inputs that were not given.',
    'Send the inputs that errors names in input.',
  ],
  SPEC_INVALID: [
    422,
    'Not a usable OpenAPI document',
    'The document parsed but is not an OpenAPI 3 document APIQ can use.',
    'Correct the places that errors names.',
  ],
  SPEC_UNPARSEABLE: [
    422,
    'The document is neither JSON nor YAML',
    'The document could not be parsed.',
    'Check the URL and the place named in the detail.',
  ],
  SPEC_IS_HTML: [
    422,
    'The URL answers with a web page',
    'An HTML page came where an OpenAPI document was expected.',
    'Use the URL of the raw document, often ending in .json or .yaml.',
  ],
  SPEC_EMPTY: [
    422,
    'The document is empty',
    'Nothing came where an OpenAPI document was expected.',
    'Check the URL or the upload.',
  ],
  SPEC_TOO_LARGE: [
    422,
    'The document is too large',
    'The document exceeds SPEC_MAX_BYTES.',
    'Split the document, or raise SPEC_MAX_BYTES.',
  ],
  SPEC_NOT_FOUND: [422, 'No document at that URL', 'The host answered 404 or 410.', 'Check the URL in a browser.'],
  SPEC_UNAUTHORIZED: [
    422,
    'The document needs a login',
    'The host answered 401 or 403.',
    'Use a public URL, or upload the document.',
  ],
  SPEC_UNREACHABLE: [
    502,
    'Spec unreachable, see logs',
    'The host did not answer, or answered with an error.',
    'Check the host; the logs hold the cause under the request id.',
  ],
  SPEC_TIMEOUT: [
    504,
    'The host of the document is too slow',
    'The document was not there within the deadline.',
    'Try again, or upload the document.',
  ],
  SPEC_BODY_TIMEOUT: [
    504,
    'The document comes too slowly',
    'The host began to answer, and the document was not complete within the deadline.',
    'Try again, or upload the document.',
  ],
  ADDRESS_REFUSED: [
    422,
    'Address refused',
    'The URL names a scheme, port or address APIQ does not call: private, loopback, link-local, metadata.',
    'Use a public https URL. In development ALLOW_PRIVATE_UPSTREAMS opens loopback and private addresses.',
  ],
  SPEC_DNS_FAILED: [
    502,
    'The host of the document has no address',
    'The host name of the URL could not be resolved.',
    'Check the host name in the URL.',
  ],
  SPEC_CONNECTION_REFUSED: [
    502,
    'The host of the document refuses connections',
    'Nothing listens at that host and port.',
    'Check the port, and that the host is up.',
  ],
  SPEC_TLS_FAILED: [
    502,
    'No secure connection to the host of the document',
    'The certificate is expired, self-signed or for another name, or the handshake failed.',
    'Repair the certificate of the host, or upload the document.',
  ],
  SPEC_HOST_ERROR: [
    502,
    'The host of the document answers with an error',
    'The host answered with a status that is neither success nor 401, 403, 404 or 410.',
    'Try again later, or upload the document.',
  ],
  SPEC_REDIRECT_LOOP: [
    502,
    'The URL of the document redirects without end',
    'More redirects came than are followed, or one leads to what is no URL.',
    'Use the URL at the end of the redirects.',
  ],
  SPEC_ENCODING: [
    422,
    'The document cannot be read as text',
    'The bytes are not text in the encoding that the host or the document states, or do not unpack.',
    'Save the document as UTF-8, and serve it as it is, or in gzip or br.',
  ],
  SPEC_TOO_COMPLEX: [
    422,
    'The document expands too far',
    'Aliases or references of the document make it many times larger than it is.',
    'Remove the aliases or references that multiply each other.',
  ],
  NEEDS_RECONNECT: [
    409,
    'The API must be connected again',
    'The provider no longer accepts the grant: it was revoked or has expired.',
    'Connect the API again: POST /api/apis/{id}/connect.',
  ],
  OAUTH_FAILED: [
    422,
    'Connecting by OAuth failed',
    'The provider refused, or its answer did not match what was asked for.',
    'Begin again with POST /api/apis/{id}/connect; the detail says what the provider answered.',
  ],
  VAULT_UNAVAILABLE: [
    503,
    'The stored credentials cannot be opened for now',
    'The key service does not answer or refuses, or the key that wrapped the workspace’s data key is not configured.',
    'Try again; if it stays, whoever runs this deployment checks the settings that the detail names.',
  ],
  UPSTREAM_BUSY: [
    503,
    'The API gets no more calls for now',
    'The API has failed several times in a row, or its rate limit is used up.',
    'Try again after the seconds in Retry-After.',
  ],
  UPSTREAM_UNREACHABLE: [
    502,
    'The API did not answer',
    'The connected API could not be reached, or broke off.',
    'Check that the API is up and its base URL right.',
  ],
  UPSTREAM_TIMEOUT: [
    504,
    'The API is too slow',
    'The connected API did not answer within the deadline.',
    'Try again, or ask for less.',
  ],
  TOO_MANY_EXECUTIONS: [
    429,
    'Too many executions at once',
    'As many executions of the workspace are open as its limit allows.',
    'Wait for the seconds in Retry-After, end executions that are no longer wanted, or raise maxConcurrency by PUT /api/limits.',
  ],
  RATE_LIMITED: [
    429,
    'Rate limit exceeded',
    'More requests came than the limit allows.',
    'Wait for the seconds in Retry-After.',
  ],
  QUOTA_EXCEEDED: [
    429,
    'Monthly quota exceeded',
    'The workspace has used up the requests of this calendar month (UTC).',
    'Wait for the next month, or have the quota raised by whoever runs this deployment.',
  ],
  TOO_MANY_ATTEMPTS: [
    429,
    'Too many attempts',
    'A password or code was tried too often, for one account or from one address.',
    'Wait for the seconds in Retry-After, or reset the password.',
  ],
  REQUEST_TIMEOUT: [
    504,
    'No answer in time',
    'What was asked for took longer than a request may.',
    'Ask for less, or start it without waiting for its end.',
  ],
  INTERNAL: [
    500,
    'Internal error',
    'Something failed that should not have.',
    'Try again; report the request id if it stays.',
  ],
  MISCONFIGURED: [
    500,
    'The service is not configured',
    'A secret or setting is missing or too weak.',
    'Set what the detail names.',
  ],
} as const satisfies Record<string, readonly [status: number, title: string, cause: string, cure: string]>

/** The stable code of a problem. */
export type ProblemCode = keyof typeof problems

/**
 * One place in the input that is wrong; `path` is a JSON pointer or a parameter name. Of a document also the line of the
 * source, counted from 1, and what its author can do, where they are known.
 */
export type FieldError = { path: string; code: string; message: string; line?: number; fix?: string }

/**
 * A problem on its way to the caller: thrown in the domain, written as RFC 9457 at the edge.
 * `detail` is shown to the caller, so it never holds a secret or an upstream's stack; `cause` goes to the log only.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ProblemCode
  readonly errors: readonly FieldError[] | undefined
  readonly extra: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      errors?: readonly FieldError[]
      extra?: Record<string, unknown>
      headers?: Record<string, string>
      cause?: unknown
    } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.errors = options.errors
    this.extra = options.extra ?? {}
    this.headers = options.headers ?? {}
  }

  /** The HTTP status the code stands for. */
  get status(): number {
    return problems[this.code][0]
  }
}

/** The problem for an id that names nothing in the caller's workspace. */
export function notFound(noun: string, id: string): AppError {
  return new AppError('NOT_FOUND', `There is no ${noun} ${id} in this workspace.`)
}
