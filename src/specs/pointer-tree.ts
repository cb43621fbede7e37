/** A place that is looked for in a text, and what is looked for within it. */
export type Target = {
  readonly parent: Target | null
  readonly inner: Map<string, Target>
  /** Where it starts in the text; null until it is found. */
  offset: number | null
  /** The place of a JSON pointer below this one, made where there is none yet. */
  enter: (pointer: string) => Target
}

export function newTarget(parent: Target | null = null): Target {
  const target: Target = {
    parent,
    inner: new Map(),
    offset: null,
    enter: (pointer) => pointer.split('/').slice(1).reduce(within, target),
  }
  return target
}

/** Takes back what was found in a place: of two members of one name the last one counts. */
export function forget(target: Target): void {
  for (const inner of target.inner.values()) {
    inner.offset = null
    forget(inner)
  }
}

function within(target: Target, raw: string): Target {
  const token = raw.replaceAll('~1', '/').replaceAll('~0', '~')
  const inner = target.inner.get(token) ?? newTarget(target)
  target.inner.set(token, inner)
  return inner
}
