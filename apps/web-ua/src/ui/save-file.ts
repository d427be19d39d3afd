/** How long the browser may take to begin writing before its copy is let go. */
const RELEASE_AFTER_MS = 60_000;

/** Hands a file to the browser's downloads. The type is plain octets, so that nothing is ever opened in this origin. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), RELEASE_AFTER_MS);
}
