//! Papers that the demo company files: real PDF files with one page.

/// A page that names what it stands for.
pub(super) fn pdf(template: &str, what: &str) -> Vec<u8> {
    let text = format!("BT /F1 20 Tf 72 740 Td (Qiyue demo: {template}) Tj 0 -32 Td ({what}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut parts = vec!["%PDF-1.4\n".to_owned()];
    let mut table = vec!["0000000000 65535 f \n".to_owned()];
    for (number, object) in (1..).zip(&objects) {
        table.push(format!("{:010} 00000 n \n", length(&parts)));
        parts.push(format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let (start, count) = (length(&parts), table.len());
    parts.push(format!("xref\n0 {count}\n{}", table.concat()));
    parts.push(format!("trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"));
    parts.concat().into_bytes()
}

fn length(parts: &[String]) -> usize {
    parts.iter().map(String::len).sum()
}
