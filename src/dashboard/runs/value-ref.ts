/** A large value of a run, where the whole of it is to be had. */
export type ValueRef = { $ref: string; bytes: number }

// APIs answer what they like: only a place of this site where values of runs are is read.
const VALUE_PATH = /^\/api\/executions\/[\w-]+\/values\/\d+$/

/** Whether a value stands for a larger one. */
export function isValueRef(value: unknown): value is ValueRef {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false
  const { $ref, bytes } = value as Partial<ValueRef>
  return typeof $ref === 'string' && VALUE_PATH.test($ref) && typeof bytes === 'number'
}
