import type { Step, WorkflowDefinition } from '../../steps/schema.ts'
import type { WorkflowDetail } from '../../workflows/schema.ts'

/** What the specifications say of a place in a definition; `path` is a JSON pointer. */
export type Finding = WorkflowDetail['findings'][number]

/** A step where it stands, with the steps inside it in their lists. */
export type PlacedStep = { step: Step; findings: Finding[]; inside: readonly { title: string; steps: PlacedStep[] }[] }

/** Every step with what concerns it, and what concerns none of them: inputs and output. */
export function placeFindings(
  { steps }: WorkflowDefinition,
  findings: readonly Finding[],
): { steps: PlacedStep[]; others: Finding[] } {
  const { placed, others } = placeIn(steps, '/steps', findings)
  return { steps: placed, others }
}

/** Sorts findings into the steps of a list; the innermost step that a path leads into has it. */
function placeIn(
  steps: readonly Step[],
  pointer: string,
  findings: readonly Finding[],
): { placed: PlacedStep[]; others: Finding[] } {
  const placed = steps.map((step, index) => {
    const at = `${pointer}/${index}`
    let own = findings.filter(({ path }) => path === at || path.startsWith(`${at}/`))
    const inside = listsOf(step).map(({ title, steps: list, place }) => {
      const { placed: within, others } = placeIn(list, `${at}/${place}`, own)
      own = others
      return { title, steps: within }
    })
    return { step, findings: own.map((finding) => ({ ...finding, path: finding.path.slice(at.length) })), inside }
  })
  const known = (path: string) =>
    steps.some((_, index) => path === `${pointer}/${index}` || path.startsWith(`${pointer}/${index}/`))
  return { placed, others: findings.filter(({ path }) => !known(path)) }
}

type List = { title: string; place: string; steps: readonly Step[] }

/** The lists of steps that a step holds, each with what it is called and its place in the step. */
export function listsOf(step: Step): List[] {
  switch (step.type) {
    case 'condition':
      return [
        { title: 'If so', place: 'then', steps: step.then },
        { title: 'If not', place: 'else', steps: step.else ?? [] },
      ].filter(({ steps }) => steps.length > 0)
    case 'loop':
      return [{ title: 'Each time', place: 'steps', steps: step.steps }]
    case 'parallel':
      return step.branches.map((steps, index) => ({ title: `Branch ${index + 1}`, place: `branches/${index}`, steps }))
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
