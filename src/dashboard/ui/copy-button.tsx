import { Check, Copy } from 'lucide-react'
import { useState } from 'react'

/** Puts a text on the clipboard, and says so for a moment. `what` tells several of them apart. */
export function CopyButton({ text, what, className = '' }: { text: string; what?: string; className?: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <button
      type="button"
      aria-label={[copied ? 'Copied' : 'Copy', what].filter(Boolean).join(' ')}
      onClick={() => void copy()}
      className={`grid shrink-0 place-items-center rounded-md text-muted hover:text-ink ${className}`}
    >
      {copied ? <Check aria-hidden size={14} /> : <Copy aria-hidden size={14} />}
    </button>
  )
}
