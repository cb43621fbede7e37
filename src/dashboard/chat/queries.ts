import { useMutation, useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import type { ChatMessage, Plan } from '../../planner/schema.ts'
import type { ExecutePlan } from '../../runs/schema.ts'
import type { WorkflowDefinition } from '../../steps/schema.ts'
import type { SchedulePlan } from '../../triggers/schema.ts'
import { api, asAnswered, send } from '../api/client.ts'
import { toTrouble } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { ownTimeZone } from '../lib/time-zone.ts'
import { examplesFrom } from './examples.ts'
import { noteConfirmed, putTurn, takeReading } from './history.ts'
import { withProgress } from './progress-words.ts'
import { streamPlan } from './stream-plan.ts'

/** Asks for a plan; the answer goes to the history, whether or not anybody is still looking at the page. */
export function useAsk() {
  return useMutation({
    mutationFn: async ({ message, chatId }: ChatMessage) => {
      const key = crypto.randomUUID()
      let progress = { words: '', written: 0 }
      putTurn({ key, message, state: 'planning', progress })
      try {
        const plan = await streamPlan({ message, chatId, timeZone: ownTimeZone() }, (news) => {
          progress = withProgress(progress, news)
          putTurn({ key, message, state: 'planning', progress })
        })
        putTurn({ key, message, state: 'planned', plan })
      } catch (error) {
        putTurn({ key, message, state: 'failed', problem: toTrouble(error) })
        throw error
      }
    },
  })
}

/** Shows one of the readings that a turn's plan offers in its place. */
export function useChoose(turnKey: string) {
  return useMutation({
    mutationFn: async (planId: string) =>
      asAnswered<Plan>((await send(api.chat[':planId'].$get({ param: { planId } }))).data),
    onSuccess: (plan) => takeReading(turnKey, plan),
  })
}

/** Confirms a plan, and goes to its run. */
export function useConfirm() {
  const [, navigate] = useLocation()
  return useMutation({
    mutationFn: async (json: ExecutePlan) => (await send(api.chat.execute.$post({ json, query: {} }))).data.id,
    onSuccess: (runId, { planId }) => {
      noteConfirmed(planId, { executionId: runId })
      navigate(`/runs/${runId}`)
      void queryClient.invalidateQueries({ queryKey: ['runs', 'list'] })
      void queryClient.invalidateQueries({ queryKey: ['workflows'] })
    },
    onError: (error, { planId }) => {
      const { executionId } = toTrouble(error)
      if (executionId) noteConfirmed(planId, { executionId })
    },
  })
}

/** Has a plan run at its times, and goes to the workflow that it becomes. */
export function useSchedulePlan() {
  const [, navigate] = useLocation()
  return useMutation({
    mutationFn: async (json: SchedulePlan) => (await send(api.chat.schedule.$post({ json }))).data.workflowId,
    onSuccess: (workflowId, { planId }) => {
      noteConfirmed(planId, { workflowId })
      navigate(`/workflows/${workflowId}`)
      void queryClient.invalidateQueries({ queryKey: ['workflows'] })
    },
    onError: (error, { planId }) => {
      const { workflowId } = toTrouble(error)
      if (workflowId) noteConfirmed(planId, { workflowId })
    },
  })
}

/** Makes a workflow of a plan without running it, and goes to it. */
export function useSaveWorkflow() {
  const [, navigate] = useLocation()
  return useMutation({
    mutationFn: async (definition: WorkflowDefinition) =>
      (await send(api.workflows.$post({ json: { definition } }))).data.id,
    onSuccess: (id) => {
      navigate(`/workflows/${id}`)
      void queryClient.invalidateQueries({ queryKey: ['workflows'] })
    },
  })
}

/** A few things to ask for, from what the connected APIs say about themselves; null when none is connected. */
export function useExamples() {
  return useQuery({
    queryKey: ['apis', 'examples'],
    staleTime: 60_000,
    queryFn: async () => {
      const { data: connections } = await send(api.apis.$get({ query: { limit: 3 } }))
      if (connections.length === 0) return null
      const pages = connections.map(({ id }) =>
        send(api.apis[':id'].endpoints.$get({ param: { id }, query: { limit: 50 } })),
      )
      return examplesFrom((await Promise.all(pages)).map(({ data }) => data))
    },
  })
}
