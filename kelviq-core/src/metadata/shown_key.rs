//! Keys in messages. The keys of a map are data, so they can be of any length and contain any character.

use std::{borrow::Cow, fmt};

/// The number of characters of a key that are shown.
const MAX_CHARS: usize = 64;

/// The number of keys that are shown.
pub(super) const MAX_KEYS: usize = 32;

/// A key for a message: cut if it is long, and without characters that could change how a log is displayed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ShownKey<'a>(pub(super) &'a str);

impl fmt::Display for ShownKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SingleLine(&cut(self.0)).fmt(f)
    }
}

impl fmt::Debug for ShownKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*cut(self.0), f)
    }
}

/// Text in which line breaks, other control characters and invisible characters are escaped.
pub(super) struct SingleLine<'a>(pub(super) &'a str);

impl fmt::Display for SingleLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|letter| {
            let is_invisible = matches!(
                letter,
                '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            );
            if is_invisible || letter.is_control() {
                write!(f, "{}", letter.escape_default())
            } else {
                fmt::Write::write_char(f, letter)
            }
        })
    }
}

/// The keys of metadata for `Debug`: only the first if there are many.
pub(super) struct ShownKeys<I>(pub(super) I);

impl<I> fmt::Debug for ShownKeys<I>
where
    I: Iterator + Clone,
    I::Item: AsRef<str>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut keys = self.0.clone();
        let mut list = f.debug_list();
        for key in keys.by_ref().take(MAX_KEYS) {
            list.entry(&ShownKey(key.as_ref()));
        }
        if keys.next().is_some() {
            list.finish_non_exhaustive()
        } else {
            list.finish()
        }
    }
}

fn cut(key: &str) -> Cow<'_, str> {
    match key.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &key[..end]).into(),
        None => key.into(),
    }
}
