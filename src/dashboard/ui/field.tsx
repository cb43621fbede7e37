import { useId, type ComponentProps, type ReactNode } from 'react'

/** What every field has around its control. */
export type FieldProps = {
  label: string
  hint?: ReactNode
  error?: string | undefined
  optional?: boolean
}

type Wiring = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }

const CONTROL =
  'w-full rounded-lg border border-edge bg-surface px-3 py-2 text-ink placeholder:text-muted aria-invalid:border-danger disabled:opacity-60'

/** A label, its control, a hint and what is wrong with it, tied together for everybody who cannot see them together. */
export function Field({
  label,
  hint,
  error,
  optional,
  children,
}: FieldProps & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId()
  const describedBy = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="grid gap-1.5">
      <div className="flex items-baseline justify-between gap-3 text-sm">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {optional && <span className="text-xs text-muted">optional</span>}
      </div>
      {children({ id, 'aria-describedby': describedBy || undefined, 'aria-invalid': error ? true : undefined })}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-sm text-danger first-letter:uppercase">
          {error}
        </p>
      )}
    </div>
  )
}

/** A field of one line. */
export function TextField({
  label,
  hint,
  error,
  optional,
  className = '',
  ...input
}: FieldProps & ComponentProps<'input'>) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional ?? false}>
      {(wiring) => <input {...wiring} {...input} className={`${CONTROL} min-h-10 ${className}`} />}
    </Field>
  )
}

/** A field of several lines. */
export function AreaField({
  label,
  hint,
  error,
  optional,
  className = '',
  ...area
}: FieldProps & ComponentProps<'textarea'>) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional ?? false}>
      {(wiring) => <textarea {...wiring} {...area} className={`${CONTROL} ${className}`} />}
    </Field>
  )
}

/** A field with given choices. */
export function SelectField({
  label,
  hint,
  error,
  optional,
  children,
  ...select
}: FieldProps & ComponentProps<'select'>) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional ?? false}>
      {(wiring) => (
        <select {...wiring} {...select} className={`${CONTROL} min-h-10`}>
          {children}
        </select>
      )}
    </Field>
  )
}
