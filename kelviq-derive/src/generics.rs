//! What a type says about the generics of the struct that it stands in.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericArgument, Generics, PathArguments, Type};

/// Whether `tokens` name a type or const parameter, so that what holds for them is known only where they are given.
///
/// Lifetimes do not count: no trait that the derive asks for depends on one.
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

/// Whether `tokens` name the struct itself, which they can only in its impls.
pub(crate) fn mentions_self(tokens: impl ToTokens) -> bool {
    contains(
        tokens.into_token_stream(),
        &|token| matches!(token, TokenTree::Ident(ident) if ident == "Self"),
    )
}

fn contains(tokens: TokenStream, wanted: &dyn Fn(&TokenTree) -> bool) -> bool {
    tokens.into_iter().any(|token| match &token {
        TokenTree::Group(group) => contains(group.stream(), wanted),
        other => wanted(other),
    })
}

/// `Campaign<'a>` as `Campaign<'static>`, for a place where `'a` is not in scope.
pub(crate) fn with_static_lifetimes(tokens: TokenStream, generics: &Generics) -> TokenStream {
    let is_ours = |name: &Ident| {
        generics
            .lifetimes()
            .any(|ours| ours.lifetime.ident == *name)
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
                TokenTree::Ident(name) if is_name && is_ours(&name) => {
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

/// Whether a value of the type holds a reference, so that it can be written but not read.
///
/// `PhantomData` holds nothing, and what a function takes is not in the pointer to it.
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

/// The `where` clause of the struct with more bounds, each once.
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

/// Where `tokens` start, in the hygiene of the macro: for generated code whose errors belong there.
pub(crate) fn span_of(tokens: impl ToTokens) -> Span {
    Span::mixed_site().located_at(written_at(tokens))
}

/// Where `tokens` start, as if the generated code had been written there by hand. For code without local names, where
/// the compiler would otherwise point at the derive.
pub(crate) fn written_at(tokens: impl ToTokens) -> Span {
    let first = tokens.into_token_stream().into_iter().next();
    first.map_or_else(Span::call_site, |token| token.span())
}
