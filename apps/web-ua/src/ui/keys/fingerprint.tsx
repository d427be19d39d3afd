/** Groups of four, as people compare them aloud. */
export function Fingerprint({ value }: { value: string }) {
  return <code className="fingerprint">{value.match(/.{1,4}/g)?.join(' ')}</code>;
}
