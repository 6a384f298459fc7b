//! What can only be checked when every file is read: inheritance, references between files,
//! names seen from both sides.

use std::collections::HashMap;

use crate::nearest::did_you_mean;
use crate::schemata::Property;
use crate::value::Kind;

use super::load::Loading;

pub(super) fn link(loading: &mut Loading) {
    order_by_name(loading);
    if !lineages(loading) {
        return;
    }
    gather(loading);
    references(loading);
    shown(loading);
    inverses(loading);
}

/// Files come in any order; answers do not depend on it.
fn order_by_name(loading: &mut Loading) {
    let registry = &mut loading.registry;
    registry.schemata.sort_by(|a, b| a.name.cmp(&b.name));
    registry.vocabularies.sort_by(|a, b| a.name.cmp(&b.name));
    registry.schema_index = index(registry.schemata.iter().map(|s| &s.name));
    registry.vocabulary_index = index(registry.vocabularies.iter().map(|v| &v.name));
}

fn index<'a>(names: impl Iterator<Item = &'a String>) -> HashMap<String, usize> {
    names.enumerate().map(|(i, n)| (n.clone(), i)).collect()
}

/// Itself and its ancestors, near before far. `false` when some schema extends none or itself.
fn lineages(loading: &mut Loading) -> bool {
    let mut sound = true;
    let mut found = Vec::new();
    for schema in &loading.registry.schemata {
        let mut lineage = vec![schema.name.clone()];
        let mut at = 0;
        while let Some(name) = lineage.get(at).cloned() {
            at += 1;
            let Some(ancestor) = loading.registry.schema(&name) else {
                continue;
            };
            for parent in &ancestor.extends {
                let known = loading.registry.schema(parent).is_some();
                let circle = *parent == schema.name;
                if known && !circle {
                    if !lineage.contains(parent) {
                        lineage.push(parent.clone());
                    }
                } else if ancestor.name == schema.name || circle {
                    sound = false;
                    if let Some(node) = loading.places.get(&schema.name) {
                        let names = loading.registry.schemata.iter().map(|s| s.name.as_str());
                        loading.errors.push(node.error(
                            if circle {
                                format!("{} extends itself", schema.name)
                            } else {
                                format!("it extends {parent}, which does not exist")
                            },
                            did_you_mean(parent, names, "Write the name of a schema."),
                        ));
                    }
                }
            }
        }
        found.push(lineage);
    }
    for (schema, lineage) in loading.registry.schemata.iter_mut().zip(found) {
        schema.lineage = lineage;
    }
    sound
}

/// Own and inherited properties; a property declared again must be of the same kind.
fn gather(loading: &mut Loading) {
    let mut gathered = Vec::new();
    for schema in &loading.registry.schemata {
        let mut all: Vec<Property> = Vec::new();
        let mut is_source = false;
        for ancestor in schema.lineage.iter().filter_map(|a| loading.registry.schema(a)) {
            is_source |= ancestor.is_source;
            for property in &ancestor.properties {
                match all.iter().find(|p| p.name == property.name) {
                    None => all.push(property.clone()),
                    Some(own) if own.kind == property.kind && own.vocabulary == property.vocabulary => {}
                    Some(own) => {
                        let place = format!("{}.{}", own.declared_in, own.name);
                        if let Some(node) = loading.places.get(&place)
                            && own.declared_in == schema.name
                        {
                            loading.errors.push(node.error(
                                format!("{} declares “{}” too, as {}", ancestor.name, own.name, property.kind),
                                "Give it the same kind and vocabulary, or another name.",
                            ));
                        }
                    }
                }
            }
        }
        gathered.push((all, is_source));
    }
    for (schema, (all, is_source)) in loading.registry.schemata.iter_mut().zip(gathered) {
        schema.all = all;
        schema.is_source = is_source;
    }
}

/// Vocabularies and ranges that properties name must exist.
fn references(loading: &mut Loading) {
    let registry = &loading.registry;
    for property in registry.schemata.iter().flat_map(|s| &s.properties) {
        let Some(node) = loading.places.get(&format!("{}.{}", property.declared_in, property.name)) else {
            continue;
        };
        if let Some(vocabulary) = &property.vocabulary
            && registry.vocabulary(vocabulary).is_none()
        {
            let names = registry.vocabularies.iter().map(|v| v.name.as_str());
            loading.errors.push(node.error(
                format!("there is no vocabulary {vocabulary}"),
                did_you_mean(vocabulary, names, "Add a file for it in vocabularies/."),
            ));
        }
        for range in &property.range {
            if registry.schema(range).is_none() {
                let names = registry.schemata.iter().map(|s| s.name.as_str());
                loading.errors.push(node.error(
                    format!("there is no schema {range}"),
                    did_you_mean(range, names, "Write the name of a schema."),
                ));
            }
        }
        if property.part && property.kind != Kind::Entity {
            loading.errors.push(
                node.error("only an entity can be what this is a part of", "Write “kind: entity”, or take “part” out."),
            );
        }
    }
}

/// What a schema shows must be among its properties. A caption may also be a pattern: the names in
/// its braces are checked.
fn shown(loading: &mut Loading) {
    for schema in &loading.registry.schemata {
        let Some(node) = loading.places.get(&schema.name) else {
            continue;
        };
        let known = |name: &str| schema.all.iter().any(|p| p.name == name);
        let captions = schema.caption.iter().flat_map(|c| pattern_names(c));
        let featured = schema.featured.iter().map(String::as_str);
        for name in captions.chain(featured).filter(|n| !known(n)) {
            let names = schema.all.iter().map(|p| p.name.as_str());
            loading.errors.push(node.error(
                format!("it shows “{name}”, which is no property of {}", schema.name),
                did_you_mean(name, names, "Write the name of a property."),
            ));
        }
    }
}

/// The property names of a caption: itself, or what stands in its braces.
fn pattern_names(caption: &str) -> Vec<&str> {
    if !caption.contains('{') {
        return vec![caption];
    }
    caption.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

/// Seen from a target, two properties of one kind of source cannot have one name, and none can
/// have that of one of the target's own properties.
fn inverses(loading: &mut Loading) {
    let registry = &loading.registry;
    let mut errors = Vec::new();
    for target in &registry.schemata {
        let mut seen: HashMap<&str, &Property> = HashMap::new();
        for (_, property) in registry.inverse(&target.name) {
            let Some(inverse) = &property.inverse else {
                continue;
            };
            let place = format!("{}.{}", property.declared_in, property.name);
            let Some(node) = loading.places.get(&place) else {
                continue;
            };
            let taken = target.all.iter().any(|p| p.name == inverse.name);
            let clash = seen
                .insert(&inverse.name, property)
                .filter(|other| other.name != property.name || other.declared_in != property.declared_in);
            if taken || clash.is_some() {
                let error = node.error(
                    format!("{} has “{}” already", target.name, inverse.name),
                    "Choose another name for the inverse.",
                );
                // A clash on a target shows on all that extend it: once is enough.
                if !errors.iter().any(|e: &crate::DataError| e.line == error.line && e.file == error.file) {
                    errors.push(error);
                }
            }
        }
    }
    loading.errors.extend(errors);
}
