const encoder = new TextEncoder()

/**
 * How many tokens a text comes to at most, near enough: a token for every three bytes. Names, paths and JSON, which is
 * what prompts here are made of, come to a token for 3.3 to 4.5 bytes with OpenAI's tokenizers.
 */
export function tokensOf(text: string): number {
  return Math.ceil(encoder.encode(text).length / 3)
}
