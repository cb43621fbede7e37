import type { Spread } from './latencies.ts'
import type { Figures } from './load.ts'
import type { LogSize } from './log-size.ts'
import type { LoopShare } from './loop-share.ts'
import type { Machine } from './machine.ts'
import type { LoopMemory } from './memory.ts'

/** Everything that one run of the bench has seen; what was not asked for is left out. */
export type Results = {
  machine: Machine
  /** Titles of the subjects by name, in the order of the table. */
  titles: ReadonlyMap<string, string>
  /** By the number of clients, then by subject. */
  load: ReadonlyMap<number, ReadonlyMap<string, Figures>>
  /** Memory of whole processes in MB after the load, by who they are. */
  rss: ReadonlyMap<string, number>
  loop?: LoopShare
  memory?: LoopMemory[]
  log?: LogSize[]
  firstByte?: Spread
  eventLag?: Spread
  /** What could not be measured, and why. */
  failures: string[]
}
