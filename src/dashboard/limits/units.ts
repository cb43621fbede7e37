import type { LimitsView } from '../../runs/limit-schema.ts'
import { count } from '../lib/text.ts'

/** A limit of runs by its name. */
export type LimitName = keyof LimitsView['values']

/**
 * How people see a limit: what it bounds, in what it is counted, how much of the stored value one of that is, and the
 * least of it that is of use.
 */
export type LimitWords = { name: LimitName; label: string; unit: string; size: number; least: number; hint: string }

/** Every limit that a workspace can set. */
export const LIMITS: readonly LimitWords[] = [
  { name: 'maxSteps', label: 'Steps per run', unit: 'step', size: 1, least: 1, hint: 'Each attempt at a step counts.' },
  {
    name: 'maxDurationMs',
    label: 'Duration of a run, in hours',
    unit: 'hour',
    size: 3_600_000,
    least: 0.001,
    hint: 'From its start, or from when a failed one was resumed.',
  },
  {
    name: 'maxConcurrency',
    label: 'Runs open at a time',
    unit: 'run',
    size: 1,
    least: 1,
    hint: 'More are refused until one ends.',
  },
  {
    name: 'maxDataBytes',
    label: 'Data of a run, in MB',
    unit: 'MB',
    size: 1_000_000,
    least: 1,
    hint: 'What it keeps: its log, with every value once.',
  },
]

/** A stored value in words: "720 hours", "50 MB". */
export function inWords({ unit, size }: LimitWords, value: number): string {
  const amount = Math.round((value / size) * 1000) / 1000
  return unit === 'MB' ? `${amount.toLocaleString('en')} MB` : count(amount, unit)
}
