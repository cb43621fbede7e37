import { OpenAPIHono } from '@hono/zod-openapi'
import { keyRoutes } from './access/key-routes.ts'
import { termsRoutes } from './access/terms-routes.ts'
import { usageRoutes } from './access/usage-routes.ts'
import { adminRoutes } from './admin/routes.ts'
import { seedDevelopment } from './auth/development.ts'
import { anybody, countAnybody } from './auth/middleware.ts'
import { authRoutes } from './auth/routes.ts'
import { batchRoutes } from './batches/routes.ts'
import { batchUndoRoutes } from './batches/undo/routes.ts'
import { catalogRoutes } from './catalog/routes.ts'
import { connectionRoutes } from './connections/routes.ts'
import type { World } from './context.ts'
import { driftRoutes } from './drift/routes.ts'
import { AppError } from './errors.ts'
import { explorerRoutes } from './explorer/routes.ts'
import { healthRoutes } from './health/routes.ts'
import { edge } from './http/edge.ts'
import type { AppEnv } from './http/env.ts'
import { answerProblem } from './http/problem.ts'
import { RememberingRouter } from './http/remembering-router.ts'
import { createRouter } from './http/router.ts'
import { linkRoutes } from './links/routes.ts'
import { logRoutes } from './logs/routes.ts'
import { noticeRoutes } from './notices/routes.ts'
import { oauthRoutes } from './oauth/routes.ts'
import { oidcRoutes } from './oidc/routes.ts'
import { passwordRoutes } from './people/password-routes.ts'
import { peopleRoutes } from './people/routes.ts'
import { twoFactorRoutes } from './people/two-factor-routes.ts'
import { plannerRoutes } from './planner/routes.ts'
import { queryRoutes } from './query/routes.ts'
import { limitRoutes } from './runs/limit-routes.ts'
import { tellRegister } from './runs/register/tell-register.ts'
import { runRoutes } from './runs/routes.ts'
import { undoRoutes } from './runs/undo/routes.ts'
import { eventRoutes, hookRoutes } from './triggers/hook-routes.ts'
import { scheduleRoutes } from './triggers/routes.ts'
import { workflowRoutes } from './workflows/routes.ts'
import { workspaceRoutes } from './workspaces/routes.ts'

const MAX_BODY_BYTES = 2_000_000
const MAX_EVENT_BYTES = 500_000

const routes = createRouter()
  .route('/', healthRoutes)
  .route('/', authRoutes)
  .route('/', keyRoutes)
  .route('/', usageRoutes)
  .route('/', termsRoutes)
  .route('/', oidcRoutes)
  .route('/', passwordRoutes)
  .route('/', twoFactorRoutes)
  .route('/', peopleRoutes)
  .route('/', connectionRoutes)
  .route('/', oauthRoutes)
  .route('/', catalogRoutes)
  .route('/', linkRoutes)
  .route('/', driftRoutes)
  .route('/', noticeRoutes)
  .route('/', explorerRoutes)
  .route('/', plannerRoutes)
  .route('/', workflowRoutes)
  .route('/', runRoutes)
  .route('/', undoRoutes)
  .route('/', limitRoutes)
  .route('/', queryRoutes)
  .route('/', scheduleRoutes)
  .route('/', hookRoutes)
  .route('/', batchRoutes)
  .route('/', batchUndoRoutes)
  .route('/', workspaceRoutes)
  .route('/', logRoutes)
  .route('/', adminRoutes)

const app = new OpenAPIHono<AppEnv>({ router: new RememberingRouter() })

const HEALTH_PATHS = ['/api/health', '/api/auth/health', '/api/v1/health', '/api/v1/auth/health']

/** What keeps the seed from being made, health tells better than a refusal would. */
const seedIfUp = (world: World) => seedDevelopment(world)?.catch(() => {}) ?? null

app.use(
  edge([
    ...HEALTH_PATHS.map((path) => ({ path, maxBodyBytes: MAX_BODY_BYTES, json: true, prepare: seedIfUp })),
    { path: '/api/', maxBodyBytes: MAX_BODY_BYTES, json: true, prepare: seedDevelopment, changed: tellRegister },
    { path: '/', maxBodyBytes: MAX_EVENT_BYTES, json: false },
  ]),
)

const api = app.route('/api', routes)
app.route('/api/v1', routes)
app.route('/', eventRoutes)

app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', { type: 'apiKey', in: 'header', name: 'X-API-Key' })
app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
  type: 'apiKey',
  in: 'cookie',
  name: 'apiq.session_token',
})
app.get('/openapi.json', anybody(), (c) => {
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'APIQ',
      version: '1',
      description: 'Connect REST APIs, say what should happen, confirm it, run it.',
    },
    servers: [{ url: new URL(c.req.url).origin }],
  })
  const paths = Object.entries(document.paths ?? {}).filter(([path]) => !path.startsWith('/api/v1/'))
  return c.json({ ...document, paths: Object.fromEntries(paths) })
})

app.notFound(async (c) => {
  await countAnybody(c)
  throw new AppError('NOT_FOUND', `There is no ${c.req.method} ${c.req.path}. GET /openapi.json lists what there is.`)
})

app.onError((error, c) => answerProblem(c, error))

/** The whole HTTP surface; its type is what the dashboard's client is made from. */
export type App = typeof api
export { app }
