import { escapeToken } from '../../lib/json-pointer.ts'
import { parameterNames, type Contract, type ContractParameter } from './contract.ts'
import { diffShapes } from './compare-shapes.ts'
import type { Report } from './place.ts'

const PLACES = { path: 'the path', query: 'the query', header: 'a header', cookie: 'a cookie' } as const

/** Reports what differs between two versions of one operation. */
export function diffContracts(before: Contract, after: Contract, report: Report): void {
  if (before.deprecated !== after.deprecated)
    report(false, `the operation is ${after.deprecated ? 'now' : 'no longer'} deprecated`, '/deprecated')
  if (before.server !== after.server)
    report(true, `the operation is now served from ${serverWords(after)}, it was ${serverWords(before)}`, '/server')
  diffPath(before, after, report)
  diffSecurity(before, after, report)
  diffParameters(before, after, report)
  diffBody(before, after, report)
  diffResponse(before, after, report)
}

const serverWords = ({ server }: Contract) => server ?? 'the server of the document'

/** Two paths of one operation differ in the names of their parameters, and by these workflows set them. */
function diffPath(before: Contract, after: Contract, report: Report): void {
  const names = parameterNames(after.path)
  for (const [index, old] of parameterNames(before.path).entries()) {
    const now = names[index]
    if (now === undefined || now === old) continue
    report(true, `the path parameter \`${old}\` is now called \`${now}\``, `/parameters/${escapeToken(now)}`)
  }
}

/** Not breaking as long as whoever was let in still is: with the same schemes and scopes, or fewer. */
function diffSecurity(before: Contract, after: Contract, report: Report): void {
  if (JSON.stringify(before.security) === JSON.stringify(after.security)) return
  const alternatives = after.security.map(parseRequirement)
  const open = before.security.includes('{}')
  const suffices = before.security
    .map(parseRequirement)
    .every((held) =>
      alternatives.some((needed) =>
        Object.entries(needed).every(
          ([id, scopes]) => scopes.every((scope) => held[id]?.includes(scope)) && id in held,
        ),
      ),
    )
  if (suffices) report(false, 'the operation asks for less authentication', '/security')
  else report(true, `the operation ${open ? 'now asks' : 'asks otherwise'} for authentication`, '/security')
}

const parseRequirement = (text: string) => JSON.parse(text) as Record<string, string[]>

function diffParameters(before: Contract, after: Contract, report: Report): void {
  const byKey = new Map(after.parameters.map((parameter) => [parameter.key, parameter]))
  const known = new Set(before.parameters.map(({ key }) => key))
  const added = after.parameters.filter(({ key }) => !known.has(key))
  for (const old of before.parameters) {
    const moved = added.findIndex(({ name }) => name.toLowerCase() === old.name.toLowerCase())
    const same = byKey.get(old.key)
    const [elsewhere] = same || moved === -1 ? [] : added.splice(moved, 1)
    const now = same ?? elsewhere
    const path = pathOf(old)
    if (!now) report(true, `the parameter \`${old.name}\` is gone`, path)
    else {
      if (elsewhere)
        report(
          true,
          `the parameter \`${old.name}\` moved from ${PLACES[old.in]} to ${PLACES[elsewhere.in]}`,
          pathOf(elsewhere),
        )
      diffParameter(old, now, report)
    }
  }
  for (const now of added)
    report(now.required, `the parameter \`${now.name}\` is new${now.required ? ' and required' : ''}`, pathOf(now))
}

function diffParameter(before: ContractParameter, after: ContractParameter, report: Report): void {
  const path = pathOf(after)
  const { name } = after
  if (before.required !== after.required)
    report(after.required, `the parameter \`${name}\` is ${after.required ? 'now' : 'no longer'} required`, path)
  if (before.style !== after.style && before.style !== null && after.style !== null && before.in === after.in)
    report(true, `the parameter \`${name}\` is now written as ${after.style}, it was ${before.style}`, path)
  diffShapes(
    before.shape,
    after.shape,
    { direction: 'input', root: { kind: 'parameter', name }, field: '', path },
    report,
  )
}

const pathOf = ({ name }: ContractParameter) => `/parameters/${escapeToken(name)}`

function diffBody(before: Contract, after: Contract, report: Report): void {
  const [old, now] = [before.body, after.body]
  const path = '/requestBody'
  if (!old || !now) {
    if (old) report(true, 'the operation no longer takes a body', path)
    if (now) report(now.required, `the operation now takes a body${now.required ? ', and it is required' : ''}`, path)
    return
  }
  if (old.required !== now.required)
    report(now.required, `the body is ${now.required ? 'now' : 'no longer'} required`, path)
  if (old.contentType !== now.contentType)
    report(true, `the body is now ${now.contentType}, it was ${old.contentType}`, `${path}/contentType`)
  diffShapes(old.shape, now.shape, { direction: 'input', root: { kind: 'body' }, field: '', path }, report)
}

function diffResponse(before: Contract, after: Contract, report: Report): void {
  const [old, now] = [before.response, after.response]
  if (old && now)
    diffShapes(old, now, { direction: 'output', root: { kind: 'response' }, field: '', path: '/response' }, report)
  else if (old) report(true, 'the response is no longer described as JSON', '/response')
  else if (now) report(false, 'the response is now described', '/response')
}
