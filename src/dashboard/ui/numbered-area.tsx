import { useMemo, useRef, type RefObject } from 'react'
import { Field, type FieldProps } from './field.tsx'

// Tailwind's leading-5, which the numbers and the text share.
const LINE_PX = 20

/** A text of many lines with their numbers beside them; lines in `marked` stand out. */
export function NumberedArea({
  value,
  marked,
  placeholder,
  area,
  onChange,
  ...field
}: FieldProps & {
  value: string
  marked: readonly number[]
  placeholder: string
  area: RefObject<HTMLTextAreaElement | null>
  onChange: (value: string) => void
}) {
  const gutter = useRef<HTMLDivElement>(null)
  const numbers = useMemo(() => {
    const lines = value.split('\n').length
    return Array.from({ length: lines }, (_, index) => index + 1).join('\n')
  }, [value])
  return (
    <Field {...field}>
      {(wiring) => (
        <div className="flex h-64 overflow-hidden rounded-lg border border-edge bg-surface font-mono text-xs leading-5 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent has-aria-invalid:border-danger">
          <div
            ref={gutter}
            aria-hidden
            className="relative min-w-10 shrink-0 overflow-hidden border-r border-line bg-sunken py-2 text-right text-muted select-none"
          >
            <pre className="px-2 font-mono">{numbers}</pre>
            {marked.map((line) => (
              <span
                key={line}
                className="absolute inset-x-0 bg-delete-soft px-2 font-semibold text-delete"
                style={{ top: `calc(0.5rem + ${(line - 1) * LINE_PX}px)`, height: LINE_PX }}
              >
                {line}
              </span>
            ))}
            {/* As tall as a sideways scroll bar, so that the last lines stay level. */}
            <div className="h-6" />
          </div>
          <textarea
            {...wiring}
            ref={area}
            wrap="off"
            spellCheck={false}
            placeholder={placeholder}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            onScroll={(event) => {
              if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop
            }}
            className="min-w-0 flex-1 resize-none px-3 py-2 outline-none placeholder:text-muted"
          />
        </div>
      )}
    </Field>
  )
}

/** Puts the cursor on a line, and brings it into view. */
export function goToLine(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split('\n')
  const start = lines.slice(0, line - 1).reduce((length, text) => length + text.length + 1, 0)
  area.focus()
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0))
  area.scrollTop = Math.max(0, (line - 3) * LINE_PX)
  area.scrollLeft = 0
}
