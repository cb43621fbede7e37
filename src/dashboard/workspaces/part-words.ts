import type { Member } from '../../workspaces/schema.ts'

/** What somebody may do in a workspace, in a word. */
export type Part = Member['part']

/** Each part in words, and what it lets people do. */
export const PARTS: Readonly<Record<Part, { word: string; may: string }>> = {
  owner: { word: 'Owner', may: 'everything, and decides over other owners' },
  admin: { word: 'Administrator', may: 'everything' },
  member: { word: 'Member', may: 'connects APIs and runs workflows; no keys, members or limits' },
  auditor: { word: 'Auditor', may: 'sees everything, changes nothing' },
}

/** The parts that somebody can be invited to. */
export const INVITED = ['member', 'admin', 'auditor'] as const satisfies readonly Part[]

/** Every part, from the least to the most. */
export const ALL_PARTS = ['auditor', 'member', 'admin', 'owner'] as const satisfies readonly Part[]
