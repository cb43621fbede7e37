import { z } from '@hono/zod-openapi'
import { REASONS } from './outputs.ts'

/** One edge of the graph, with the operation at its other end. */
const Link = z
  .object({
    endpointId: z.string(),
    connectionId: z.string(),
    method: z.string(),
    path: z.string(),
    summary: z.string(),
    field: z.string().openapi({
      description: 'Where the value is in the answer; [0] stands for any item of a list',
      example: 'body.items[0].id',
    }),
    slot: z
      .string()
      .openapi({ description: 'The parameter or field of the body it fills', example: 'path.customerId' }),
    required: z.boolean().openapi({ description: 'Whether the slot has to be filled' }),
    identifies: z.string().openapi({ description: 'The thing that the value identifies', example: 'customer' }),
    reason: z.enum(REASONS).openapi({
      description:
        'Why it fits: the field identifies what the operation is about (own), is named for the thing (reference), is the id of a thing that is held (part), or of items made as the thing is (alike)',
    }),
    cost: z.number().openapi({ description: 'The lower, the likelier it is what is meant' }),
  })
  .openapi('Link')
export type Link = z.infer<typeof Link>

export const EndpointLinks = z
  .object({
    status: z
      .enum(['ready', 'pending'])
      .openapi({ description: 'pending while the links of the API are being worked out' }),
    inputs: z
      .array(
        z.object({
          slot: z.string().openapi({ example: 'path.customerId' }),
          required: z.boolean(),
          identifies: z.string(),
          links: z.array(Link),
        }),
      )
      .openapi({
        description: 'What identifies something in a request, and the operations that can give it, likeliest first',
      }),
    outputs: z.array(Link).openapi({ description: 'What the answer can fill in other operations, likeliest first' }),
  })
  .openapi('EndpointLinks')
export type EndpointLinks = z.infer<typeof EndpointLinks>
