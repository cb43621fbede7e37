import { z } from '@hono/zod-openapi'

const effects = {
  delayMs: z.int().min(0).max(600_000).optional(),
  status: z.int().min(400).max(599).optional(),
  rateLimit: z.strictObject({ retryAfterSeconds: z.int().min(0) }).optional(),
  reset: z.literal(true).optional(),
  after: z.boolean().optional(),
}

function hasEffect(fault: Fault): boolean {
  return [fault.delayMs, fault.status, fault.rateLimit, fault.reset].some((effect) => effect !== undefined)
}

const needsEffect = { message: 'one of delayMs, status, rateLimit and reset is needed' }
const faultShape = z.strictObject(effects).refine(hasEffect, needsEffect)

/** The body of PUT /__faults. */
export const faultSwitchShape = z
  .strictObject({
    ...effects,
    times: z.int().min(1).optional(),
    method: z.string().toUpperCase().optional(),
    pathPrefix: z.string().startsWith('/').optional(),
  })
  .refine(hasEffect, needsEffect)

/**
 * What goes wrong with a request: a delay, then an error answer or a broken connection. With `after` the request
 * is acted on first and only its answer is lost.
 */
export interface Fault {
  delayMs?: number | undefined
  status?: number | undefined
  rateLimit?: { retryAfterSeconds: number } | undefined
  reset?: true | undefined
  after?: boolean | undefined
}

/** A fault together with the requests it hits: the next `times` matching ones, or all until cleared. */
export interface FaultSwitch extends Fault {
  times?: number | undefined
  method?: string | undefined
  pathPrefix?: string | undefined
}

/** The one fault switch of a store. */
export class FaultSwitches {
  active: FaultSwitch | null = null
  /** How many requests the active switch has hit since it was set. */
  hits = 0

  /** Replaces the active switch. */
  set(next: FaultSwitch): void {
    this.active = { ...next }
    this.hits = 0
  }

  /** Lets every request through again. */
  clear(): void {
    this.active = null
    this.hits = 0
  }

  /** The fault for this request, if it is to be hit. */
  take(method: string, path: string): Fault | null {
    const { active } = this
    if (active === null) return null
    if (active.times !== undefined && this.hits >= active.times) return null
    if (active.method !== undefined && active.method !== method) return null
    if (!path.startsWith(active.pathPrefix ?? '/')) return null
    this.hits += 1
    return active
  }
}

const words: Record<string, (value: string) => Fault> = {
  delay: (value) => ({ delayMs: Number(value) }),
  status: (value) => ({ status: Number(value) }),
  'rate-limit': (value) => ({ rateLimit: { retryAfterSeconds: Number(value) } }),
  reset: () => ({ reset: true }),
  after: () => ({ after: true }),
}

/** Reads an `X-Store-Fault` header such as `delay=200, status=500`; null when it makes no sense. */
export function parseFault(header: string): Fault | null {
  const parts = header.split(',').map((part) => {
    const [word = '', value = 'missing'] = part.trim().split('=')
    return words[word]?.(value) ?? { [word]: value }
  })
  const result = faultShape.safeParse(Object.assign({}, ...parts))
  return result.success ? result.data : null
}
