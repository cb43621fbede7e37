import type { Attempt } from './run-state.ts'

/** What to do about a failed step. */
export function adviceFor(error: Attempt['error']): string {
  switch (error?.code) {
    case 'EXPRESSION':
      return 'A value from an earlier step was not what this step expected. Look at that step’s response, then ask again in other words or change the definition.'
    case 'REQUEST':
      return 'The request could not be made from what there was. Check that the API is still connected, and the values this step was given.'
    case 'UPSTREAM_STATUS':
      return adviceForStatus(error.status ?? 0)
    case 'UPSTREAM_UNREACHABLE':
      return 'The API could not be reached. Check its base URL, or run again later.'
    case 'UPSTREAM_TIMEOUT':
      return 'The API did not answer in time. If this step changes something, check whether it did before you run again.'
    case 'UPSTREAM_BUSY':
      return 'The API gets no more calls for now: its limit is used up, or it failed several times in a row. Run again later.'
    case 'NEEDS_RECONNECT':
      return 'The account of this API must be connected again. Open the API, connect it, then run again.'
    case 'OAUTH_FAILED':
      return 'The provider of this API gave no token. Run again later; if it stays, connect the API again.'
    case 'REFUSED':
      return 'Somebody refused, or nobody decided in time. Run again once it is agreed.'
    case 'LOOP_LIMIT':
      return 'The loop has more iterations than it is allowed. Give it fewer items, or raise maxIterations.'
    case 'RESPONSE_TOO_LARGE':
      return 'The answer was too large. Ask for less: a limit, or a filter.'
    default:
      return 'Run again. If it fails the same way, report the id in the address of this page.'
  }
}

function adviceForStatus(status: number): string {
  if (status === 401 || status === 403)
    return 'The API refused the credential. Disconnect it, and connect it again with a valid one.'
  if (status === 404) return 'The API knows no such thing. Check the ids and names this step was given.'
  if (status === 429) return 'The API wants fewer requests. Wait a little, then run again.'
  if (status >= 500) return 'The API itself failed. Run again later.'
  return 'The API refused the request. Its response says why; correct the values and run again.'
}
