/** The time zone that the browser is set to; UTC where it does not know. */
export function ownTimeZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  // ICU's name for none, which no server takes.
  return timeZone === 'Etc/Unknown' ? 'UTC' : timeZone
}
