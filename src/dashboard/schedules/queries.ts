import { useMutation, useQuery } from '@tanstack/react-query'
import type { NewSchedule, Schedule, ScheduleEdit } from '../../triggers/schema.ts'
import { api, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'
import { isUnderWay } from '../triggers/last-time.tsx'

const SCHEDULES = ['schedules'] as const
const SOON_MS = 5_000
const MINUTE_MS = 60_000
const LATEST_MS = 60 * MINUTE_MS

/** The schedules of a workflow, newest first; asked for again once one of them has had its turn. */
export function useSchedules(workflowId: string) {
  return usePages<Schedule>(
    [...SCHEDULES, 'of', workflowId],
    (cursor) =>
      send(api.workflows[':id'].schedules.$get({ param: { id: workflowId }, query: cursor ? { cursor } : {} })),
    { refetchInterval: untilNextTurn },
  )
}

/** The next times of a timetable; nothing is asked while there is none. */
export function usePreview(cron: string, timeZone: string) {
  return useQuery({
    queryKey: [...SCHEDULES, 'preview', cron, timeZone],
    enabled: cron !== '',
    queryFn: async () => (await send(api.schedules.preview.$get({ query: { cron, timeZone } }))).data.nextRuns,
  })
}

/** Stores a schedule: a new one, or changes to the one with this id. */
export function useSaveSchedule(workflowId: string, id: string | null) {
  return useMutation({
    mutationFn: (json: Omit<NewSchedule, 'name' | 'enabled'> & { name: string | null }) => {
      if (id !== null) return send(api.workflows[':id'].schedules[':scheduleId'].$patch(one(workflowId, id, json)))
      const { name, ...rest } = json
      const made = { ...rest, ...(name === null ? {} : { name }) }
      return send(api.workflows[':id'].schedules.$post({ param: { id: workflowId }, json: made }))
    },
    onSuccess: () => readAgain(workflowId),
  })
}

/** Turns a schedule on or off. */
export function useSwitchSchedule({ workflowId, id }: Schedule) {
  return useMutation({
    mutationFn: (enabled: boolean) =>
      send(api.workflows[':id'].schedules[':scheduleId'].$patch(one(workflowId, id, { enabled }))),
    onSuccess: () => readAgain(workflowId),
  })
}

/** Removes a schedule. */
export function useDeleteSchedule({ workflowId, id }: Schedule) {
  return useMutation({
    mutationFn: () =>
      send(api.workflows[':id'].schedules[':scheduleId'].$delete({ param: { id: workflowId, scheduleId: id } })),
    onSuccess: () => readAgain(workflowId),
  })
}

function one(workflowId: string, scheduleId: string, json: ScheduleEdit) {
  return { param: { id: workflowId, scheduleId }, json }
}

function readAgain(workflowId: string): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: [...SCHEDULES, 'of', workflowId] })
}

// What is due is run within a minute, and until then asked for every few seconds; later than that, seldom.
function untilNextTurn(schedules: readonly Schedule[]): number | false {
  if (schedules.some(isUnderWay)) return SOON_MS
  const next = schedules.flatMap(({ nextRunAt }) => (nextRunAt === null ? [] : Date.parse(nextRunAt)))
  if (next.length === 0) return false
  const left = Math.min(...next) - Date.now()
  if (left > 0) return Math.min(left + SOON_MS, LATEST_MS)
  return left > -2 * MINUTE_MS ? SOON_MS : MINUTE_MS
}
