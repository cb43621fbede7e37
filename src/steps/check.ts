import { answerCheck } from './answer-schema.ts'
import { checkCall } from './check-call.ts'
import { checkCallee } from './check-callee.ts'
import { checkReferences } from './check-reference.ts'
import { wrong, type Catalogue, type Checked, type CheckFinding, type Path } from './checking.ts'
import type { Callee, Step, WorkflowDefinition } from './schema.ts'
import { templateFields, walkSteps } from './tree.ts'

export type { Catalogue, CheckFinding } from './checking.ts'

/**
 * Holds a definition, linked, against the specifications. `wrong` means that it cannot run; `unproven` that the
 * specifications do not say. No findings: everything is proved, but for types that nobody can know before.
 */
export function checkDefinition(definition: WorkflowDefinition, catalogue: Catalogue): CheckFinding[] {
  return proveDefinition(definition, catalogue).filter(
    ({ verdict, code }) => verdict === 'wrong' || (verdict === 'unproven' && code === 'response_path'),
  )
}

/**
 * Everything that can be said of a definition, place by place: each operation, reference, parameter and type, with
 * whether the specifications confirm it, refute it, or do not say.
 */
export function proveDefinition(definition: WorkflowDefinition, catalogue: Catalogue): CheckFinding[] {
  return reviewAll(definition, catalogue, new Map())
}

type Reviews = Map<readonly Step[], CheckFinding[]>

function reviewAll(
  definition: Pick<WorkflowDefinition, 'inputs' | 'steps' | 'output'>,
  catalogue: Catalogue,
  reviews: Reviews,
): CheckFinding[] {
  const steps = new Map([...walkSteps(definition.steps)].map((step) => [step.id, step]))
  const checked: Checked = { definition, catalogue, findings: [], steps, seen: new Set() }
  const review = (callee: Callee): CheckFinding[] => {
    // Many steps may call one workflow.
    let findings = reviews.get(callee.steps)
    if (!findings) reviews.set(callee.steps, (findings = reviewAll(callee, catalogue, reviews)))
    return findings
  }
  const visible = checkList({ ...checked, review }, definition.steps, ['steps'], new Set())
  checkReferences(checked, definition.output, ['output'], visible)
  return checked.findings
}

type Checking = Checked & { review: (callee: Callee) => readonly CheckFinding[] }

/** Checks a list of steps; returns the ids that what comes after it may refer to. */
function checkList(checked: Checking, steps: readonly Step[], path: Path, outside: ReadonlySet<string>): Set<string> {
  const visible = new Set(outside)
  const siblings = new Set<string>()
  steps.forEach((step, index) => {
    const at = [...path, index]
    if (checked.seen.has(step.id)) wrong(checked, [...at, 'id'], 'duplicate_id', `the id "${step.id}" is used twice`)
    checked.seen.add(step.id)
    checkOwn(checked, step, at)
    // A loop may ask of itself what it has given so far.
    const named = step.type === 'loop' ? new Set([...visible, step.id]) : visible
    for (const [name, template] of Object.entries(templateFields(step)))
      checkReferences(checked, template, [...at, name], named)
    for (const id of step.dependsOn ?? [])
      if (!siblings.has(id))
        wrong(checked, [...at, 'dependsOn'], 'unknown_step', `there is no earlier step "${id}" beside it`)
    checkGoto(checked, step, steps.slice(index + 1), at)
    for (const id of checkInside(checked, step, at, visible)) visible.add(id)
    visible.add(step.id)
    siblings.add(step.id)
  })
  return visible
}

/** Checks what a step itself asks for. */
function checkOwn(checked: Checking, step: Step, path: Path): void {
  if (step.type === 'api_call') checkCall(checked, step, path)
  if (step.type === 'workflow') checkCallee(checked, step, path, checked.review)
  if (step.type === 'ai' && !answerCheck(step.schema))
    wrong(checked, [...path, 'schema'], 'schema', 'the schema of the answer is none that can be used')
  if (step.retry && step.type in UNREPEATABLE)
    wrong(checked, [...path, 'retry'], 'retry_without_effect', UNREPEATABLE[step.type as keyof typeof UNREPEATABLE])
}

/** Kinds of steps of which a second attempt comes to what the first came to, and why. */
const UNREPEATABLE = {
  transform: 'what an expression of the same values gives is the same again: a transform is not retried',
  delay: 'nothing in a delay passes by itself once it has failed: it is not retried',
  approval: 'nobody is asked again what they refused or let pass: an approval is not retried',
} satisfies Partial<Record<Step['type'], string>>

/** Checks what a step holds; returns the ids in it that what comes after the step may refer to. */
function checkInside(checked: Checking, step: Step, path: Path, visible: ReadonlySet<string>): Iterable<string> {
  switch (step.type) {
    case 'condition':
      return [
        ...checkList(checked, step.then, [...path, 'then'], visible),
        ...(step.else ? checkList(checked, step.else, [...path, 'else'], visible) : []),
      ]
    case 'parallel':
      return step.branches.flatMap((branch, index) => [
        ...checkList(checked, branch, [...path, 'branches', index], visible),
      ])
    case 'loop':
      checkList(checked, step.steps, [...path, 'steps'], visible)
      return []
    case 'api_call':
    case 'transform':
    case 'delay':
    case 'approval':
    case 'ai':
    case 'workflow':
      return []
    default:
      return step satisfies never
  }
}

function checkGoto(checked: Checked, step: Step, later: readonly Step[], path: Path): void {
  if (typeof step.onError !== 'object') return
  const { goto } = step.onError
  if (!later.some(({ id }) => id === goto))
    wrong(checked, [...path, 'onError', 'goto'], 'unknown_step', `there is no later step "${goto}" beside it`)
}
