const MAX_REPLY = 10_000

/** One conversation with a mail server: a line out, a reply of one or more lines back (RFC 5321, section 4.2). */
export class SmtpDialogue {
  #socket: Socket
  #reader: ReadableStreamDefaultReader<Uint8Array>
  #writer: WritableStreamDefaultWriter<Uint8Array>
  #rest = ''

  constructor(socket: Socket) {
    this.#socket = socket
    this.#reader = socket.readable.getReader()
    this.#writer = socket.writable.getWriter()
  }

  /**
   * Sends a line and reads the reply, its lines without their codes. `shown` stands for the line in errors where it holds
   * what nobody shall read.
   * @throws Error when the reply has another code.
   */
  async ask(line: string, code: number, shown = line): Promise<string[]> {
    await this.#writer.write(new TextEncoder().encode(`${line}\r\n`))
    return this.expect(code, shown)
  }

  /** Reads a reply that is due. @throws Error when it has another code. */
  async expect(code: number, to = 'the connection'): Promise<string[]> {
    const lines: string[] = []
    for (;;) {
      const line = await this.#readLine()
      lines.push(line.slice(4))
      if (line[3] === '-') continue
      if (Number(line.slice(0, 3)) === code) return lines
      throw new Error(`the mail server answered ${line.slice(0, 200)} to ${to}`)
    }
  }

  /** Goes on over TLS. What came in plain before is thrown away, so that nobody can put words into what follows. */
  secure(): void {
    this.#reader.releaseLock()
    this.#writer.releaseLock()
    this.#socket = this.#socket.startTls()
    this.#reader = this.#socket.readable.getReader()
    this.#writer = this.#socket.writable.getWriter()
    this.#rest = ''
  }

  /** Hangs up, whatever is still due; a reply that is waited for fails. */
  async close(): Promise<void> {
    await this.#socket.close().catch(() => {})
  }

  async #readLine(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\n')
      if (end >= 0) {
        const line = this.#rest.slice(0, end).trimEnd()
        this.#rest = this.#rest.slice(end + 1)
        return line
      }
      if (this.#rest.length > MAX_REPLY) throw new Error('the mail server sends a line without end')
      const { value, done } = await this.#reader.read()
      if (done) throw new Error('the mail server hung up')
      this.#rest += new TextDecoder().decode(value)
    }
  }
}
