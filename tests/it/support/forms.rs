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

/// Every form of the page at an address that is posted; `html` has its entities replaced. What a button sends elsewhere, or a script
/// while somebody writes, is a form of its own.
pub(crate) fn page_forms(html: &str, address: &str) -> Vec<PageForm> {
    let path = address.split('?').next().unwrap_or_default();
    let posted = html.split("<form ").skip(1).filter_map(|rest| {
        let (head, body) = rest.split("</form>").next()?.split_once('>')?;
        head.contains("method=\"post\"").then_some((head, body))
    });
    let forms = posted.flat_map(|(head, body)| {
        let elsewhere = body.split(" formaction=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let actions = std::iter::once(attribute(head, "action").unwrap_or(path));
        let actions = actions.chain(attribute(head, "data-autosave")).chain(elsewhere);
        let fields: Vec<FormField> = fields(body).into_iter().filter(|field| field.name != "csrf").collect();
        let multipart = head.contains("multipart");
        let form = move |action: &str| PageForm { action: action.to_owned(), multipart, fields: fields.clone() };
        actions.map(form).collect::<Vec<_>>()
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
    let begin = format!("{name}=\"");
    let rest = match head.strip_prefix(&begin) {
        Some(rest) => rest,
        None => head.split_once(&format!(" {begin}"))?.1,
    };
    rest.split('"').next()
}

/// The page as a browser reads it.
pub(crate) fn decoded(html: &str) -> String {
    html.replace("&#x2f;", "/").replace("&amp;", "&").replace("&quot;", "\"").replace("&#x27;", "'")
}
