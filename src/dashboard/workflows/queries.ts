import { useMutation, useQuery } from '@tanstack/react-query'
import type { WorkflowDetail } from '../../workflows/schema.ts'
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
