import type { Ctx } from '../context.ts'

const kept = new WeakMap<Ctx, Map<string, unknown>>()

/** The same context, which reads the same of the catalogue only once: for one request, which may plan a message twice. */
export function readingOnce(ctx: Ctx): Ctx {
  const same = { ...ctx }
  kept.set(same, new Map())
  return same
}

/**
 * What `make` made under this key before, within one request that reads once; made anew anywhere else. A promise that
 * is rejected is not kept: whoever asks next tries again.
 */
export function once<Value>(ctx: Ctx, key: string, make: () => Value): Value {
  const known = kept.get(ctx)
  if (!known) return make()
  if (!known.has(key)) {
    const made = make()
    known.set(key, made)
    if (made instanceof Promise) made.catch(() => known.delete(key))
  }
  // A key stands for one kind of value: its callers begin it with a name of their own.
  return known.get(key) as Value
}
