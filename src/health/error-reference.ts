import { problems } from '../errors.ts'

const HEAD = `# Error reference

Every failure is a problem (RFC 9457, \`application/problem+json\`) with a \`code\`. Codes are stable: programs may rely on
them, and on nothing of the texts. The \`requestId\` finds the request in the log. The same list comes from
\`GET /api/errors\`, and one code from the problem's \`type\`, \`GET /api/errors/{code}\`.

Written by \`npm run docs:errors\` from \`src/errors.ts\`; a test fails when it is not current.
`

/** The error reference as Markdown, by status, from the registry that problems are made from. */
export function writeErrorReference(): string {
  const entries = Object.entries(problems).toSorted(([a, [first]], [b, [second]]) => first - second || (a < b ? -1 : 1))
  const sections = entries.map(
    ([code, [status, title, cause, cure]]) =>
      `## ${code}\n\n${status} · ${title}\n\n- **Cause.** ${cause}\n- **Cure.** ${cure}\n`,
  )
  return [HEAD, ...sections].join('\n')
}
