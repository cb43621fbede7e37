import { setTimeout as sleep } from 'node:timers/promises'
import type { RunEvent } from '../../runs/machine/events.ts'
import type { Api } from '../api.ts'
import { CliError } from '../terminal.ts'
import { readEvents } from './event-stream.ts'

const MAX_CUTS = 5
const ENDS = new Set<RunEvent['type']>(['run.succeeded', 'run.failed', 'run.cancelled'])

/** Every event of a run, live, until its last. A stream that is cut is taken up again after the last event seen. */
export async function followRun(api: Api, id: string, seen: (event: RunEvent) => void): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  let lastId = ''
  for (let cuts = 0; cuts < MAX_CUTS; cuts += 1) {
    if (cuts > 0) await sleep(200 * cuts)
    try {
      for await (const { id: eventId, data } of readEvents(await open(api, id, lastId))) {
        lastId = eventId
        const event = JSON.parse(data) as RunEvent
        events.push(event)
        seen(event)
        if (ENDS.has(event.type)) return events
      }
    } catch (error) {
      // Refused is final; a broken connection is what Last-Event-ID is for.
      if (error instanceof CliError) throw error
    }
  }
  throw new CliError(`The events of ${id} broke off ${MAX_CUTS} times before the run's end.`)
}

async function open(api: Api, id: string, lastId: string): Promise<AsyncIterable<string>> {
  const response = await fetch(`${api.url}/api/executions/${id}/events`, {
    headers: { 'x-api-key': api.key, ...(lastId === '' ? {} : { 'last-event-id': lastId }) },
  })
  if (!response.ok || !response.body)
    throw new CliError(`The events of ${id} answered ${response.status}: ${await response.text()}`)
  return response.body.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>
}
