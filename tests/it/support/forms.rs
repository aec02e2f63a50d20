//! The forms of a page, as a browser would send them.

/// A form that is posted.
#[derive(Clone, Debug)]
pub(crate) struct PageForm {
    pub(crate) action: String,
    /// Whether it is sent with files.
    pub(crate) multipart: bool,
    /// Without the token of the browser.
    pub(crate) fields: Vec<FormField>,
}

/// One of its fields, with what it holds.
#[derive(Clone, Debug)]
pub(crate) struct FormField {
    pub(crate) name: String,
    pub(crate) kind: FieldKind,
    pub(crate) value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Hidden,
    Text,
    Date,
    /// One of several that the page offers.
    Choice,
    File,
    Button,
}

/// Every form of a page that is posted; `html` has its entities replaced.
pub(crate) fn page_forms(html: &str) -> Vec<PageForm> {
    let forms = html.split("<form ").skip(1).filter_map(|rest| {
        let inside = rest.split("</form>").next().unwrap_or_default();
        let (head, body) = inside.split_once('>')?;
        let action = attribute(head, "action")?.to_owned();
        let fields = fields(body).into_iter().filter(|field| field.name != "csrf");
        let form = PageForm { action, multipart: head.contains("multipart"), fields: fields.collect() };
        head.contains("method=\"post\"").then_some(form)
    });
    forms.collect()
}

fn fields(body: &str) -> Vec<FormField> {
    let mut fields: Vec<FormField> = Vec::new();
    for tag in body.split('<').skip(1) {
        let (head, text) = tag.split_once('>').unwrap_or((tag, ""));
        let word = head.split([' ', '\n', '/']).next().unwrap_or_default();
        let (name, value) = (attribute(head, "name"), attribute(head, "value").unwrap_or_default());
        let chosen = head.contains(" checked") || head.contains(" selected");
        match (word, name) {
            ("input", Some(name)) => input(&mut fields, (name, value), attribute(head, "type"), chosen),
            ("textarea", Some(name)) => put(&mut fields, name, FieldKind::Text, text),
            ("select", Some(name)) => put(&mut fields, name, FieldKind::Choice, ""),
            ("button", Some(name)) if fields.iter().all(|field| field.name != name) => {
                put(&mut fields, name, FieldKind::Button, value);
            }
            // The first option is what a browser sends when none is chosen.
            ("option", _) => {
                if let Some(field) = fields.last_mut().filter(|field| chosen || field.value.is_empty()) {
                    value.clone_into(&mut field.value);
                }
            }
            _ => {}
        }
    }
    fields
}

/// Of several with a name the one that is chosen counts, or else the first; a box that is not ticked sends nothing.
fn input(fields: &mut Vec<FormField>, (name, value): (&str, &str), kind: Option<&str>, chosen: bool) {
    let kind = match kind.unwrap_or("text") {
        "hidden" => FieldKind::Hidden,
        "date" | "datetime-local" => FieldKind::Date,
        "radio" | "checkbox" => FieldKind::Choice,
        "file" => FieldKind::File,
        _ => FieldKind::Text,
    };
    match fields.iter_mut().find(|field| field.name == name && kind == FieldKind::Choice) {
        Some(field) if chosen => value.clone_into(&mut field.value),
        Some(_) => {}
        None => put(fields, name, kind, value),
    }
}

fn put(fields: &mut Vec<FormField>, name: &str, kind: FieldKind, value: &str) {
    fields.push(FormField { name: name.to_owned(), kind, value: value.to_owned() });
}

fn attribute<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let (_, rest) = head.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}
