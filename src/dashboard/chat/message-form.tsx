import { ArrowUp } from 'lucide-react'
import { useEffect, useRef, type FormEvent, type KeyboardEvent } from 'react'
import { Button } from '../ui/button.tsx'

/**
 * The box for a message. Enter sends it, Shift and Enter start a new line. Where the message goes on with a chat, it says so
 * and offers to start anew.
 */
export function MessageForm({
  text,
  busy,
  goesOn,
  onChange,
  onSubmit,
  onStartAnew,
}: {
  text: string
  busy: boolean
  goesOn: boolean
  onChange: (text: string) => void
  onSubmit: () => void
  onStartAnew: () => void
}) {
  const box = useRef<HTMLTextAreaElement>(null)
  // An example that was chosen lands in the box, ready to be changed.
  useEffect(() => {
    if (text) box.current?.focus()
  }, [text])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    onSubmit()
  }
  return (
    <form onSubmit={submit} className="grid gap-3">
      <h1 className="text-2xl sm:text-3xl">
        <label htmlFor="message">What should happen?</label>
      </h1>
      <div className="rounded-2xl border border-edge bg-surface shadow-sm focus-within:border-accent focus-within:ring-1 focus-within:ring-accent">
        <textarea
          id="message"
          ref={box}
          rows={2}
          maxLength={10_000}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={key}
          aria-describedby="message-hint"
          placeholder="Say it in your own words"
          className="field-sizing-content max-h-64 min-h-18 w-full resize-none bg-transparent px-4 pt-3.5 text-base outline-none placeholder:text-muted"
        />
        <div className="flex items-center justify-between gap-3 px-3 pb-3">
          <p id="message-hint" className="min-w-0 px-1 text-xs text-muted">
            {goesOn ? 'Goes on with the plan below; ' : ''}
            {goesOn ? 'nothing' : 'Nothing'} is called until you confirm.
          </p>
          <div className="flex shrink-0 gap-2">
            {goesOn && (
              <Button look="quiet" onClick={onStartAnew}>
                New chat
              </Button>
            )}
            <Button type="submit" look="primary" busy={busy} disabled={text.trim() === ''}>
              {!busy && <ArrowUp aria-hidden size={16} />}
              Plan
            </Button>
          </div>
        </div>
      </div>
    </form>
  )
}
