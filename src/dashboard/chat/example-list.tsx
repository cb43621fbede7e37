import { Bar } from '../ui/skeleton.tsx'

/** Examples to start from; one that is chosen goes to the box. */
export function Examples({
  query,
  onChoose,
}: {
  query: { isPending: boolean; data: string[] | null | undefined }
  onChoose: (example: string) => void
}) {
  if (query.isPending)
    return (
      <div className="flex min-h-9 flex-wrap gap-2">
        <Bar className="h-9 w-32 rounded-full" />
        <Bar className="h-9 w-44 rounded-full" />
        <Bar className="h-9 w-36 rounded-full" />
      </div>
    )
  return (
    <ul aria-label="Examples" className="flex min-h-9 flex-wrap gap-2">
      {query.data?.map((example) => (
        <li key={example}>
          <button
            type="button"
            onClick={() => onChoose(example)}
            className="min-h-9 rounded-full border border-line bg-surface px-4 py-1.5 text-left text-sm text-muted transition-colors hover:border-edge hover:text-ink"
          >
            {example}
          </button>
        </li>
      ))}
    </ul>
  )
}
