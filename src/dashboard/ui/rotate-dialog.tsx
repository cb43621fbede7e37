import { useState, type ReactNode } from 'react'
import { Dialog } from './dialog.tsx'
import { FormDialog } from './form-dialog.tsx'
import { OverlapField, USUAL_OVERLAP_SECONDS } from './overlap-field.tsx'

/**
 * Asks how long what is replaced still works, replaces it, and shows the new one, which is seen this once. `children` are
 * further fields.
 */
export function RotateDialog<Issued>({
  title,
  label,
  hints,
  rotate: { data, isPending, error },
  issued,
  children,
  onRotate,
  onClose,
}: {
  title: string
  label: string
  hints: { atOnce: string; later: string }
  rotate: { data: Issued | undefined; isPending: boolean; error: Error | null }
  issued: { title: string; show: (data: Issued) => ReactNode }
  children?: ReactNode
  onRotate: (overlapSeconds: number) => void
  onClose: () => void
}) {
  const [overlap, setOverlap] = useState(USUAL_OVERLAP_SECONDS)
  if (data !== undefined)
    return (
      <Dialog key="issued" title={issued.title} onClose={onClose}>
        {issued.show(data)}
      </Dialog>
    )
  return (
    <FormDialog
      title={title}
      submit="Rotate"
      busy={isPending}
      error={error}
      onClose={onClose}
      onSubmit={() => onRotate(overlap)}
    >
      <OverlapField
        label={label}
        seconds={overlap}
        hint={overlap === 0 ? hints.atOnce : hints.later}
        onChange={setOverlap}
      />
      {children}
    </FormDialog>
  )
}
