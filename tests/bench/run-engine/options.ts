import { parseArgs } from 'node:util'
import { CliError } from '../../../src/cli/terminal.ts'

const SUBJECTS =
  'bare bare-posts empty object pooled effects workflows apiq apiq-posts bare-one apiq-one apiq-independent jsonata-once jsonata-each apiq-jsonata apiq-jsonata-each n8n node-red'
const PARTS = 'loop memory log first-byte event-lag'
const NAMES = `${SUBJECTS} ${PARTS}`.split(' ')

export const HELP = `npm run bench:run [-- options]

The engine beside a bare Worker, a Durable Object and Cloudflare Workflows, all in one workerd, and against its targets.

  --only a,b         these alone: subjects (bare, bare-posts, empty, object, pooled, effects, workflows, apiq,
                     apiq-posts, bare-one, apiq-one, apiq-independent, jsonata-once, jsonata-each, apiq-jsonata,
                     apiq-jsonata-each, n8n, node-red) and parts (loop, memory, log, first-byte, event-lag)
  --seconds N        for each subject and number of clients (5)
  --clients 1,10     how many at once
  --peers            n8n and Node-RED as well, installed into a temporary folder for it (gigabytes; minutes)
  --peers-dir DIR    the same, installed into this folder and kept there for the next time
  --install          only installs the peers into that folder, and measures nothing
  --profile          instead of all that: where the time of runs of ten chained calls goes in APIQ's isolate
  --json             JSON in place of tables
  --strict           a missed target makes the exit code 1`

/** What the command line asks for. */
export type Options = {
  seconds: number
  clients: number[]
  /** Whether a subject or part is wanted. */
  wants: (name: string) => boolean
  /** Where to install the peers: a folder, `temporary`, or null without them. */
  peers: string | null
  /** The peers are installed and nothing is measured. */
  installOnly: boolean
  profile: boolean
  json: boolean
  strict: boolean
}

/** Null when only the help is asked for. @throws CliError */
export function readOptions(): Options | null {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      only: text,
      seconds: text,
      clients: text,
      peers: flag,
      'peers-dir': text,
      install: flag,
      profile: flag,
      json: flag,
      strict: flag,
      help: flag,
    },
  })
  if (values.help) return null
  const only = values.only?.split(',').map((name) => name.trim())
  const unknown = only?.find((name) => !NAMES.includes(name))
  if (unknown !== undefined) throw new CliError(`--only knows no "${unknown}". There are ${NAMES.join(', ')}.`)
  const { 'peers-dir': folder, peers, install, profile, json, strict } = values
  if (install && folder === undefined)
    throw new CliError('--install needs --peers-dir: what is installed into a temporary folder is gone at the end.')
  return {
    seconds: readNumber('--seconds', values.seconds ?? '5'),
    clients: (values.clients ?? '1,10').split(',').map((count) => readNumber('--clients', count)),
    wants: (name) => only === undefined || only.includes(name),
    peers: folder ?? (peers ? 'temporary' : null),
    installOnly: install,
    profile,
    json,
    strict,
  }
}

function readNumber(option: string, text: string): number {
  const number = Number(text)
  if (!(number > 0 && number <= 3600))
    throw new CliError(`${option} takes a number above 0, at most 3600, not "${text}".`)
  return number
}
