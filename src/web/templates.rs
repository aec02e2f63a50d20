//! The pages' templates: embedded, strict, one environment a language.
//!
//! Two environments instead of a language in every call: `t`, filters and macros then know the language wherever they
//! stand, imported macros included, which do not see what their page was given.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use rust_embed::RustEmbed;
use serde::de::DeserializeOwned;

use super::assets;
use crate::i18n::{self, Lang, Message, Shown};

#[derive(RustEmbed)]
#[folder = "src/"]
#[include = "*/pages/*.html"]
struct Sources;

/// Work that one page may cost; the longest list stays far below.
const FUEL: u64 = 5_000_000;

/// All templates in both languages.
pub(super) struct Templates {
    zh: Environment<'static>,
    en: Environment<'static>,
}

impl Templates {
    /// Parses every template; one that is broken stops the start. Instants are shown in `zone`.
    pub(super) fn load(zone: &TimeZone) -> Result<Self, minijinja::Error> {
        let icons = Arc::new(assets::icons());
        Ok(Self { zh: environment(Lang::Zh, zone, &icons)?, en: environment(Lang::En, zone, &icons)? })
    }

    /// The page `room/name.html` with `context`.
    pub(super) fn render(&self, lang: Lang, name: &str, context: Value) -> Result<String, minijinja::Error> {
        let environment = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        environment.get_template(name)?.render(context)
    }
}

fn environment(
    lang: Lang,
    zone: &TimeZone,
    icons: &Arc<BTreeMap<String, String>>,
) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_fuel(Some(FUEL));
    environment.set_auto_reload(false);
    environment.set_debug(cfg!(debug_assertions));
    add_words(&mut environment, lang);
    add_formats(&mut environment, lang, zone);
    add_assets(&mut environment, Arc::clone(icons));
    for path in Sources::iter() {
        let Some(file) = Sources::get(&path) else { continue };
        let source = String::from_utf8_lossy(&file.data).into_owned();
        environment.add_template_owned(path.replacen("/pages/", "/", 1), source)?;
    }
    Ok(environment)
}

fn add_words(environment: &mut Environment<'_>, lang: Lang) {
    environment.add_function("t", move |key: &str, args: Kwargs| -> Result<String, minijinja::Error> {
        let mut message = Message::of(key.to_owned());
        for name in args.args() {
            let value: Value = args.get(name)?;
            message = message.with(name.to_owned(), value.to_string());
        }
        Ok(i18n::text(lang, &message))
    });
    environment.add_filter("text", move |value: &Value| Ok::<_, minijinja::Error>(i18n::text(lang, &read(value)?)));
}

fn add_formats(environment: &mut Environment<'_>, lang: Lang, zone: &TimeZone) {
    environment.add_filter("money", move |value: &Value| show(value, i18n::money));
    environment.add_filter("money_short", move |value: &Value| show(value, |money| i18n::money_short(lang, money)));
    environment.add_filter("amount", move |value: &Value| show(value, i18n::amount));
    environment.add_filter("number", move |value: &Value| show(value, i18n::number));
    environment.add_filter("date", move |value: &Value| show(value, |date| i18n::date(lang, date)));
    for (name, shown) in [("datetime", Shown::Full), ("moment", Shown::Short), ("time_of_day", Shown::TimeOfDay)] {
        let zone = zone.clone();
        environment.add_filter(name, move |value: &Value| show(value, |at| i18n::local_time(lang, at, &zone, shown)));
    }
    environment
        .add_function("currency_sign", |code: &str| if code == "CNY" { "¥".to_owned() } else { code.to_owned() });
}

fn add_assets(environment: &mut Environment<'_>, icons: Arc<BTreeMap<String, String>>) {
    environment.add_function("asset", |name: &str| {
        assets::address(name)
            .map(Value::from_safe_string)
            .ok_or_else(|| minijinja::Error::new(ErrorKind::InvalidOperation, format!("no asset named {name}")))
    });
    environment.add_function("icon", move |name: &str, class: Option<&str>| {
        let inner = icons
            .get(name)
            .ok_or_else(|| minijinja::Error::new(ErrorKind::InvalidOperation, format!("no icon named {name}")))?;
        let class = class.unwrap_or_default();
        Ok::<_, minijinja::Error>(Value::from_safe_string(format!(
            r#"<svg class="icon {class}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{inner}</svg>"#
        )))
    });
}

/// A value of ours as it was put into the page.
fn read<T: DeserializeOwned>(value: &Value) -> Result<T, minijinja::Error> {
    let refused = |error: serde_json::Error| minijinja::Error::new(ErrorKind::BadSerialization, error.to_string());
    serde_json::from_value(serde_json::to_value(value).map_err(refused)?).map_err(refused)
}

/// Nothing is shown as nothing.
fn show<T: DeserializeOwned>(value: &Value, show: impl Fn(T) -> String) -> Result<String, minijinja::Error> {
    if value.is_none() { Ok(String::new()) } else { read(value).map(show) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::zone;

    fn templates() -> Templates {
        Templates::load(&zone("Asia/Shanghai")).unwrap()
    }

    fn render(source: &str, context: Value) -> Result<String, minijinja::Error> {
        templates().zh.template_from_named_str("test.html", source)?.render(context)
    }

    #[test]
    fn every_template_parses_and_is_named_by_its_room() {
        assert!(templates().en.get_template("web/base.html").is_ok());
    }

    #[test]
    fn a_value_that_is_not_there_is_an_error() {
        assert!(render("{{ nobody }}", minijinja::context! {}).is_err());
    }

    #[test]
    fn what_people_typed_is_text() {
        let shown = render("{{ name }}", minijinja::context! { name => "<script>" }).unwrap();
        assert_eq!(shown, "&lt;script&gt;");
    }

    #[test]
    fn filters_write_money_and_instants() {
        let context = minijinja::context! {
            price => minijinja::context! { amount => "1280000.0000", currency => "CNY" },
            at => "2026-03-01T10:00:00.000000Z",
            due => "2026-03-01",
            paid => minijinja::Value::from(()),
        };
        let source = "{{ price|money }} {{ price|money_short }} {{ at|datetime }} {{ due|date }} {{ paid|date }}";
        assert_eq!(render(source, context).unwrap(), "¥1,280,000.00 ¥128.00万 2026年3月1日 18:00 2026年3月1日 ");
    }

    #[test]
    fn a_message_is_said_in_the_language_of_the_page() {
        let context =
            minijinja::context! { problem => Value::from(minijinja::value::Serde(crate::i18n::msg!("web.undo"))) };
        assert_eq!(render("{{ problem|text }} {{ t('web.undo') }}", context).unwrap(), "撤销 撤销");
    }

    #[test]
    fn a_field_shows_what_was_typed_and_what_is_wrong_with_it() {
        let mut form = crate::web::FormState::empty();
        form.put("name", "<甲>");
        form.error("name", crate::i18n::msg!("web.invalid"));
        let source = "{% from 'web/forms.html' import field, choice, choices, textarea, money, date, file, checkbox, problems %}\
            {{ problems(form) }}{{ field(form, 'name', '名称', required=true) }}{{ money(form, 'price', '金额') }}\
            {{ choice(form, 'name', '名称', [{'value': '<甲>', 'label': '甲'}]) }}{{ textarea(form, 'note', '备注') }}\
            {{ choices(form, 'kind', '类型', [{'value': 1, 'label': '一'}]) }}{{ date(form, 'due', '日期') }}\
            {{ checkbox(form, 'ok', '同意') }}{{ file(form, 'scan', '扫描件') }}";
        let html = render(source, minijinja::context! { form => minijinja::value::Serde(form) }).unwrap();
        for part in [
            r#"value="&lt;甲&gt;""#,
            r#"aria-invalid="true" aria-describedby="e-name""#,
            r#"<p class="form-error" id="e-name">"#,
            "有内容不符合要求",
            " selected>甲</option>",
            r#"<span class="input-group-text">¥</span>"#,
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }

    #[test]
    fn parts_render() {
        let source = "{% from 'web/parts.html' import tag, notice, empty, crumbs, facts, timeline, tabs, pages, figure, share, confirm, link_button %}\
            {{ tag('a', 'good', 'check') }}{{ notice('b') }}{{ empty('c', 'd') }}{{ crumbs([['客户', '/customers']]) }}\
            {{ facts([['e', 'f'], ['g', none]]) }}{{ timeline([{'head': 'h', 'at': '2026-03-01T10:00:00Z'}]) }}\
            {{ tabs([{'label': 'i', 'path': '/i', 'active': true}]) }}{{ pages(next='/2') }}{{ figure('j', 3) }}\
            {{ share(40, 'k') }}{{ confirm({'csrf': 'x'}, '/delete', 'l', 'm') }}{{ link_button('/n', 'n') }}";
        let html = render(source, minijinja::context! {}).unwrap();
        assert!(html.contains("2026年3月1日 18:00") && !html.contains("<dt>g</dt>"), "{html}");
    }

    #[test]
    fn an_unknown_icon_is_an_error() {
        assert!(render("{{ icon(\"home\") }}", minijinja::context! {}).unwrap().starts_with("<svg"));
        assert!(render("{{ icon(\"unheard-of\") }}", minijinja::context! {}).is_err());
    }
}
