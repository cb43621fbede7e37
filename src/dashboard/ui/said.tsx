/** A message of the Worker as a sentence: what stands in backticks is code. */
export function Said({ text }: { text: string }) {
  const parts = text.split('`')
  // Backticks come in pairs; an odd one is left as it is.
  if (parts.length % 2 === 0) return <span className="inline-block first-letter:uppercase">{text}</span>
  return (
    <span className="inline-block first-letter:uppercase">
      {parts.map((part, index) =>
        index % 2 === 1 ? (
          <code key={index} className="font-mono text-[0.85em]">
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </span>
  )
}
