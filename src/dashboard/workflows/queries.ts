import { useMutation, useQuery } from '@tanstack/react-query'
import type { WorkflowDetail, WorkflowVersion } from '../../workflows/schema.ts'
import { api, asAnswered, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'

const WORKFLOWS = ['workflows'] as const

/** The stored workflows, newest first. */
export function useWorkflows() {
  return usePages([...WORKFLOWS, 'list'], (cursor) => send(api.workflows.$get({ query: cursor ? { cursor } : {} })))
}

/** One workflow with its definition. */
export function useWorkflow(id: string) {
  return useQuery({
    queryKey: [...WORKFLOWS, 'one', id],
    queryFn: async () => asAnswered<WorkflowDetail>((await send(api.workflows[':id'].$get({ param: { id } }))).data),
  })
}

/** What a workflow was and is, the newest first; `current` is its version now. */
export function useVersions(id: string, current: number) {
  return usePages<WorkflowVersion>([...WORKFLOWS, 'versions', id, current], async (cursor) => {
    const query = cursor ? { cursor } : {}
    const { data, meta } = await send(api.workflows[':id'].versions.$get({ param: { id }, query }))
    return { data: asAnswered<WorkflowVersion[]>(data), meta }
  })
}

/** Makes an earlier version the current one again, as the next version. */
export function useRollback(id: string) {
  return useMutation({
    mutationFn: (version: number) => send(api.workflows[':id'].rollback.$post({ param: { id }, json: { version } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: WORKFLOWS }),
  })
}

/** Puts a workflow that a question made into the list. */
export function useListWorkflow(id: string) {
  return useMutation({
    mutationFn: () => send(api.workflows[':id'].$patch({ param: { id }, json: { listed: true } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: WORKFLOWS }),
  })
}

/** Copies a workflow; gives the copy's id. */
export function useDuplicate(id: string) {
  return useMutation({
    mutationFn: async () => (await send(api.workflows[':id'].duplicate.$post({ param: { id }, json: {} }))).data.id,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [...WORKFLOWS, 'list'] }),
  })
}

/** Runs a workflow; gives the run's id. */
export function useRunWorkflow(id: string) {
  return useMutation({
    mutationFn: async (input: Record<string, unknown>) =>
      (await send(api.workflows[':id'].execute.$post({ param: { id }, json: { input }, query: {} }))).data.id,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['runs', 'list'] }),
  })
}

/** Removes a workflow. */
export function useDeleteWorkflow(id: string) {
  return useMutation({
    mutationFn: () => send(api.workflows[':id'].$delete({ param: { id } })),
    onSuccess: () => {
      queryClient.removeQueries({ queryKey: [...WORKFLOWS, 'one', id] })
      return queryClient.invalidateQueries({ queryKey: [...WORKFLOWS, 'list'] })
    },
  })
}
