import type { Endpoint } from '../catalog/service.ts'
import { toPointer } from '../lib/json-pointer.ts'
import type { Step, WorkflowDefinition } from './schema.ts'

/** What the specifications say of a place in a definition. */
export type Verdict = 'proved' | 'wrong' | 'unproven'

/** One thing that is known about a place in a definition; `path` is a JSON pointer to it. */
export type CheckFinding = { path: string; code: string; message: string; verdict: Verdict }

/** Looks an operation up by the API's slug and the operation's name. */
export type Catalogue = (api: string, operation: string) => Endpoint | undefined

/** A place in a definition. */
export type Path = readonly (string | number)[]

/** A check on its way through a definition. */
export type Checked = {
  definition: Pick<WorkflowDefinition, 'inputs' | 'steps' | 'output'>
  catalogue: Catalogue
  findings: CheckFinding[]
  /** Every step of the definition by its id. */
  steps: ReadonlyMap<string, Step>
  seen: Set<string>
}

/** Notes what cannot be. */
export function wrong(checked: Checked, path: Path, code: string, message: string): void {
  checked.findings.push({ path: toPointer(path), code, message, verdict: 'wrong' })
}

/** Notes what the specifications do not say. */
export function unproven(checked: Checked, path: Path, code: string, message: string): void {
  checked.findings.push({ path: toPointer(path), code, message, verdict: 'unproven' })
}

/** Notes what the specifications confirm. */
export function proved(checked: Checked, path: Path, code: string, message: string): void {
  checked.findings.push({ path: toPointer(path), code, message, verdict: 'proved' })
}
