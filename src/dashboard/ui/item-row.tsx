import type { ReactNode } from 'react'

/**
 * One item of a list: its name, what there is to say of it, and what can be done with it at the end of the line; below
 * that what it has besides.
 */
export function ItemRow({
  title,
  about,
  actions,
  children,
}: {
  title: ReactNode
  about: ReactNode
  actions: ReactNode
  children?: ReactNode
}) {
  return (
    <div className="grid gap-3 px-4 py-3.5 sm:px-5">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2">
        <div className="grid min-w-0 flex-1 basis-56 gap-1">
          <h3 className="flex flex-wrap items-center gap-2 text-[0.9375rem]">{title}</h3>
          <div className="text-sm text-muted">{about}</div>
        </div>
        {actions}
      </div>
      {children}
    </div>
  )
}
