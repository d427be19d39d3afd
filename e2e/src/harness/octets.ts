/** What follows the header fields that the MX put in front (RFC 5321 §4.4): `Return-Path`, `Received`, in any order. */
export function withoutTrace(octets: Buffer): Buffer {
  let rest = octets;
  for (;;) {
    const field = /^(?:Return-Path|Received|Authentication-Results):[^\n]*\n(?:[ \t][^\n]*\n)*/i.exec(rest.toString('latin1'));
    if (!field) return rest;
    rest = rest.subarray(field[0].length);
  }
}

/** A small, well-formed PDF of one page. */
export function smallPdf(): Buffer {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>'];
  let text = '%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = text.length;
  text += `xref\n0 4\n0000000000 65535 f \n${offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
