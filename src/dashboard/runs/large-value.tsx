import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { readPlain } from '../api/client.ts'
import { bytes } from '../lib/text.ts'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Bar } from '../ui/skeleton.tsx'
import type { ValueRef } from './value-ref.ts'

/** Where a large value was left out: a link that reads all of it, and shows it in its place. */
export function LargeValue({ value, children }: { value: ValueRef; children: (whole: unknown) => ReactNode }) {
  const [wanted, setWanted] = useState(false)
  const whole = useQuery({
    queryKey: ['runs', 'value', value.$ref],
    enabled: wanted,
    staleTime: Infinity,
    queryFn: () => readPlain(value.$ref),
  })
  if (whole.isSuccess) return children(whole.data)
  if (whole.isError) return <ProblemNotice error={whole.error} onRetry={() => void whole.refetch()} />
  if (wanted) return <Bar className="h-4 w-40" />
  return (
    <a
      href={value.$ref}
      onClick={(event) => {
        event.preventDefault()
        setWanted(true)
      }}
      className="font-medium text-accent-ink underline underline-offset-2"
    >
      Load the whole value ({bytes(value.bytes)})
    </a>
  )
}
