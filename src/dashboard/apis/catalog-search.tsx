import { useState, type FormEvent } from 'react'
import { useLocation } from 'wouter'
import { Button } from '../ui/button.tsx'
import { SearchField } from '../ui/search-field.tsx'

/** Leads to the search over every API's operations. */
export function CatalogSearch() {
  const [text, setText] = useState('')
  const [, navigate] = useLocation()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    navigate(`/operations${text.trim() ? `?${new URLSearchParams({ q: text.trim() })}` : ''}`)
  }
  return (
    <form role="search" onSubmit={submit} className="flex gap-2">
      <SearchField
        label="Search the operations of all APIs"
        className="min-w-0 flex-1"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit">Search</Button>
    </form>
  )
}
