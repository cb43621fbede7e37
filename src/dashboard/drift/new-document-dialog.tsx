import { useState, type FormEvent } from 'react'
import type { RefreshRequest } from '../../connections/schema.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { AreaField, TextField } from '../ui/field.tsx'
import { FileField } from '../ui/file-field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Segmented } from '../ui/segmented.tsx'

// A request in JSON may have 2 MB.
const MOST = 1_900_000
const WAYS = [
  ['file', 'A file'],
  ['paste', 'Paste it'],
  ['url', 'A URL'],
] as const

/** Takes the new document of an API that has no URL to fetch it from, or moves to another URL. */
export function NewDocumentDialog({
  busy,
  error,
  onSubmit,
  onClose,
}: {
  busy: boolean
  error: unknown
  onSubmit: (request: RefreshRequest) => void
  onClose: () => void
}) {
  const [way, setWay] = useState<'file' | 'paste' | 'url'>('file')
  const [file, setFile] = useState<File | null>(null)
  const [text, setText] = useState('')
  const size = way === 'file' ? (file?.size ?? 0) : text.length
  const tooLarge = size > MOST ? 'Larger than 2 MB. Put it at a URL, or connect it anew as a file.' : undefined
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (tooLarge) return
    if (way === 'url') return onSubmit({ specUrl: text.trim() })
    onSubmit({ spec: way === 'file' ? ((await file?.text()) ?? '') : text })
  }
  return (
    <Dialog title="Give the new document" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="grid gap-5">
        <Segmented legend="Where the document is" value={way} choices={WAYS} onChange={setWay} />
        {way === 'file' && (
          <FileField
            label="Choose a file, or drop it here"
            hint="Up to 2 MB"
            accept=".json,.yaml,.yml,.har,.txt"
            file={file}
            error={tooLarge}
            onChange={setFile}
          />
        )}
        {way === 'paste' && (
          <AreaField
            label="Document"
            rows={8}
            required
            spellCheck={false}
            className="font-mono text-xs"
            value={text}
            onChange={(event) => setText(event.target.value)}
            error={tooLarge}
          />
        )}
        {way === 'url' && (
          <TextField
            label="URL of the document"
            type="url"
            required
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
        {error !== null && <ProblemNotice error={error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy} disabled={way === 'file' && file === null}>
            Compare and keep
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
