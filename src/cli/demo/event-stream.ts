/** One server-sent event. */
export type ServerEvent = { id: string; type: string; data: string }

/**
 * Reads server-sent events (WHATWG HTML, section 9.2.6) out of text that arrives in pieces, cut anywhere. An event that
 * the stream ends in the middle of is dropped, as the standard says.
 */
export async function* readEvents(chunks: AsyncIterable<string>): AsyncGenerator<ServerEvent> {
  let rest = ''
  let lastId = ''
  let type = ''
  let data: string[] = []
  for await (const chunk of chunks) {
    rest += chunk
    // A carriage return at the very end may be half a line break.
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { id: lastId, type: type || 'message', data: data.join('\n') }
        type = ''
        data = []
        continue
      }
      const colon = line.indexOf(':')
      const field = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (field === 'event') type = value
      else if (field === 'data') data.push(value)
      else if (field === 'id' && !value.includes('\0')) lastId = value
    }
  }
}
