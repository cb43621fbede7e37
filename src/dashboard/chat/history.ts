import { useSyncExternalStore } from 'react'
import type { Plan } from '../../planner/schema.ts'
import type { Trouble } from '../api/problem.ts'
import type { Progress } from './progress-words.ts'

/** One message of this session and what came of it. */
export type Turn = { key: string; message: string } & (
  | { state: 'planning'; progress: Progress }
  | { state: 'planned'; plan: Plan }
  | { state: 'failed'; problem: Trouble }
)

const STORAGE_KEY = 'apiq.chat.2'
const KEPT = 30
const watchers = new Set<() => void>()
let turns: readonly Turn[] = load()

/** The messages of this session, newest first; they outlive a reload of the page, not the browser tab. */
export function useHistory(): readonly Turn[] {
  return useSyncExternalStore(watch, () => turns)
}

/** Adds a turn, or replaces the one with its key. */
export function putTurn(turn: Turn): void {
  const known = turns.some(({ key }) => key === turn.key)
  update(known ? turns.map((old) => (old.key === turn.key ? turn : old)) : [turn, ...turns].slice(0, KEPT))
}

/** The chat that the next message goes on with, if there is one. */
export function chatOf(turns: readonly Turn[]): string | undefined {
  const last = turns.find((turn) => turn.state === 'planned')
  return last?.plan.chatId
}

/** Takes one of the readings that a plan offers in its place. */
export function takeReading(key: string, plan: Plan): void {
  update(turns.map((turn) => (turn.key === key ? { key, message: turn.message, state: 'planned', plan } : turn)))
}

/** Notes what a plan became that was confirmed: a run, or a workflow that runs by itself. */
export function noteConfirmed(planId: string, became: Partial<Pick<Plan, 'executionId' | 'workflowId'>>): void {
  update(
    turns.map((turn) =>
      turn.state === 'planned' && turn.plan.id === planId ? { ...turn, plan: { ...turn.plan, ...became } } : turn,
    ),
  )
}

/** Forgets every message. */
export function clearHistory(): void {
  update([])
}

function watch(notify: () => void): () => void {
  watchers.add(notify)
  return () => watchers.delete(notify)
}

function update(next: readonly Turn[]): void {
  turns = next
  for (const notify of watchers) notify()
  // What is still to come changes with every word of it, and would not outlive the page anyway.
  if (next.some(({ state }) => state === 'planning')) return
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(next))
  } catch {
    // Storage is full or closed to us; the history then lives as long as the page.
  }
}

function load(): Turn[] {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? '[]') as Turn[]
    // An answer that was still to come is lost with the page that waited for it.
    return stored.filter((turn) => turn.state !== 'planning')
  } catch {
    return []
  }
}
