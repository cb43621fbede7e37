import type { IncomingMessage, ServerResponse } from 'node:http'

type Call = { at: number; caller: string; status: number; inFlight: number }
type Gate = { windowEnds: number; windows: { passed: number; refused: number }[]; calls: Call[]; inFlight: number }

const gates = new Map<string, Gate>()

/**
 * Counts calls: `/limited/<name>/counted/<limit>/<windowMs>/…` lets so many through in each window, which begins with its
 * first call, and says so in `X-RateLimit-*`; `/silent/…` does the same and says nothing until it refuses;
 * `/down/<times>/…` answers the first so many with 500. What came is under `/limited/<name>/ledger`.
 */
export function countCalls(request: IncomingMessage, response: ServerResponse): void {
  const [, , name = '', kind = '', first = '', second = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? []
  const gate = gates.get(name) ?? { windowEnds: 0, windows: [], calls: [], inFlight: 0 }
  gates.set(name, gate)
  const send = (status: number, headers: Record<string, string> = {}) => {
    const at = Date.now()
    const caller = String(request.headers['x-request-id'] ?? '')
    gate.calls.push({ at, caller, status, inFlight: ++gate.inFlight })
    // Long enough for calls to overlap that are sent at once.
    setTimeout(() => {
      gate.inFlight--
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ status }))
    }, 20)
  }
  if (kind === 'ledger') return void response.setHeader('content-type', 'application/json').end(JSON.stringify(gate))
  if (kind === 'down') return send(gate.calls.length < Number(first) ? 500 : 200)
  const limit = Number(first)
  const now = Date.now()
  if (now >= gate.windowEnds) {
    gate.windowEnds = now + Number(second)
    gate.windows.push({ passed: 0, refused: 0 })
  }
  const window = gate.windows.at(-1)
  if (!window) return
  const passes = window.passed < limit
  if (passes) window.passed++
  else window.refused++
  const signs = {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(limit - window.passed),
    'x-ratelimit-reset': String(gate.windowEnds),
  }
  const retry = { 'retry-after': String(Math.ceil((gate.windowEnds - now) / 1000)) }
  send(passes ? 200 : 429, { ...(kind === 'counted' ? signs : {}), ...(passes ? {} : retry) })
}
