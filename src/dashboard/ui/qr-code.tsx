import encodeQr from 'qr'

// Readers need this much blank around it (ISO/IEC 18004, section 6.3.8).
const QUIET = 4

/** A text as a QR code, dark on light whatever the theme: many readers know no other. */
export function QrCode({ text, label, className = '' }: { text: string; label: string; className?: string }) {
  const rows = encodeQr(text, 'raw', { border: QUIET })
  const dark = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      shapeRendering="crispEdges"
      className={`rounded-lg ${className}`}
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={dark.join('')} fill="#000" />
    </svg>
  )
}
