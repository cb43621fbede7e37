import { DurableObject } from 'cloudflare:workers'
import { createWorld } from '../context.ts'
import { openDb } from '../platform/db.ts'
import { IngestionWatch } from './documents/ingestion-watch.ts'
import type { Ingestion } from './schema.ts'
import { TokenKeeper, type TokenAnswer, type TokenRequest } from './credentials/token-keeper.ts'
import type { CallReport } from './traffic/budget.ts'
import { keepTraffic, type Admission } from './traffic/traffic-keeper.ts'

/**
 * One object per connection: what all callers of one API share. A shell: what it decides is decided by pure functions.
 */
export class ApiConnection extends DurableObject<Env> {
  readonly #ingestion = new IngestionWatch()
  readonly #tokens = new TokenKeeper(this.ctx.storage)
  readonly #traffic = keepTraffic(this.ctx.storage)

  /** The connection's credential with a token that is good for a call; see `TokenKeeper`. */
  giveToken(request: TokenRequest): Promise<TokenAnswer> {
    return this.#tokens.give(
      createWorld(this.env, request.requestId, (work) => this.ctx.waitUntil(work)),
      request,
    )
  }

  /** Answers when a call to the API may leave, or why it may not; see `TrafficKeeper`. */
  admitCall(ticket: { id: string; caller: string; host: string }): Promise<Admission> {
    return this.#traffic.admit(ticket)
  }

  /** A call that asked will not be made. */
  withdrawCall(id: string): Promise<void> {
    return this.#traffic.withdraw(id)
  }

  /** How a call ended; tells whether callers have to go on asking. */
  observeCall(report: CallReport): Promise<{ watch: boolean }> {
    return this.#traffic.observe(report)
  }

  /** Tells those who watch how far the reading of the document is. */
  ingestionChanged(ingestion: Ingestion): void {
    this.#ingestion.changed(ingestion)
  }

  /** Server-sent events of the document being read; see `IngestionWatch`. */
  watchIngestion(workspaceId: string, connectionId: string): Promise<ReadableStream<Uint8Array>> {
    return this.#ingestion.watch(openDb(this.env.DB), workspaceId, connectionId)
  }
}
