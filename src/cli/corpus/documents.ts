import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** A document of a folder: `part` where only other documents refer to it. */
export type Found = { path: string; kind: 'document' | 'part' }

const EXTENSION = /\.(?:json|ya?ml)$/i
// A top-level member of a block mapping begins its line.
const YAML_ROOT = /^(?:["']?)(?:openapi|swagger)(?:["']?)[ \t]*:/m
const LOOSE_ROOT = /["'](?:openapi|swagger)["']\s*:\s*["']?\d/

/** Every file of a folder that could be a document, at any depth; paths are relative to the folder. */
export async function findDocuments(folder: string): Promise<Found[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && EXTENSION.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted()
  const found: Found[] = []
  for (const path of paths)
    found.push({ path, kind: isDocument(await readFile(join(folder, path), 'utf8')) ? 'document' : 'part' })
  return found
}

/** Whether a text is the root of a document: OpenAPI, Swagger, a Postman collection or a HAR, even a damaged one. */
export function isDocument(text: string): boolean {
  if (!/^\uFEFF?\s*\{/.test(text)) return YAML_ROOT.test(text)
  try {
    const root = JSON.parse(text.replace(/^\uFEFF/, '')) as Record<string, Record<string, unknown>>
    if ('openapi' in root || 'swagger' in root) return true
    return Array.isArray(root['log']?.['entries']) || (Array.isArray(root['item']) && 'info' in root)
  } catch {
    return LOOSE_ROOT.test(text.slice(0, 20_000))
  }
}
