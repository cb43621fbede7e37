import { useMutation } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import type { NewInvitation } from '../../workspaces/schema.ts'
import { api, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'
import { startSession } from '../auth/session.ts'
import type { Part } from './part-words.ts'

const WORKSPACES = ['workspaces'] as const
const MEMBERS = ['members'] as const
const INVITATIONS = ['invitations'] as const

const readAgain = (key: readonly string[]) => () => queryClient.invalidateQueries({ queryKey: key })

/** The workspaces that whoever is signed in belongs to, newest first. */
export function useWorkspaces() {
  return usePages(WORKSPACES, (cursor) => send(api.workspaces.$get({ query: pageOf(cursor) })))
}

const pageOf = (cursor: string | undefined) => ({ limit: '100', ...(cursor && { cursor }) })

/** The workspace they work in now; nothing while it is not known. */
export function useCurrentWorkspace() {
  return useWorkspaces().items.find(({ current }) => current)
}

/** Begins anew in the workspace that the Worker says it is now: what was read of another is forgotten. */
function useEnter() {
  const [, go] = useLocation()
  return async () => {
    // First away from pages that show things of the other workspace: they would ask for them here.
    go('/')
    await startSession()
  }
}

/** Goes to work in another workspace. */
export function useSwitchWorkspace() {
  const enter = useEnter()
  return useMutation({
    mutationFn: (id: string) => send(api.workspaces[':id'].switch.$post({ param: { id } })),
    onSuccess: enter,
  })
}

/** Makes a workspace, and goes to work in it. */
export function useAddWorkspace() {
  const enter = useEnter()
  return useMutation({
    mutationFn: (name: string) => send(api.workspaces.$post({ json: { name } })),
    onSuccess: enter,
  })
}

/** Renames the workspace. */
export function useRenameWorkspace() {
  return useMutation({
    mutationFn: (name: string) => send(api.workspace.$patch({ json: { name } })),
    onSuccess: readAgain(WORKSPACES),
  })
}

/** Joins a workspace by the proof of an invitation's link, and goes to work in it. */
export function useAcceptInvitation() {
  const enter = useEnter()
  return useMutation({
    mutationFn: (proof: string) => send(api.invitations.accept.$post({ json: { proof } })),
    onSuccess: enter,
  })
}

/** Takes oneself out of the workspace. */
export function useLeaveWorkspace() {
  const enter = useEnter()
  return useMutation({
    mutationFn: (userId: string) => send(api.members[':id'].$delete({ param: { id: userId } })),
    onSuccess: enter,
  })
}

/** Who belongs to the workspace, whoever came first at the top; others join it, so each page asks anew. */
export function useMembers() {
  return usePages(MEMBERS, (cursor) => send(api.members.$get({ query: pageOf(cursor) })), { staleTime: 0 })
}

/** Gives a member another part. */
export function useChangePart(userId: string) {
  return useMutation({
    mutationFn: (part: Part) => send(api.members[':id'].$patch({ param: { id: userId }, json: { part } })),
    onSuccess: readAgain(MEMBERS),
  })
}

/** Takes somebody out of the workspace. */
export function useRemoveMember(userId: string) {
  return useMutation({
    mutationFn: () => send(api.members[':id'].$delete({ param: { id: userId } })),
    onSuccess: readAgain(MEMBERS),
  })
}

/** Invitations that are still open, newest first. */
export function useInvitations() {
  return usePages(INVITATIONS, (cursor) => send(api.invitations.$get({ query: pageOf(cursor) })), { staleTime: 0 })
}

/** Invites somebody by mail. */
export function useInvite() {
  return useMutation({
    mutationFn: (json: NewInvitation) => send(api.invitations.$post({ json })),
    onSuccess: readAgain(INVITATIONS),
  })
}

/** Takes an invitation back. */
export function useWithdrawInvitation(id: string) {
  return useMutation({
    mutationFn: () => send(api.invitations[':id'].$delete({ param: { id } })),
    onSuccess: readAgain(INVITATIONS),
  })
}
