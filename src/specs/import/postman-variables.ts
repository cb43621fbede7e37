import { asNode, listOf, textOf } from './json.ts'
import { isSecretName } from './names.ts'
import type { SecretTexts } from './strike-out.ts'

const MAX_NESTING = 5
// Variables within variables could multiply without end.
const MAX_VALUE = 2000
const MAX_TEXT = 10_000

/** The variables a collection defines. */
export type Variables = {
  get: (name: string) => string | undefined
  /** A text with every variable filled in that is defined. */
  resolve: (text: string) => string
  /** Fills in the variables that a URL begins with, and those of its host. */
  resolveStart: (address: string) => { text: string; unresolved: string[] }
}

/** Reads `variable` of a collection (2.0 and 2.1); values of those named like secrets are noted as such. */
export function readVariables(list: unknown, secrets: SecretTexts): Variables {
  const values = new Map<string, string>()
  for (const variable of listOf(list).map(asNode)) {
    const name = textOf(variable['key']) || textOf(variable['id'])
    const value = variable['value']
    if (name === '' || variable['disabled'] === true || !['string', 'number'].includes(typeof value)) continue
    values.set(name, String(value))
    if (variable['type'] === 'secret' || isSecretName(name)) secrets.add(String(value))
  }
  const resolve = (text: string) => {
    let result = text
    for (let round = 0; round < MAX_NESTING && result.length <= MAX_TEXT && result.includes('{{'); round++)
      result = result.replaceAll(/\{\{([^{}]*)\}\}/g, (whole, name: string) => {
        const value = values.get(name.trim())
        return value === undefined || value.length > MAX_VALUE ? whole : value
      })
    return result
  }
  return {
    get: (name) => {
      const value = values.get(name)
      return value === undefined ? undefined : resolve(value)
    },
    resolve,
    resolveStart: (address) => {
      const end = hostEnd(address)
      const text = `${resolve(address.slice(0, end)).replace(/\/+$/, '')}${address.slice(end)}`
      const unresolved = [...text.slice(0, hostEnd(text)).matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = '']) => name)
      return { text, unresolved }
    },
  }
}

/** Where the path of an address begins. */
function hostEnd(address: string): number {
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(address)?.[0].length ?? 0
  const slash = address.indexOf('/', scheme)
  return slash === -1 ? address.length : slash
}
