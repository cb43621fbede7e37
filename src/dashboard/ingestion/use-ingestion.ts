import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Ingestion } from '../../connections/schema.ts'
import { api, send } from '../api/client.ts'
import { refreshApi } from '../apis/queries.ts'

// Asked for now and then besides being followed: something on the way may hold the events back.
const SLOWLY_MS = 10_000
const OFTEN_MS = 2000

/**
 * How the reading of a large document goes on from `first`: followed live, and asked for more often where the browser
 * gave up following. When it ends, everything about the API is read again.
 */
export function useIngestion(connectionId: string, first: Ingestion): Ingestion {
  const [live, setLive] = useState<Ingestion | null>(null)
  const [lost, setLost] = useState(false)
  const param = { id: connectionId }
  const polled = useQuery({
    queryKey: ['ingestion', first.id],
    enabled: !isOver(first),
    refetchInterval: lost ? OFTEN_MS : SLOWLY_MS,
    staleTime: 0,
    queryFn: async () => (await send(api.apis[':id'].ingestion.$get({ param }))).data,
  })
  const latest = newest(newest(first, live), polled.data ?? null)
  const over = isOver(latest)
  useEffect(() => {
    if (isOver(first)) return
    const source = new EventSource(api.apis[':id'].ingestion.events.$path({ param: { id: connectionId } }))
    const take = (message: MessageEvent<string>) => {
      const ingestion = JSON.parse(message.data) as Ingestion
      setLive(ingestion)
      if (isOver(ingestion)) source.close()
    }
    for (const type of ['progress', 'done', 'failed']) source.addEventListener(type, take)
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED) setLost(true)
    })
    return () => source.close()
    // A new reading has a new id; its other changes come through the stream.
  }, [connectionId, first.id])
  useEffect(() => {
    if (over && !isOver(first)) void refreshApi(connectionId)
  }, [over, first, connectionId])
  return latest
}

/** Whether a document is being read no more. */
export function isOver({ status }: Ingestion): boolean {
  return status === 'done' || status === 'failed'
}

/** The one that is further: what was asked for may be behind what was followed, and the other way round. */
function newest(known: Ingestion, heard: Ingestion | null): Ingestion {
  if (!heard || heard.id !== known.id || isOver(known)) return known
  const behind = heard.indexed < known.indexed || (heard.operations === null && known.operations !== null)
  return behind && !isOver(heard) ? known : heard
}
