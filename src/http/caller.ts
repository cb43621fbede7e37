import type { Caller } from '../context.ts'

const MAX_USER_AGENT = 300

/** Where a request came from, read from it when asked for: most requests are answered without. */
export class RequestCaller implements Caller {
  readonly #request: Request

  constructor(request: Request) {
    this.#request = request
  }

  /** Cloudflare sets the address itself and takes off what a caller wrote there. */
  get ip(): string | null {
    return this.#request.headers.get('cf-connecting-ip')
  }

  get userAgent(): string | null {
    return this.#request.headers.get('user-agent')?.slice(0, MAX_USER_AGENT) ?? null
  }

  get origin(): string {
    return new URL(this.#request.url).origin
  }
}
