import { readFile } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { load } from 'js-yaml'

type Node = Record<string, unknown>

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
const MAX_HOPS = 50

/**
 * Counts the operations of an OpenAPI or Swagger document by itself, with nothing of the Worker's: `paths` × methods,
 * references of path items followed, also into other files of `folder`. Null for a document that it cannot count:
 * one that is not OpenAPI, or that no parser takes.
 */
export async function countOperations(folder: string, path: string): Promise<string[] | null> {
  const files = new Map<string, Promise<unknown>>()
  const open = (file: string) => {
    const known = files.get(file) ?? readValue(folder, file)
    files.set(file, known)
    return known
  }
  const file = resolve(folder, path)
  const root = await open(file)
  if (!isNode(root) || !('openapi' in root || 'swagger' in root)) return null
  if (!isNode(root['paths'])) return []
  const methods = [...METHODS, ...(String(root['openapi']).startsWith('3.2') ? ['query'] : [])]
  const found: string[] = []
  for (const [template, item] of Object.entries(root['paths'])) {
    if (template.startsWith('x-')) continue
    const resolved = await follow(item, file, open)
    for (const method of methods) if (resolved[method] !== undefined) found.push(`${method.toUpperCase()} ${template}`)
    const more = resolved['additionalOperations']
    if (isNode(more)) found.push(...Object.keys(more).map((method) => `${method} ${template}`))
  }
  return found
}

/** A path item with those it refers to: its own members win (OpenAPI 3.1, Path Item Object). */
async function follow(item: unknown, file: string, open: (file: string) => Promise<unknown>): Promise<Node> {
  let merged: Node = {}
  let node = item
  let at = file
  for (let hops = 0; isNode(node) && hops < MAX_HOPS; hops++) {
    merged = { ...node, ...merged }
    const ref = node['$ref']
    if (typeof ref !== 'string') break
    const [target = '', fragment = ''] = ref.split('#', 2)
    // Another host's document is not the folder's.
    if (/^[a-z][a-z\d+.-]+:/i.test(target)) break
    if (target !== '') at = resolve(dirname(at), decodeURIComponent(target))
    node = pointTo(await open(at), fragment)
  }
  return merged
}

function pointTo(document: unknown, fragment: string): unknown {
  const parts = decodeURIComponent(fragment).split('/').slice(1)
  return parts
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (node, part) => (typeof node === 'object' && node !== null ? (node as Node)[part] : undefined),
      document,
    )
}

async function readValue(folder: string, file: string): Promise<unknown> {
  if (!file.startsWith(resolve(folder) + sep)) return undefined
  try {
    const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '')
    return /^\s*[{[]/.test(text) ? JSON.parse(text) : load(text)
  } catch {
    return undefined
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
