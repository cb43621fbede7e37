import type { Effect } from '../../specs/operation.ts'

/** The ways that are a part of verbs: "in" of "check in". */
export const WAYS: ReadonlySet<string> = new Set(['in', 'out', 'on', 'off', 'up', 'down'])

/** What is looked for: a clause, or the whole message, as stems. */
export type Need = {
  terms: readonly string[]
  head: string | null
  verb: string | null
  /** The verb, also one as general as "search". */
  action: string | null
  /** Which way it goes where that is a part of the verb: "check in", "check booking 5 out". */
  particle: string | null
  effect: Effect | 'unknown'
  plural: boolean
  /** Whether it asks how many there are. */
  counts: boolean
  /** Whether something stands in it that could be an id, a name to search by, and any value at all. */
  ids: number
  names: number
  values: number
  /** Whether ids or numbers stand in one list: "1, 2 and 3". */
  listed: boolean
  /** Whether a thing in a thing is named: "octocat/hello-world". */
  nested: boolean
  /** Whether what is asked for belongs to whoever asks: "my orders". */
  mine: boolean
  /** Whether it belongs to somebody who is named as one: "of the user alice". */
  somebodys: boolean
  /** What the names are names of, where it is said: "the movie Titanic". */
  classes: ReadonlySet<string>
  /** Whether a name is that of somebody who does something: "directed by …". */
  agents: boolean
  /** Whether a name is that of who does what is asked about: "which albums has Ada released". */
  acts: boolean
  /** Whether what is asked for is that of something named: "the albums of Ada", "Ada's albums". */
  ofNamed: boolean
  /** Whether those are asked for that come first by how good or liked they are: "top", "most popular". */
  ranked: boolean
  /** Whether it is a question for what something is: "who", "where". */
  asks: boolean
  /** Whether it is a question for whether something is so: "am I following Ada?" */
  whether: boolean
  /** Stem of the noun of the one thing that what is asked for belongs to, where that is sure. */
  ownedBy: string | null
  /** Stems of the whole message. */
  context: ReadonlySet<string>
  /** Stem of the noun that the clause before is about, and all that it tells; null and empty for the first clause. */
  owner: string | null
  focus: ReadonlySet<string>
  /** Whether the clause points back at it: "its logs". */
  refersBack: boolean
  /** Stems of all clauses before. */
  told: ReadonlySet<string>
}

/** What the operations at hand are together: how rare a stem is among them, and what is done to the same thing. */
export type Company = {
  rarity: (stem: string) => number
  deeds: ReadonlyMap<string, ReadonlySet<Deed>>
}

/** What operations are told apart by that do something to the same thing. */
export const DEEDS = ['read', 'create', 'update', 'delete'] as const
export type Deed = (typeof DEEDS)[number]
