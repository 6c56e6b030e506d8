//! The operations of the section about metadata, each by name so that another process can repeat it.

use std::hint::black_box;

use kelviq_core::{FromMetadata, Metadata, ToMetadata};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Result,
    metadata_structs::{Order1, Order8, Order64, Sample},
};

/// An operation that can be repeated.
pub(crate) type Operation = Box<dyn Fn() -> Result<()>>;

/// Returns the operation with this name, e.g. `derive-out-8`.
pub(crate) fn operation(name: &str) -> Result<Operation> {
    let unknown = || format!("there is no operation named {name}");
    let (task, fields) = name.rsplit_once('-').ok_or_else(unknown)?;
    match fields {
        "1" => on::<Order1>(task),
        "8" => on::<Order8>(task),
        "64" => on::<Order64>(task),
        _ => None,
    }
    .ok_or_else(|| unknown().into())
}

fn on<T>(task: &str) -> Option<Operation>
where
    T: Sample + PartialEq + FromMetadata + ToMetadata + Serialize + DeserializeOwned + 'static,
{
    let value = T::sample();
    let text = serde_json::to_string(&value).ok()?;
    assert_eq!(value.to_metadata().ok()?.as_json(), text);
    assert!(T::from_json(&text).is_ok_and(|read| read == value));
    let reversed = reversed(&text)?;
    Some(match task {
        "derive-out" => Box::new(move || write(&value)),
        "serde-out" => Box::new(move || write_by_serde(&value)),
        "derive-back" => Box::new(move || read::<T>(&text)),
        "serde-back" => Box::new(move || read_by_serde::<T>(&text)),
        "metadata-back" => Box::new(move || read_metadata::<T>(&text)),
        "derive-reversed" => Box::new(move || read::<T>(&reversed)),
        "serde-reversed" => Box::new(move || read_by_serde::<T>(&reversed)),
        _ => return None,
    })
}

/// Returns the object with its entries in reverse order.
fn reversed(text: &str) -> Option<String> {
    let metadata = Metadata::from_json(text).ok()?;
    let entries: Vec<_> = metadata.iter().collect();
    let entries = entries.iter().rev();
    let entries: Vec<_> = entries
        .map(|(key, value)| format!("\"{key}\":{value}"))
        .collect();
    Some(format!("{{{}}}", entries.join(",")))
}

fn write<T: ToMetadata>(value: &T) -> Result<()> {
    black_box(black_box(value).to_metadata()?.as_json());
    Ok(())
}

fn write_by_serde<T: Serialize>(value: &T) -> Result<()> {
    black_box(serde_json::to_string(black_box(value))?);
    Ok(())
}

fn read<T: FromMetadata>(text: &str) -> Result<()> {
    black_box(T::from_json(black_box(text))?);
    Ok(())
}

fn read_metadata<T: FromMetadata>(text: &str) -> Result<()> {
    black_box(Metadata::from_json(black_box(text))?.parse::<T>()?);
    Ok(())
}

fn read_by_serde<T: DeserializeOwned>(text: &str) -> Result<()> {
    black_box(serde_json::from_str::<T>(black_box(text))?);
    Ok(())
}
