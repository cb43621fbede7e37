import { handleBatchMessage, type BatchMessage } from './batches/work.ts'
import type { IngestMessage } from './connections/documents/ingestion.ts'
import { createWorld, type World } from './context.ts'
import { giveUpIngest, handleIngest } from './drift/service.ts'
import { handleEmbed, type EmbedMessage } from './embeddings/sync.ts'
import { errorFields } from './platform/log.ts'
import type { RunEnded } from './runs/projection.ts'
import { giveUpStepMessage, handleStepMessage, type StepMessage } from './runs/queued-steps.ts'

type Consumer = (world: World, message: never) => Promise<void>

// The names of wrangler.toml without what tells environments apart.
const consumers: Record<string, Consumer> = {
  'steps-high': handleSteps,
  'steps-normal': handleSteps,
  'steps-low': handleSteps,
  'steps-high-dead': giveUpSteps,
  'steps-normal-dead': giveUpSteps,
  'steps-low-dead': giveUpSteps,
  ingest: (world, message: IngestMessage | EmbedMessage) =>
    message.kind === 'embed' ? handleEmbed(world, message) : handleIngest(world, message),
  'ingest-dead': giveUpIngests,
}

type StepsMessage = StepMessage | BatchMessage | RunEnded

async function handleSteps(world: World, message: StepsMessage): Promise<void> {
  if (message.kind === 'step.call') await handleStepMessage(world, message)
  else await handleBatchMessage(world, message)
}

async function giveUpSteps(world: World, message: StepsMessage): Promise<void> {
  world.log.warn('message given up', { ...message })
  // A batch is looked after every minute anyway: nothing is lost with its message.
  if (message.kind === 'step.call') await giveUpStepMessage(world, message)
}

async function giveUpIngests(world: World, message: IngestMessage | EmbedMessage): Promise<void> {
  // What is not embedded is found again at night.
  if (message.kind === 'embed') world.log.warn('message given up', { ...message })
  else await giveUpIngest(world, message)
}

const RETRY_SECONDS = 10

/**
 * Consumes the queues. A message whose work throws is tried again after a while, and after the last try goes to the
 * dead-letter queue, whose consumer gives it up.
 */
export async function consume(batch: MessageBatch, env: Env, execution: ExecutionContext): Promise<void> {
  const consumer = consumers[batch.queue.replace(/^apiq-(staging-|production-)?/, '')]
  const handle = async (message: Message) => {
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
  await Promise.all(batch.messages.map(handle))
}

/** A message belongs to the request that sent it. */
function requestIdOf({ body, id }: Message): string {
  return typeof body === 'object' && body !== null && 'requestId' in body ? String(body.requestId) : id
}
