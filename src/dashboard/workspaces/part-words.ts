import type { Member } from '../../workspaces/schema.ts'

/** What somebody may do in a workspace, in a word. */
export type Part = Member['part']

/** Each part in words, and what people may do by it. */
export const PARTS: Readonly<Record<Part, { word: string; may: string }>> = {
  owner: { word: 'Owner', may: 'do everything, and decide over other owners' },
  admin: { word: 'Administrator', may: 'do everything but decide over owners' },
  member: { word: 'Member', may: 'connect APIs and run workflows, not look after keys, members or limits' },
  auditor: { word: 'Auditor', may: 'see everything and change nothing' },
}

/** The parts that somebody can be invited to. */
export const INVITED = ['member', 'admin', 'auditor'] as const satisfies readonly Part[]

/** Every part, from the least to the most. */
export const ALL_PARTS = ['auditor', 'member', 'admin', 'owner'] as const satisfies readonly Part[]
