/** What a step's output is worth as the result of a run or of a workflow that is called: of a call, its body. */
export function valueOf(output: unknown): unknown {
  if (typeof output === 'object' && output !== null && 'status' in output && 'body' in output) return output.body
  return output ?? null
}
