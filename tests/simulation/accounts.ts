import type { RunEvent } from '../../src/runs/machine/events.ts'
import { stepAt } from '../../src/runs/machine/machine.ts'
import type { RunState } from '../../src/runs/machine/state.ts'
import { Violation } from './violation.ts'

/** A call with an effect as it leaves. `round` is how often the run had been taken up again after it had failed. */
export type Leaving = { path: string; attempt: number; round: number; key: string; body: string }

type Sent = Omit<Leaving, 'key' | 'body'>

/** The books on calls with an effect: what has left, how often it may, and under which key. */
export type Accounts = {
  /** These events are on the disk. */
  written: (events: readonly RunEvent[]) => void
  /** A call leaves. @throws Violation when it must not */
  leaves: (call: Leaving, state: RunState) => void
  /** An attempt may be made once more: a crash has cut it short, or somebody wants it. */
  excuse: (attempt: Sent) => void
}

/** Books with nothing in them. */
export function createAccounts(): Accounts {
  const completed = new Set<string>()
  const sent = new Map<string, number>()
  const excused = new Map<string, number>()
  const bodies = new Map<string, string>()
  const nameOf = ({ path, attempt, round }: Sent) => `${path}#${attempt}#${round}`
  return {
    written: (events) => {
      for (const event of events) if (event.type === 'step.succeeded') completed.add(event.step)
    },
    leaves: (call, state) => {
      const { path, attempt, key, body } = call
      const step = stepAt(state, path)
      if (step.status !== 'running' || step.attempt !== attempt)
        throw new Violation('sent', `${path} left while ${step.status}`)
      if (completed.has(path)) throw new Violation('again', `${path} left again though its completion was written`)
      const name = nameOf(call)
      const times = (sent.get(name) ?? 0) + 1
      const allowed = 1 + (excused.get(name) ?? 0)
      if (times > allowed)
        throw new Violation('repeated', `${name} left ${times} times, and only ${allowed} are excused`)
      sent.set(name, times)
      const before = bodies.get(key)
      if (before !== undefined && before !== body) throw new Violation('key', `${key} left with two different requests`)
      bodies.set(key, body)
    },
    excuse: (attempt) => void excused.set(nameOf(attempt), sent.get(nameOf(attempt)) ?? 0),
  }
}
