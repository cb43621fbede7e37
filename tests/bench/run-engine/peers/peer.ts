import type { Subject } from '../load.ts'

/** Another engine with the same ten calls as a workflow, started and answering. */
export type Peer = {
  subject: Subject
  /** Of all its processes, in MB. */
  memory: () => Promise<number>
  close: () => Promise<void>
}

/** Where to install, and what the workflow calls. */
export type PeerSetting = { folder: string; upstreamUrl: string }

/** The ten calls, by number. */
export const CALLS = Array.from({ length: 10 }, (_, index) => index + 1)
