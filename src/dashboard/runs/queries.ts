import { useMutation, useQuery } from '@tanstack/react-query'
import type { DecisionRequest, ExecutionAttempt, Replay } from '../../runs/schema.ts'
import type { Undo } from '../../runs/undo/schema.ts'
import { api, asAnswered, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'

const RUNS = ['runs'] as const

/** The runs, newest first; asked for again while one of them is running. */
export function useRuns() {
  return usePages([...RUNS, 'list'], (cursor) => send(api.executions.$get({ query: cursor ? { cursor } : {} })), {
    refetchInterval: (runs) => (runs.some(({ status }) => status === 'running') ? 4000 : false),
  })
}

/** One run; `poll` asks again while it is running, for when it cannot be followed live. */
export function useRun(id: string, poll: boolean) {
  return useQuery({
    queryKey: [...RUNS, 'one', id],
    queryFn: async () => (await send(api.executions[':id'].$get({ param: { id } }))).data,
    refetchInterval: (query) => (poll && query.state.data?.status === 'running' ? 2000 : false),
  })
}

/** Reads a run again, and the list with it. */
export function refreshRun(id: string): void {
  void queryClient.invalidateQueries({ queryKey: [...RUNS, 'one', id] })
  void queryClient.invalidateQueries({ queryKey: [...RUNS, 'list'] })
}

/** Stops a run. */
export function useCancel(id: string) {
  return useMutation({
    mutationFn: () => send(api.executions[':id'].cancel.$post({ param: { id } })),
    onSettled: () => refreshRun(id),
  })
}

/** Lets a run begin nothing more until it is resumed. */
export function usePause(id: string) {
  return useMutation({
    mutationFn: () => send(api.executions[':id'].pause.$post({ param: { id } })),
    onSettled: () => refreshRun(id),
  })
}

/** Lets a paused run go on, or takes a failed one up again where it failed. */
export function useResume(id: string) {
  return useMutation({
    mutationFn: () => send(api.executions[':id'].resume.$post({ param: { id }, json: {} })),
    onSettled: () => refreshRun(id),
  })
}

/** Settles a step that waits for a person. */
export function useDecide(id: string) {
  return useMutation({
    mutationFn: (json: DecisionRequest) => send(api.executions[':id'].decide.$post({ param: { id }, json })),
    onSettled: () => refreshRun(id),
  })
}

/** Every attempt of a step of a run. */
export function useAttempts(id: string, step: string) {
  return useQuery({
    queryKey: [...RUNS, 'attempts', id, step],
    staleTime: 0,
    queryFn: async () => {
      const param = { id, path: encodeURIComponent(step) }
      const { data } = await send(api.executions[':id'].steps[':path'].attempts.$get({ param }))
      return asAnswered<ExecutionAttempt[]>(data)
    },
  })
}

/** A run gone through once more with the answers of then. */
export function useReplay(id: string) {
  return useQuery({
    queryKey: [...RUNS, 'replay', id],
    staleTime: 0,
    queryFn: async () =>
      asAnswered<Replay>((await send(api.executions[':id'].replay.$post({ param: { id }, json: {} }))).data),
  })
}

/** What undoing a run would call, and what stays. */
export function usePlannedUndo(id: string) {
  return useQuery({
    queryKey: [...RUNS, 'undo', id],
    staleTime: 0,
    queryFn: async () => asAnswered<Undo>((await send(api.executions[':id'].undo.$get({ param: { id } }))).data),
  })
}

/** Takes back what a run did; gives the id of the run that does. */
export function useUndo(id: string) {
  return useMutation({
    mutationFn: async () => (await send(api.executions[':id'].undo.$post({ param: { id }, query: {} }))).data.id,
    onSuccess: () => refreshRun(id),
  })
}

/** Runs the same version once more; gives the new run's id. */
export function useRerun(id: string) {
  return useMutation({
    mutationFn: async (input: Record<string, unknown>) =>
      (await send(api.executions[':id'].rerun.$post({ param: { id }, query: {}, json: { input } }))).data.id,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [...RUNS, 'list'] }),
  })
}
