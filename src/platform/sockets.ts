import { mask } from './log.ts'

// Where a socket stands: the number of the last event it was sent. Kept by the platform while the object sleeps.
type Position = { seq: number }

const MAX_SOCKETS = 100
const ENDED = 1000
const TOO_MANY = 1013

/**
 * Everybody who watches one thing happen over a WebSocket. The platform keeps the sockets while the object is out of
 * memory, so that watching something that waits costs nothing; "ping" is answered without waking it.
 */
export class Sockets<Event extends { type: string }> {
  readonly #state: DurableObjectState
  /** How many are open; asking the platform before every event would cost more than most events do. */
  #open: number

  constructor(state: DurableObjectState) {
    this.#state = state
    this.#open = state.getWebSockets().length
  }

  get any(): boolean {
    return this.#open > 0
  }

  /** Answers an upgrade with a socket that is sent the events after `after`, then those to come. */
  accept(events: readonly Event[], after: number, finished: boolean): Response {
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket]
    this.#state.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
    const open = this.#state.getWebSockets()
    if (open.length >= MAX_SOCKETS) closeSocket(open[0], TOO_MANY, 'Too many others watch')
    this.#state.acceptWebSocket(server)
    server.serializeAttachment({ seq: Math.min(after, events.length) } satisfies Position)
    catchUp(server, events)
    if (finished) closeSocket(server, ENDED, 'Ended')
    this.recount()
    return new Response(null, { status: 101, webSocket: client })
  }

  /** Sends everybody what they have not been sent yet; `events` are all, from the first. */
  publish(events: readonly Event[]): void {
    if (this.any) for (const socket of this.#state.getWebSockets()) catchUp(socket, events)
  }

  /** Ends every socket. */
  close(): void {
    if (!this.any) return
    for (const socket of this.#state.getWebSockets()) closeSocket(socket, ENDED, 'Ended')
    this.recount()
  }

  /** To be called when a socket has closed. */
  recount(): void {
    this.#open = this.#state.getWebSockets().length
  }
}

function catchUp(socket: WebSocket, events: readonly { type: string }[]): void {
  const { seq } = socket.deserializeAttachment() as Position
  if (seq >= events.length) return
  try {
    events.slice(seq).forEach((event, index) => socket.send(encode(seq + index + 1, event)))
    socket.serializeAttachment({ seq: events.length } satisfies Position)
  } catch {
    // The other side left in the meantime.
  }
}

function closeSocket(socket: WebSocket | undefined, code: number, reason: string): void {
  try {
    socket?.close(code, reason)
  } catch {
    // It is closed already.
  }
}

/** As in server-sent events: the number, the type, and the event itself. */
function encode(id: number, event: { type: string }): string {
  return JSON.stringify({ id, event: event.type, data: mask(event) })
}
