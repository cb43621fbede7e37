import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toArazzo } from '../src/workflows/arazzo/export.ts'
import { fromArazzo } from '../src/workflows/arazzo/import.ts'
import { ArazzoDocument } from '../src/workflows/arazzo/schema.ts'
import { anyDefinition } from './arazzo-definitions.ts'

// The schema is published at https://spec.openapis.org/arazzo/1.0/schema/2024-08-01.
const file = process.env['ARAZZO_SCHEMA']
const numRuns = Number(process.env['ARAZZO_RUNS'] ?? 300)

it('gives every definition back as it was', () => {
  fc.assert(
    fc.property(anyDefinition, (definition) => {
      const { workflows } = fromArazzo(toArazzo(definition, []), [])
      expect(workflows.map((workflow) => workflow.definition)).toEqual([definition])
    }),
    { numRuns },
  )
})

it.runIf(file)('exports what validates against the published schema', () => {
  const validate = new Ajv2020({ strict: false, logger: false }).compile(JSON.parse(readFileSync(String(file), 'utf8')))
  fc.assert(
    fc.property(anyDefinition, (definition) => {
      const document = toArazzo(definition, [])
      expect([validate(document), validate.errors]).toEqual([true, null])
      expect(ArazzoDocument.safeParse(document).error?.issues).toBeUndefined()
    }),
    { numRuns },
  )
})
