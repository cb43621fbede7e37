/** The sign-in page that leads back to where the person is now. */
export function signInPath(path: string, search: string): string {
  const from = search ? `${path}?${search}` : path
  return from === '/' ? '/login' : `/login?next=${encodeURIComponent(from)}`
}

/** Where to go after signing in: a path of this site and of no other. */
export function returnPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/'
  const url = URL.parse(next, window.location.origin)
  return url?.origin === window.location.origin ? `${url.pathname}${url.search}` : '/'
}
