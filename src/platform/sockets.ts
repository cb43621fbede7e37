import { mask } from './log.ts'

// Where a socket stands: the number of the last event it was sent. Kept by the platform while the object sleeps.
type Position = { seq: number }

/** Everything that has happened, numbered from 1. */
export type EventSource<Event> = { readonly length: number; after(seq: number): readonly Event[] }

const MAX_SOCKETS = 100
const ENDED = 1000
const TOO_MANY = 1013

/**
 * Everybody who watches one thing happen over a WebSocket. The platform keeps the sockets while the object is out of
 * memory, so that watching something that waits costs nothing; "ping" is answered without waking it.
 */
export class Sockets<Event extends { type: string }> {
  readonly #state: DurableObjectState
  readonly #events: EventSource<Event>
  /** How many are open; asking the platform before every event would cost more than most events do. */
  #open: number

  constructor(state: DurableObjectState, events: EventSource<Event>) {
    this.#state = state
    this.#events = events
    this.#open = state.getWebSockets().length
  }

  get any(): boolean {
    return this.#open > 0
  }

  /** Answers an upgrade with a socket that is sent the events after `after`, then those to come. */
  accept(after: number, finished: boolean): Response {
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket]
    this.#state.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
    const open = this.#state.getWebSockets()
    if (open.length >= MAX_SOCKETS) closeSocket(open[0], TOO_MANY, 'Too many others watch')
    this.#state.acceptWebSocket(server)
    server.serializeAttachment({ seq: Math.min(after, this.#events.length) } satisfies Position)
    this.#catchUp(server)
    if (finished) closeSocket(server, ENDED, 'Ended')
    this.recount()
    return new Response(null, { status: 101, webSocket: client })
  }

  /** Sends everybody what they have not been sent yet. */
  publish(): void {
    if (this.any) for (const socket of this.#state.getWebSockets()) this.#catchUp(socket)
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

  #catchUp(socket: WebSocket): void {
    const { seq } = socket.deserializeAttachment() as Position
    const { length } = this.#events
    if (seq >= length) return
    try {
      this.#events.after(seq).forEach((event, index) => socket.send(encode(seq + index + 1, event)))
      socket.serializeAttachment({ seq: length } satisfies Position)
    } catch {
      // The other side left in the meantime.
    }
  }
}

/** Answers an upgrade with a socket that is sent `events`, which follow the one numbered `after`, and then closed. */
export function replayOverSocket(events: readonly { type: string }[], after: number): Response {
  const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket]
  server.accept()
  events.forEach((event, index) => server.send(encode(after + index + 1, event)))
  closeSocket(server, ENDED, 'Ended')
  return new Response(null, { status: 101, webSocket: client })
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
