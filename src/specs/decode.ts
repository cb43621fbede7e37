import { AppError } from '../errors.ts'

const BYTE_ORDER_MARKS: readonly [bytes: readonly number[], encoding: string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
]

/**
 * The text of a document: by its byte order mark, else by the charset of its Content-Type, else as UTF-8 (WHATWG Encoding
 * Standard, section 6; RFC 8259, section 8.1). The mark itself is left out.
 * @throws AppError SPEC_ENCODING when the bytes are not text in that encoding, or nothing is known by its name.
 */
export function decodeDocument(bytes: Uint8Array, contentType: string | null): string {
  const marked = BYTE_ORDER_MARKS.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))
  const encoding = marked?.[1] ?? charsetOf(contentType) ?? 'utf-8'
  const decoder = newDecoder(encoding)
  try {
    return decoder.decode(bytes)
  } catch (error) {
    throw new AppError('SPEC_ENCODING', `The document is not text in ${decoder.encoding.toUpperCase()}.`, {
      cause: error,
    })
  }
}

/** RFC 9110, section 8.3.2: a name, in quotes or without, in any letter case. */
function charsetOf(contentType: string | null): string | null {
  const match = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType ?? '')
  return (match?.[1] ?? match?.[2])?.trim() || null
}

function newDecoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: false })
  } catch (error) {
    const name = encoding.replaceAll(/[^\w.:-]/g, '').slice(0, 40)
    throw new AppError('SPEC_ENCODING', `The encoding "${name}" that the host states is not known.`, { cause: error })
  }
}
