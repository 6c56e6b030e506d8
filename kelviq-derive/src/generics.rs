//! Types, generics and spans in generated code.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{DeriveInput, GenericArgument, Generics, Lifetime, Path, PathArguments, Type};

/// Returns `true` if `tokens` contain a type or const parameter, so that they are known only where the type is used.
///
/// Lifetimes are ignored, because no bound of the derive depends on one.
pub(crate) fn depends_on_parameters(tokens: impl ToTokens, generics: &Generics) -> bool {
    let parameters: Vec<&Ident> = generics
        .type_params()
        .map(|parameter| &parameter.ident)
        .chain(generics.const_params().map(|parameter| &parameter.ident))
        .collect();
    !parameters.is_empty()
        && contains(
            tokens.into_token_stream(),
            &|token| matches!(token, TokenTree::Ident(ident) if ident == "Self" || parameters.contains(&ident)),
        )
}

/// Returns `true` if `tokens` contain `Self`, which is allowed only inside the impls.
pub(crate) fn mentions_self(tokens: impl ToTokens) -> bool {
    contains(
        tokens.into_token_stream(),
        &|token| matches!(token, TokenTree::Ident(ident) if ident == "Self"),
    )
}

pub(crate) fn contains(tokens: TokenStream, wanted: &dyn Fn(&TokenTree) -> bool) -> bool {
    tokens.into_iter().any(|token| match &token {
        TokenTree::Group(group) => contains(group.stream(), wanted),
        other => wanted(other),
    })
}

/// Returns a lifetime that the struct does not use.
pub(crate) fn unused_lifetime(input: &DeriveInput) -> Lifetime {
    let mut name = "kelviq".to_owned();
    let is_used = |name: &str| {
        contains(
            input.to_token_stream(),
            &|token| matches!(token, TokenTree::Ident(ident) if ident == name),
        )
    };
    while is_used(&name) {
        name.push('_');
    }
    Lifetime::new(&format!("'{name}"), Span::mixed_site())
}

/// Replaces the lifetimes of the struct with `'static`, for generated code where they are not in scope.
pub(crate) fn with_static_lifetimes(tokens: TokenStream, generics: &Generics) -> TokenStream {
    let is_declared = |name: &Ident| {
        generics
            .lifetimes()
            .any(|declared| declared.lifetime.ident == *name)
    };
    let mut after_quote = false;
    tokens
        .into_iter()
        .map(|token| {
            let is_name = std::mem::take(&mut after_quote);
            match token {
                TokenTree::Punct(punct) => {
                    after_quote = punct.as_char() == '\'';
                    punct.into()
                }
                TokenTree::Ident(name) if is_name && is_declared(&name) => {
                    Ident::new("static", name.span()).into()
                }
                TokenTree::Group(group) => {
                    let inner = with_static_lifetimes(group.stream(), generics);
                    let mut replaced = proc_macro2::Group::new(group.delimiter(), inner);
                    replaced.set_span(group.span());
                    replaced.into()
                }
                other => other,
            }
        })
        .collect()
}

/// Returns `true` if a value of the type contains a reference, so that it can be written but not read.
///
/// `PhantomData` and function pointers do not contain values of the types that they name.
pub(crate) fn borrows(ty: &Type) -> bool {
    match ty {
        Type::Reference(_) => true,
        Type::Array(array) => borrows(&array.elem),
        Type::Slice(slice) => borrows(&slice.elem),
        Type::Paren(inner) => borrows(&inner.elem),
        Type::Group(inner) => borrows(&inner.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(borrows),
        Type::Path(path) => path.path.segments.iter().any(|segment| {
            let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
                return false;
            };
            segment.ident != "PhantomData"
                && arguments
                    .args
                    .iter()
                    .any(|argument| matches!(argument, GenericArgument::Type(ty) if borrows(ty)))
        }),
        _ => false,
    }
}

/// Returns `true` if the type is `Self` or `name` without a module, or contains one, like `Option<Box<Self>>`.
pub(crate) fn contains_self(ty: &Type, name: &Ident) -> bool {
    contains_path(ty, &|path| {
        let first = path.segments.first();
        let is_self = first.is_some_and(|first| first.ident == *name || first.ident == "Self");
        is_self && path.segments.len() == 1
    })
}

/// Returns `true` if the type is one of the types of `secrecy`, or contains one.
pub(crate) fn contains_secret(ty: &Type) -> bool {
    contains_path(ty, &|path| {
        path.segments.last().is_some_and(|last| {
            ["SecretBox", "SecretSlice", "SecretString"].contains(&&*last.ident.to_string())
        })
    })
}

fn contains_path(ty: &Type, wanted: &dyn Fn(&Path) -> bool) -> bool {
    match ty {
        Type::Reference(reference) => contains_path(&reference.elem, wanted),
        Type::Paren(inner) => contains_path(&inner.elem, wanted),
        Type::Group(inner) => contains_path(&inner.elem, wanted),
        Type::Array(array) => contains_path(&array.elem, wanted),
        Type::Slice(slice) => contains_path(&slice.elem, wanted),
        Type::Tuple(tuple) => tuple.elems.iter().any(|ty| contains_path(ty, wanted)),
        Type::Path(path) => {
            wanted(&path.path)
                || path.path.segments.iter().any(|segment| {
                    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
                        return false;
                    };
                    arguments.args.iter().any(|argument| {
                        matches!(argument, GenericArgument::Type(ty) if contains_path(ty, wanted))
                    })
                })
        }
        _ => false,
    }
}

/// Returns `true` if the type is written as `Option`. An alias of `Option` is not recognized.
pub(crate) fn is_option(ty: &Type) -> bool {
    match ty {
        Type::Paren(inner) => is_option(&inner.elem),
        Type::Group(inner) => is_option(&inner.elem),
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "Option"),
        _ => false,
    }
}

/// Returns the `where` clause of the struct with additional bounds, without duplicates.
pub(crate) fn where_clause(generics: &Generics, bounds: &[TokenStream]) -> TokenStream {
    let own = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    let own = own.map(ToTokens::to_token_stream);
    let mut seen = HashSet::new();
    let all: Vec<TokenStream> = own
        .chain(bounds.iter().cloned())
        .filter(|bound| seen.insert(bound.to_string()))
        .collect();
    if all.is_empty() {
        TokenStream::new()
    } else {
        quote!(where #(#all),*)
    }
}

/// Returns the span of the first token, with mixed-site hygiene. Errors in generated code with this span are reported at
/// `tokens`.
pub(crate) fn span_of(tokens: impl ToTokens) -> Span {
    Span::mixed_site().located_at(start_of(tokens))
}

/// Returns the span of the first token, with the hygiene of that token. Errors in generated code with this span are reported
/// at `tokens`. Only for generated code without local names.
pub(crate) fn start_of(tokens: impl ToTokens) -> Span {
    let first = tokens.into_token_stream().into_iter().next();
    first.map_or_else(Span::call_site, |token| token.span())
}
