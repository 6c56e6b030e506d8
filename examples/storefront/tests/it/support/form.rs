//! A form, as a browser reads it from a page.

use axum::{
    body::Body,
    http::{Request, header::CONTENT_TYPE},
};

/// A form: its action, and its fields with their values.
#[derive(Debug)]
pub(crate) struct Form {
    action: String,
    fields: Vec<(String, String)>,
    html: String,
}

impl Form {
    /// Returns the form of a page that contains this button.
    #[track_caller]
    pub(super) fn with_button(page: &str, button: &str) -> Self {
        let forms = page.split("<form ").skip(1);
        let html = forms
            .filter_map(|rest| rest.split("</form>").next())
            .find(|form| form.contains(&format!(">{button}</button>")))
            .unwrap_or_else(|| panic!("no button {button:?} in {page}"));
        let (tag, content) = html.split_once('>').unwrap();
        assert_eq!(attribute(tag, "method").as_deref(), Some("post"), "{tag}");
        let inputs = content.split("<input ").skip(1);
        let fields = inputs.filter_map(|rest| {
            let tag = rest.split('>').next()?;
            Some((attribute(tag, "name")?, attribute(tag, "value")?))
        });
        Self {
            action: attribute(tag, "action").unwrap(),
            fields: fields.collect(),
            html: html.to_owned(),
        }
    }

    /// Sets the value of a field. Panics if there is no such field.
    #[track_caller]
    pub(crate) fn fill(mut self, name: &str, text: &str) -> Self {
        let mut fields = self.fields.iter_mut();
        let field = fields.find(|field| field.0 == name);
        text.clone_into(&mut field.unwrap_or_else(|| panic!("no field {name}")).1);
        self
    }

    /// Returns the value of a field. Panics if there is no such field.
    #[track_caller]
    pub(crate) fn value(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|field| field.0 == name);
        &field.unwrap_or_else(|| panic!("no field {name}")).1
    }

    /// Adds a field that the form does not have, as in a forged request.
    pub(crate) fn forge(mut self, name: &str, text: &str) -> Self {
        self.fields.push((name.into(), text.into()));
        self
    }

    pub(crate) fn request(&self) -> Request<Body> {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.fields)
            .finish();
        Request::post(&self.action)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap()
    }

    /// Returns the text of the alert inside the form. Panics if it has no reference.
    #[track_caller]
    pub(crate) fn alert(&self) -> &str {
        self.alert_and_reference().0
    }

    /// Returns the text of the alert inside the form, and the reference after it.
    #[track_caller]
    pub(crate) fn alert_and_reference(&self) -> (&str, &str) {
        let (_, rest) = self
            .html
            .split_once(r#"role="alert""#)
            .unwrap_or_else(|| panic!("no alert in {}", self.html));
        let (_, rest) = rest.split_once('>').unwrap();
        let (text, _) = rest.split_once('<').unwrap();
        text.split_once(" Reference: ").unwrap()
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(r#"{name}=""#))?;
    let (value, _) = rest.split_once('"')?;
    let value = value.replace("&lt;", "<").replace("&gt;", ">");
    Some(value.replace("&quot;", "\"").replace("&amp;", "&"))
}
