const MOVED: readonly [RegExp, string][] = [
  [/^\/components\/schemas\b/, '/definitions'],
  [/^\/components\/(parameters|responses)\b/, '/$1'],
  [/^\/components\/requestBodies\b/, '/parameters'],
  [/^\/components\/securitySchemes\b/, '/securityDefinitions'],
  [/^\/servers\b.*$/, '/host'],
  [/^\/openapi$/, '/swagger'],
]

/**
 * Where a place of an upgraded document stands in the Swagger 2.0 one: the nearest place that is the same in both, as
 * parameters become bodies and their lists are counted anew.
 */
export function swagger2Pointer(pointer: string): string {
  for (const [pattern, replacement] of MOVED) {
    if (!pattern.test(pointer)) continue
    return pointer.replace(pattern, replacement).split('/').slice(0, 3).join('/')
  }
  const [, paths, path, method, member, ...rest] = pointer.split('/')
  if (paths !== 'paths' || member === undefined) return pointer
  const own = ['', paths, path, method].join('/')
  if (member === 'requestBody' || member === 'servers') return own
  return member === 'responses' && rest[0] !== undefined ? `${own}/responses/${rest[0]}` : `${own}/${member}`
}
