/** Text from outside in pictures and terminals: no control, no direction override, no markup. */

// Control (Cc), format (Cf: bidirectional controls, zero-width, tags), lone surrogates (Cs), line and paragraph
// separators: what moves the cursor, reorders or hides text, or is no text.
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const longestText = 200

/** Safe in a terminal; unsafe characters become U+FFFD, long text is cut. */
export function plainText(text: string): string {
  const clean = text.replace(unsafe, '\ufffd')
  const characters = [...clean]
  return characters.length > longestText ? `${characters.slice(0, longestText - 1).join('')}…` : clean
}

/** Safe as XML text and in quoted attributes. */
export function xmlText(text: string): string {
  return plainText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
