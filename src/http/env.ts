import type { Ctx, Standing, World } from '../context.ts'

/** What Hono carries through a request. */
export type AppEnv = {
  Bindings: Env
  Variables: {
    requestId: string
    /** What goes on the answer, whatever it is, besides what all answers have in common. */
    headers: Record<string, string>
    /** The answer, where it was made with these headers. */
    answer?: Response
    world: World
    /** Present behind `authenticate`. */
    ctx: Ctx
    /** Present behind `authenticate`. */
    standing: Standing
  }
}
