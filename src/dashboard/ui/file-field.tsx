import { FileUp } from 'lucide-react'
import { useId, useState } from 'react'
import { bytes } from '../lib/text.ts'

/** A file: chosen, or dropped here. */
export function FileField({
  label,
  hint,
  accept,
  file,
  error,
  onChange,
}: {
  label: string
  hint: string
  accept: string
  file: File | null
  error?: string | undefined
  onChange: (file: File) => void
}) {
  const id = useId()
  const [over, setOver] = useState(false)
  const take = (files: FileList | null) => {
    const [first] = files ?? []
    if (first) onChange(first)
  }
  return (
    <div className="grid gap-1.5">
      <label
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          take(event.dataTransfer.files)
        }}
        className={`grid cursor-pointer justify-items-center gap-1.5 rounded-xl border border-dashed px-4 py-8 text-center transition-colors hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent ${over ? 'border-accent bg-accent-soft' : error ? 'border-danger' : 'border-edge'}`}
      >
        <FileUp aria-hidden size={22} className="text-accent-ink" />
        <span className="font-medium">{file ? `${file.name} — choose another` : label}</span>
        <span className="text-xs text-muted">{file ? bytes(file.size) : hint}</span>
        <input
          type="file"
          accept={accept}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? id : undefined}
          className="sr-only"
          onChange={(event) => take(event.target.files)}
        />
      </label>
      {error && (
        <p id={id} className="text-sm text-danger">
          {error}
        </p>
      )}
    </div>
  )
}
