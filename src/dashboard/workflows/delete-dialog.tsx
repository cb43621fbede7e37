import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { useDeleteWorkflow } from './queries.ts'

/** Asks before a workflow is removed. */
export function DeleteDialog({
  id,
  name,
  onClose,
  onDeleted,
}: {
  id: string
  name: string
  onClose: () => void
  onDeleted?: () => void
}) {
  const remove = useDeleteWorkflow(id)
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      confirm="Delete"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => onDeleted?.() })}
    >
      The workflow, its versions, schedules and webhooks are removed. Its past runs stay.
    </ConfirmDialog>
  )
}
