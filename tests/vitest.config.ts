import { resolve } from 'node:path'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { generateToken } from '../src/keys/token.ts'

const root = resolve(import.meta.dirname, '..')

// Secrets of the tests' own Worker; they open nothing else.
const secrets = {
  ENVIRONMENT: 'dev',
  LOG_LEVEL: 'silent',
  ALLOWED_ORIGINS: 'https://allowed.example',
  AUTH_SECRET: 'tests-only-0123456789-abcdefghij-KLMNOP',
  ENCRYPTION_KEY: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  ALLOW_PRIVATE_UPSTREAMS: 'true',
  DEV_USER_EMAIL: 'dev@apiq.local',
  DEV_USER_PASSWORD: 'a password of the tests',
  DEV_API_KEY: await generateToken('dev'),
}

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        plugins: [
          cloudflareTest(async ({ inject }) => ({
            main: './src/worker.ts',
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                ...secrets,
                UPSTREAMS: inject<string>('upstreams'),
                OAUTH_CLIENTS: JSON.stringify({
                  google: { clientId: 'tests-google', clientSecret: 'tests-google-secret' },
                  okta: {
                    clientId: 'tests-okta',
                    clientSecret: 'tests-okta-secret',
                    issuer: `${inject<string>('upstreams')}/token-servers/okta`,
                  },
                }),
                MIGRATIONS: await readD1Migrations(resolve(root, 'migrations')),
              },
            },
          })),
        ],
        test: {
          name: 'workerd',
          include: ['tests/*.test.ts'],
          exclude: ['tests/node-*.test.ts'],
          globalSetup: ['tests/upstreams/global-setup.ts'],
          setupFiles: ['tests/setup.ts'],
        },
      },
      {
        root,
        test: {
          name: 'node',
          include: ['tests/upstreams/*.test.ts', 'tests/e2e/*.test.ts', 'tests/node-*.test.ts'],
          // Two stacks that start at once would build the same dist.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
