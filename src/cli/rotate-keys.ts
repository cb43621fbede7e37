import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from '../errors.ts'
import { currentKek } from '../vault/key-wrap.ts'
import { databaseOptions, toDatabase, type Database } from './keys/database.ts'
import { rewrapAll, surveyKeys, type Holding, type Outcome, type Survey } from './keys/rewrap.ts'
import { keysIn, putNewKey, readVars } from './keys/variables.ts'
import { ROOT } from './root.ts'
import { bold, CliError, dim, green, red, runMain, say, timed, yellow } from './terminal.ts'

const HELP = `npm run keys:rotate [-- options]

Re-wraps every workspace's data keys under the current key-encryption key: ENCRYPTION_KEY, or with
KMS_PROVIDER=aws-kms the key of AWS_KMS_KEY_ID. Secrets are not touched and stay readable throughout.

  --local           the database of \`npm start\` (the default)
  --remote          the database at Cloudflare
  --env NAME        the environment of wrangler.toml: staging, production
  --persist-to DIR  where the local data lives (.wrangler/state)
  --vars FILE       where the keys are read: .dev.vars with --local, the environment with --remote
  --new-key         put a fresh ENCRYPTION_KEY into that file first, and the former into ENCRYPTION_KEYS_OLD
                    (with --local only)
  --dry-run         only open every data key that would be re-wrapped

To change the key of a deployment:

  1. Set ENCRYPTION_KEYS_OLD to the key in use and ENCRYPTION_KEY to a new one (openssl rand -base64 32) with
     \`wrangler secret bulk\`, which deploys both at once. From here on new data keys are wrapped with the new key.
  2. npm run keys:rotate -- --remote --env production, with the same two variables in the environment.
  3. When it says that former keys are not needed any more, delete the secret ENCRYPTION_KEYS_OLD.

To move to AWS KMS, set KMS_PROVIDER=aws-kms and the AWS_ variables in step 1, and keep ENCRYPTION_KEY; to move back, set
KMS_PROVIDER=local and keep the AWS_ variables until step 3. What is not re-wrapped here, the Worker does at night.
It may be broken off and run again at any time. No key is ever printed.`

async function main(): Promise<number> {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    options: {
      ...databaseOptions,
      vars: text,
      'new-key': flag,
      'dry-run': flag,
      help: flag,
    },
  })
  if (values.help) {
    say(HELP)
    return 0
  }
  const database = toDatabase(values)
  const { remote } = database
  if (remote && values['new-key'])
    throw new CliError(
      '--new-key is for local data: a deployment gets its new key by `wrangler secret bulk`; see --help.',
    )
  if (values['new-key'] && values['dry-run']) throw new CliError('--new-key and --dry-run exclude each other.')
  const file = values.vars ? resolve(values.vars) : remote ? null : join(ROOT, '.dev.vars')
  if (values['new-key'] && file !== null) {
    await putNewKey(file)
    say(`  ${green('✓')} put a fresh ENCRYPTION_KEY into ${file}; the former one is in ENCRYPTION_KEYS_OLD`)
  }
  return rotate(database, file, values['dry-run'])
}

async function rotate(database: Database, file: string | null, dryRun: boolean): Promise<number> {
  const access = file === null ? keysIn(process.env, 'the environment') : keysIn(await readVars(file), file)
  try {
    const kek = await currentKek(access)
    const before = await timed('read which keys are in use', () => surveyKeys(kek, database))
    if (before.others === 0) return conclude({ rewrapped: 0, opened: 0, failures: [] }, before, before, dryRun)
    const label = dryRun ? 'open what would be re-wrapped' : 're-wrap'
    const outcome = await timed(label, () => rewrapAll(access, kek, database, dryRun))
    return conclude(outcome, before, dryRun ? before : await surveyKeys(kek, database), dryRun)
  } catch (error) {
    throw error instanceof AppError ? new CliError(error.message) : error
  }
}

function conclude({ rewrapped, opened, failures }: Outcome, before: Survey, after: Survey, dryRun: boolean): number {
  show(before.holdings, after.holdings)
  for (const failure of failures) say(`  ${red('✗')} ${failure}`)
  if (dryRun) {
    say(`${opened} of ${after.others} data keys open and would be re-wrapped. Nothing was changed.`)
    return failures.length > 0 ? 1 : 0
  }
  say(`${rewrapped} re-wrapped, ${after.others} left under other keys.`)
  if (after.others > 0) say(yellow('Keep former keys, and run this again.'))
  else if (after.v1 > 0)
    say(
      yellow(
        `Keep former keys: ${after.v1} credentials are sealed by version 1, without a data key. The Worker seals them anew at night.`,
      ),
    )
  else say(green('Former keys are not needed any more: ENCRYPTION_KEYS_OLD can go.'))
  return after.others > 0 ? 1 : 0
}

/** One line for each key-encryption key: how many data keys it wraps, before and after. */
function show(before: readonly Holding[], after: readonly Holding[]): void {
  const nameOf = ({ provider, kekId }: Holding) => `${provider} ${kekId}`
  const all = new Map([...before, ...after].map((holding) => [nameOf(holding), holding]))
  const wide = Math.max(...[...all.keys()].map((name) => name.length), 'key-encryption key'.length)
  const count = (list: readonly Holding[], name: string) =>
    String(list.find((holding) => nameOf(holding) === name)?.keys ?? 0).padStart(8)
  say(`\n  ${bold('key-encryption key'.padEnd(wide))}  ${bold('  before')}  ${bold('   after')}`)
  for (const [name, { current }] of all)
    say(`  ${name.padEnd(wide)}  ${count(before, name)}  ${count(after, name)}${current ? dim('  current') : ''}`)
  say()
}

await runMain(main)
