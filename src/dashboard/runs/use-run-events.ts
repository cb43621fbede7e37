import { useEffect, useReducer, useState } from 'react'
import type { RunEvent } from '../../runs/machine/events.ts'
import { api } from '../api/client.ts'
import { afterEvent, type LiveRun, silent } from './run-state.ts'

const TYPES: readonly RunEvent['type'][] = [
  'run.started',
  'run.recovered',
  'run.paused',
  'run.resumed',
  'run.reopened',
  'run.succeeded',
  'run.failed',
  'run.cancelled',
  'step.started',
  'step.succeeded',
  'step.failed',
  'step.skipped',
  'step.repeated',
  'step.entered',
  'step.iterated',
  'step.sleeping',
  'step.asked',
]
const ENDS = new Set<RunEvent['type']>(['run.succeeded', 'run.failed', 'run.cancelled'])

/**
 * A run, followed live. The browser connects again by itself and resumes after the last event; `lost` says that it gave
 * up, so that the caller can ask now and then instead.
 */
export function useRunEvents(id: string): { live: LiveRun; lost: boolean } {
  const [live, dispatch] = useReducer(
    (run: LiveRun, action: 'reset' | Parameters<typeof afterEvent>[1]) =>
      action === 'reset' ? silent : afterEvent(run, action),
    silent,
  )
  const [lost, setLost] = useState(false)
  useEffect(() => {
    dispatch('reset')
    setLost(false)
    const source = new EventSource(api.executions[':id'].events.$path({ param: { id }, query: {} }))
    const take = (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as RunEvent
      dispatch({ seq: Number(message.lastEventId), event })
      if (ENDS.has(event.type)) source.close()
    }
    for (const type of TYPES) source.addEventListener(type, take)
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED) setLost(true)
    })
    return () => source.close()
  }, [id])
  return { live, lost }
}
