import type { ReactNode } from 'react'
import type { Me } from '../../auth/schema.ts'
import { useMe } from './session.ts'

type Scope = Me['scopes'][number]

/** What whoever is signed in may do in the workspace; nothing while that is not known yet. */
export function useMay() {
  const { data: me } = useMe()
  const has = (scope: Scope) => me?.scopes.includes(scope) ?? false
  const admin = has('admin')
  return {
    write: has('write'),
    execute: has('execute'),
    admin,
    /** See what administrators look after; auditors do, and change nothing of it. */
    oversee: admin || me?.role === 'AUDITOR',
  }
}

/** What only those see who may use it: a button that would be refused is not shown. */
export function IfMay({ do: right, children }: { do: keyof ReturnType<typeof useMay>; children: ReactNode }) {
  return useMay()[right] ? children : null
}
