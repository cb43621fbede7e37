import { AppError, type FieldError } from '../../errors.ts'

/** The problem of a source that is what it looks like but cannot be used. */
export function unusable(detail: string, errors: FieldError[]): AppError {
  return new AppError('SPEC_INVALID', detail, { errors: errors.slice(0, 20) })
}
