import { SchemeRegistry, type Call, type ImportWarning } from './call.ts'
import { looksLikeCmd, splitCmd } from './cmd-words.ts'
import type { FoundAuth, ImportedAuth } from './curl-auth.ts'
import { readCurlOptions } from './curl-options.ts'
import { readCurlUrl } from './curl-request.ts'
import { buildDocument } from './document.ts'
import { unusable } from './invalid.ts'
import { splitShell } from './shell-words.ts'

export type { ImportedAuth } from './curl-auth.ts'

const CURL = /^(?:.*[/\\])?curl(?:\.exe)?$/i

/** Whether a pasted text is a `curl` command rather than a document; a prompt or variables may stand before it. */
export function looksLikeCurl(text: string): boolean {
  const start = text
    .replace(/^\uFEFF/, '')
    .slice(0, 2000)
    .trimStart()
  return /^(?:#[^\n]*\n|\s)*(?:[$%>]\s+)?(?:[A-Za-z_]\w*=\S*\s+)*(?:[\w./\\:-]*[/\\])?curl(?:\.exe)?(?:\s|$)/i.test(
    start,
  )
}

/**
 * Turns pasted `curl` commands into an OpenAPI 3.1 document, one operation a URL. The credential goes apart, to be
 * sealed; in the document stands only of which kind it is. Nothing is run.
 * @throws AppError SPEC_INVALID when there is no usable command, a command substitution, or data from a file.
 */
export function importCurl(text: string): {
  kind: 'curl'
  document: Record<string, unknown>
  auth: ImportedAuth | null
  warnings: ImportWarning[]
} {
  const warnings: ImportWarning[] = []
  const warn = (message: string) => {
    if (!warnings.some((one) => one.message === message)) warnings.push({ message })
  }
  const schemes = new SchemeRegistry()
  const calls: Call[] = []
  const credentials: FoundAuth[] = []
  for (const words of commandsIn(text.replace(/^\uFEFF/, ''), warn))
    for (const request of readCurlOptions(words, warn)) {
      if (request.otherAuth) warn('the way the command authenticates is not supported: choose another one')
      if (request.urls.length === 0) warn('a command without a URL is left out')
      for (const url of request.urls) {
        const read = readCurlUrl(request, url, schemes, warn)
        if (!read) continue
        calls.push(read.call)
        credentials.push(...read.credentials)
        if (read.credentials.length === 0 && request.cookies.length > 0)
          warn('cookies are left out: which of them is the credential is not known')
      }
    }
  if (calls.length === 0)
    throw unusable('The text has no curl command with a URL that can be used.', [
      { path: '', code: 'empty', message: 'has no usable command' },
      ...warnings.map(({ message }) => ({ path: '', code: 'skipped', message })),
    ])
  const document = buildDocument({ title: null, description: '', calls, schemes: schemes.schemes, warnings })
  return { kind: 'curl', document, auth: chooseAuth(credentials, warn), warnings }
}

/** The words behind `curl` of each command. */
function commandsIn(text: string, warn: (message: string) => void): string[][] {
  const { commands, variables, notes } = looksLikeCmd(text)
    ? { commands: splitCmd(text), variables: new Set<string>(), notes: new Set<string>() }
    : splitShell(text)
  for (const note of notes) warn(note)
  if (variables.size > 0) warn(`variables of the shell are not known here: ${[...variables].slice(0, 10).join(', ')}`)
  return commands.flatMap((words) => {
    const start = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word) && !/^[$%>]$/.test(word))
    const [name = '', ...rest] = start === -1 ? [] : words.slice(start)
    if (CURL.test(name)) return [rest]
    // Not quoted: what stands where a command is expected may be half of a credential.
    if (name !== '') warn('a command that is not curl is left out')
    return []
  })
}

function chooseAuth(credentials: readonly FoundAuth[], warn: (message: string) => void): ImportedAuth | null {
  const usable = credentials.flatMap(({ auth }) => auth ?? [])
  const [first] = usable
  if (credentials.length > 0 && !first) warn('the credential in the command is a placeholder: give it when connecting')
  if (usable.some((auth) => JSON.stringify(auth) !== JSON.stringify(first)))
    warn('the commands hold more than one credential; the first one is taken')
  return first ?? null
}
