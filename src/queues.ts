import { handleBatchMessage, type BatchMessage } from './batches/work.ts'
import type { IngestMessage } from './connections/documents/ingestion.ts'
import { createWorld, type World } from './context.ts'
import { giveUpIngest, handleIngest } from './drift/service.ts'
import { errorFields } from './platform/log.ts'
import type { RunEnded } from './runs/projection.ts'

type Consumer = (world: World, message: never) => Promise<void>

// The names of wrangler.toml without what tells environments apart.
const consumers: Record<string, Consumer> = {
  steps: (world, message: BatchMessage | RunEnded) => handleBatchMessage(world, message),
  // A batch is looked after every minute anyway: nothing is lost with the message.
  'steps-dead': async (world, message: BatchMessage | RunEnded) => world.log.warn('message given up', { ...message }),
  ingest: (world, message: IngestMessage) => handleIngest(world, message),
  'ingest-dead': (world, message: IngestMessage) => giveUpIngest(world, message),
}

const RETRY_SECONDS = 10

/**
 * Consumes the queues. A message whose work throws is tried again after a while, and after the last try goes to the
 * dead-letter queue, whose consumer gives it up.
 */
export async function consume(batch: MessageBatch, env: Env, execution: ExecutionContext): Promise<void> {
  const consumer = consumers[batch.queue.replace(/^apiq-(staging-|production-)?/, '')]
  for (const message of batch.messages) {
    const world = createWorld(env, requestIdOf(message), (work) => execution.waitUntil(work))
    try {
      if (!consumer) world.log.error('message on a queue without a consumer', { queue: batch.queue, id: message.id })
      await consumer?.(world, message.body as never)
      message.ack()
    } catch (error) {
      world.log.error('message failed', { queue: batch.queue, attempt: message.attempts, ...errorFields(error) })
      message.retry({ delaySeconds: RETRY_SECONDS })
    }
  }
}

/** A message belongs to the request that sent it. */
function requestIdOf({ body, id }: Message): string {
  return typeof body === 'object' && body !== null && 'requestId' in body ? String(body.requestId) : id
}
