import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'

type Page<T> = { data: T[]; meta: { nextCursor: string | null } }

/** A list that is read page by page: everything read so far, and how to read on. */
export function usePages<T>(
  key: readonly unknown[],
  read: (cursor: string | undefined) => Promise<Page<T>>,
  options: { refetchInterval?: (items: T[]) => number | false; staleTime?: number } = {},
) {
  const { refetchInterval, staleTime } = options
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    ...(staleTime !== undefined && { staleTime }),
    refetchInterval: (query) => refetchInterval?.(query.state.data?.pages.flatMap((page) => page.data) ?? []) ?? false,
  })
  return { ...query, items: query.data?.pages.flatMap((page) => page.data) ?? [] }
}
