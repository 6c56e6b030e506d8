//! Names of Rust types for error messages.

use std::any;

/// Returns the name of `T` without module paths, inside generics too: `Vec<Line>` for `alloc::vec::Vec<app::Line>`.
pub(super) fn type_name<T: ?Sized>() -> String {
    without_module_paths(any::type_name::<T>())
}

fn without_module_paths(name: &str) -> String {
    let mut short = String::with_capacity(name.len());
    // For each open `<`, the index in `short` at which the current path starts.
    let mut path_starts = vec![0];
    let mut previous = ' ';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == ':' && letters.next_if_eq(&':').is_some() {
            short.truncate(path_starts.last().copied().unwrap_or_default());
            previous = ':';
            continue;
        }
        short.push(letter);
        match letter {
            '<' => path_starts.push(short.len()),
            // `->` does not close a `<`.
            '>' if previous != '-' && path_starts.len() > 1 => drop(path_starts.pop()),
            ' ' | ',' | ';' | '(' | '[' | '&' | '*' => {
                if let Some(start) = path_starts.last_mut() {
                    *start = short.len();
                }
            }
            _ => {}
        }
        previous = letter;
    }
    short
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, HashMap},
        fmt,
    };

    use super::*;

    struct Line;
    struct Of<T: ?Sized>(std::marker::PhantomData<T>);

    #[test]
    fn module_paths_are_removed() {
        assert_eq!(type_name::<u32>(), "u32");
        assert_eq!(type_name::<String>(), "String");
        assert_eq!(type_name::<Line>(), "Line");
    }

    #[test]
    fn module_paths_are_removed_inside_generics() {
        assert_eq!(type_name::<Vec<Line>>(), "Vec<Line>");
        assert_eq!(
            type_name::<HashMap<String, Option<Vec<Line>>>>(),
            "HashMap<String, Option<Vec<Line>>>"
        );
        assert_eq!(
            type_name::<Of<Result<Line, Box<fmt::Error>>>>(),
            "Of<Result<Line, Box<Error>>>"
        );
    }

    #[test]
    fn module_paths_are_removed_inside_other_types() {
        assert_eq!(type_name::<()>(), "()");
        assert_eq!(
            type_name::<(u8, Line, Vec<Line>)>(),
            "(u8, Line, Vec<Line>)"
        );
        assert_eq!(type_name::<&Line>(), "&Line");
        assert_eq!(type_name::<&mut [Line]>(), "&mut [Line]");
        assert_eq!(type_name::<*const Line>(), "*const Line");
        assert_eq!(type_name::<[Line; 3]>(), "[Line; 3]");
        assert_eq!(type_name::<[Option<Line>; 2]>(), "[Option<Line>; 2]");
        assert_eq!(
            type_name::<Box<dyn fmt::Debug + Send>>(),
            "Box<dyn Debug + Send>"
        );
        assert_eq!(
            type_name::<Of<fn(Line) -> Vec<Line>>>(),
            "Of<fn(Line) -> Vec<Line>>"
        );
        assert_eq!(
            type_name::<(Of<fn() -> Line>, Line)>(),
            "(Of<fn() -> Line>, Line)"
        );
        assert_eq!(
            type_name::<BTreeMap<(Line, u8), fn() -> Line>>(),
            "BTreeMap<(Line, u8), fn() -> Line>"
        );
    }

    #[test]
    fn types_declared_inside_functions_lose_the_path_of_the_function() {
        fn of<T>(_: T) -> String {
            struct Inner;
            type_name::<Of<Inner>>()
        }
        assert_eq!(of(1), "Of<Inner>");
        let name = || {
            struct Inner;
            type_name::<Vec<Inner>>()
        };
        assert_eq!(name(), "Vec<Inner>");
        assert_eq!(
            without_module_paths("a::f<b::T>::{{closure}}::Local<c::U>"),
            "Local<U>"
        );
    }
}
