import type { FormEvent, ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ProblemNotice } from './problem-notice.tsx'

/** A dialog that asks for something: its fields, what was wrong with them, and the buttons that leave it or send it. */
export function FormDialog({
  title,
  submit,
  look = 'primary',
  busy,
  error,
  onSubmit,
  onClose,
  children,
}: {
  title: string
  /** What the button says that sends it. */
  submit: string
  look?: 'primary' | 'danger'
  busy: boolean
  error: unknown
  onSubmit: (form: HTMLFormElement) => void
  onClose: () => void
  children: ReactNode
}) {
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    onSubmit(event.currentTarget)
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={send} className="grid gap-5">
        {children}
        {error !== null && error !== undefined && <ProblemNotice error={error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={look} busy={busy}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
