/** Times of today, as a clock on the wall of this computer shows them. */

/** `14:05` of an ISO 8601 instant. */
export function clockTime(iso: string): string {
  const date = new Date(iso)
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`
}
