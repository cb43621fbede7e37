import { createLog } from './platform/log.ts'

/** Consumes the queues. Nothing is sent to them yet; a message that arrives all the same is logged and let go. */
export async function consume(batch: MessageBatch, env: Env): Promise<void> {
  createLog(env.LOG_LEVEL as 'info').error('message on a queue without a consumer', {
    queue: batch.queue,
    messages: batch.messages.length,
  })
  batch.ackAll()
}
