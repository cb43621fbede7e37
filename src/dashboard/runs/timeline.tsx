import { isOpen, type RunView } from './run-view.ts'
import { StepItem } from './step-item.tsx'
import { stepWords } from './step-words.ts'

/** The steps of a run from the first to the last. */
export function Timeline({ id, run }: { id: string; run: RunView }) {
  const over = !isOpen(run.status)
  return (
    <section aria-labelledby="steps" className="grid gap-3">
      <h2 id="steps" className="text-lg">
        Steps
      </h2>
      <p aria-live="polite" className="sr-only">
        {run.steps
          .filter(({ status }) => status !== 'pending')
          .map((step) => `${step.name ?? step.id}: ${stepWords(step.status, over)}.`)
          .at(-1)}
      </p>
      <ol>
        {run.steps.map((step, index) => (
          <StepItem key={step.id} id={id} step={step} over={over} last={index === run.steps.length - 1} />
        ))}
      </ol>
    </section>
  )
}
