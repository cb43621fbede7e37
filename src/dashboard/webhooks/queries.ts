import { useMutation } from '@tanstack/react-query'
import type { Hook, HookEdit, HookRotation, IssuedHook, NewHook } from '../../triggers/schema.ts'
import { api, asAnswered, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'
import { isUnderWay } from '../triggers/last-time.tsx'

const WEBHOOKS = ['webhooks'] as const
const SOON_MS = 5_000

/** The webhooks of a workflow, newest first; asked for again while a run of one of them is shown that goes on. */
export function useWebhooks(workflowId: string) {
  return usePages<Hook>(
    [...WEBHOOKS, workflowId],
    (cursor) => send(api.workflows[':id'].hooks.$get({ param: { id: workflowId }, query: cursor ? { cursor } : {} })),
    { refetchInterval: (hooks) => (hooks.some(isUnderWay) ? SOON_MS : false) },
  )
}

/** Makes a webhook; its secret is in the answer, this once, and is not kept longer than it is shown. */
export function useCreateWebhook(workflowId: string) {
  return useMutation({
    gcTime: 0,
    mutationFn: async (json: Partial<NewHook>) =>
      asAnswered<IssuedHook>((await send(api.workflows[':id'].hooks.$post({ param: { id: workflowId }, json }))).data),
    onSuccess: () => readAgain(workflowId),
  })
}

/** Turns a webhook on or off. */
export function useSwitchWebhook({ workflowId, id }: Hook) {
  return useMutation({
    mutationFn: (enabled: boolean) =>
      send(api.workflows[':id'].hooks[':hookId'].$patch({ param: { id: workflowId, hookId: id }, json: { enabled } })),
    onSuccess: () => readAgain(workflowId),
  })
}

/** Changes a webhook. */
export function useUpdateWebhook({ workflowId, id }: Hook) {
  return useMutation({
    mutationFn: (json: HookEdit) =>
      send(api.workflows[':id'].hooks[':hookId'].$patch({ param: { id: workflowId, hookId: id }, json })),
    onSuccess: () => readAgain(workflowId),
  })
}

/** Gives a webhook another secret, which is in the answer as that of a new one is. */
export function useRotateWebhook({ workflowId, id }: Hook) {
  return useMutation({
    gcTime: 0,
    mutationFn: async (json: HookRotation) => {
      const param = { id: workflowId, hookId: id }
      return asAnswered<IssuedHook>(
        (await send(api.workflows[':id'].hooks[':hookId'].rotate.$post({ param, json }))).data,
      )
    },
    onSuccess: () => readAgain(workflowId),
  })
}

/** Removes a webhook. */
export function useDeleteWebhook({ workflowId, id }: Hook) {
  return useMutation({
    mutationFn: () => send(api.workflows[':id'].hooks[':hookId'].$delete({ param: { id: workflowId, hookId: id } })),
    onSuccess: () => readAgain(workflowId),
  })
}

function readAgain(workflowId: string): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: [...WEBHOOKS, workflowId] })
}
