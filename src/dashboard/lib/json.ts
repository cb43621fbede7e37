/** What is wrong with a text that should be JSON; nothing when it is empty. */
export function jsonError(text: string): string | undefined {
  if (text === '') return undefined
  try {
    JSON.parse(text)
    return undefined
  } catch {
    return 'This is not valid JSON.'
  }
}
