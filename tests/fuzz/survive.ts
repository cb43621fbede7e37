import { AppError } from '../../src/errors.ts'
import { decodeDocument } from '../../src/specs/decode.ts'
import { EXTERNAL_LIMITS } from '../../src/specs/external.ts'
import { prepareBundle } from '../../src/specs/prepare.ts'
import { mutate } from './mutate.ts'

const URL_OF_DOCUMENT = 'https://a.example.com/openapi.json'

/**
 * Reads a document with something wrong in it as far as it goes.
 * @returns the code of its problem, or null where it could be read.
 * @throws whatever is no problem of documents: that is what the test is for, with the seed it came up at.
 */
export async function survive(documents: readonly unknown[], seed: number): Promise<string | null> {
  const { bytes, contentType } = mutate(documents[seed % documents.length], seed)
  const reader = { now: Date.now, fetchText: async (url: string) => partOf(documents, url, seed) }
  const limits = { ...EXTERNAL_LIMITS, documents: 5 }
  try {
    const url = seed % 3 === 0 ? null : URL_OF_DOCUMENT
    const prepared = await prepareBundle(decodeDocument(bytes, contentType), url, reader, limits)
    check(prepared.count, [...prepared.operations()], prepared)
    return null
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('SPEC_')) return error.code
    throw new Error(`seed ${seed}`, { cause: error })
  }
}

/** A document that another one refers to is as wrong as that. */
function partOf(documents: readonly unknown[], url: string, seed: number): string {
  const { bytes } = mutate(documents[url.length % documents.length], seed + url.length)
  return decodeDocument(bytes, null)
}

function check(count: number, operations: readonly unknown[], more: object): void {
  if (operations.length !== count) throw new Error(`${operations.length} operations came, ${count} were promised`)
  // It goes into a database and over the wire.
  const size = JSON.stringify([operations, more]).length
  if (size > 20_000_000) throw new Error(`${size} characters were made of it`)
}
