import { useMutation, useQuery } from '@tanstack/react-query'
import type { Batch, BatchItem } from '../../batches/schema.ts'
import type { BatchUndo } from '../../batches/undo/schema.ts'
import { api, asAnswered, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'
import { isOpen } from './batch-words.ts'
import { TYPES, type Format } from './format.ts'

const BATCHES = ['batches'] as const

/** The batches, of all workflows or one, newest first; asked for again while one of them goes on. */
export function useBatches(workflowId?: string) {
  const ofOne = workflowId === undefined ? {} : { workflowId }
  return usePages<Batch>(
    [...BATCHES, 'list', workflowId ?? null],
    (cursor) => send(api.batches.$get({ query: { ...ofOne, ...(cursor ? { cursor } : {}) } })),
    { refetchInterval: (batches) => (batches.some(isOpen) ? 4000 : false) },
  )
}

/** One batch; asked for again while it goes on. */
export function useBatch(id: string) {
  return useQuery({
    queryKey: [...BATCHES, 'one', id],
    queryFn: async () => asAnswered<Batch>((await send(api.batches[':id'].$get({ param: { id } }))).data),
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? 1500 : false),
  })
}

/** The items of a batch, all of them or those in one state. */
export function useBatchItems(id: string, status: BatchItem['status'] | null) {
  return usePages<BatchItem>([...BATCHES, 'items', id, status], (cursor) => {
    const query = { ...(status === null ? {} : { status }), ...(cursor ? { cursor } : {}) }
    return send(api.batches[':id'].items.$get({ param: { id }, query }))
  })
}

/** What a batch is started with. */
export type NewBatch = { format: Format; body: Blob; concurrency: number; skipInvalid: boolean }

/** Starts a batch of a workflow; gives its id. */
export function useStartBatch(workflowId: string) {
  return useMutation({
    mutationFn: async ({ format, body, concurrency, skipInvalid }: NewBatch) => {
      const query = { concurrency: String(concurrency), skipInvalid: skipInvalid ? ('true' as const) : undefined }
      const init = { body, headers: { 'content-type': TYPES[format] } }
      return (await send(api.workflows[':id'].batch.$post({ param: { id: workflowId }, query }, { init }))).data.id
    },
    onSuccess: forgetLists,
  })
}

/** Stops a batch. */
export function useCancelBatch(id: string) {
  return useMutation({
    mutationFn: () => send(api.batches[':id'].cancel.$post({ param: { id } })),
    onSettled: () => readAgain(id),
  })
}

/** Takes a batch that has ended up again. */
export function useResumeBatch(id: string) {
  return useMutation({
    mutationFn: () => send(api.batches[':id'].resume.$post({ param: { id } })),
    onSettled: () => readAgain(id),
  })
}

/** What undoing a batch comes to, run by run. */
export function usePlannedBatchUndo(id: string) {
  return usePages<BatchUndo>(
    [...BATCHES, 'undo', id],
    (cursor) => send(api.batches[':id'].undo.$get({ param: { id }, query: cursor ? { cursor } : {} })),
    { staleTime: 0 },
  )
}

/** Takes back what the runs of a batch did; gives the id of the batch that does. */
export function useUndoBatch(id: string) {
  return useMutation({
    mutationFn: async () => (await send(api.batches[':id'].undo.$post({ param: { id }, query: {} }))).data.id,
    onSuccess: () => readAgain(id),
  })
}

/** Where the results of a batch can be had as a file. */
export function resultsUrl(id: string, format: 'ndjson' | 'csv'): string {
  return api.batches[':id'].results.$path({ param: { id }, query: { format } })
}

async function readAgain(id: string): Promise<void> {
  await Promise.all([queryClient.invalidateQueries({ queryKey: [...BATCHES, 'one', id] }), forgetLists()])
}

function forgetLists(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: [...BATCHES, 'list'] })
}
