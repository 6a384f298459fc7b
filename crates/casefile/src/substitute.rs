//! A YAML document written out again with some of its texts replaced: keys by ids on the way in, ids by keys on the way out.

use schema::yaml::Node;

use crate::emit::Yaml;

/// The document as it is, but every text in the lists at `paths` is passed through `replace`, and left out when that gives `None`.
///
/// Comments and styles are not kept; the order of keys is. A key without a value is left out.
pub(crate) fn substitute(
    node: &Node,
    paths: &[&[&str]],
    replace: &mut dyn FnMut(&Node, &str) -> Option<String>,
) -> Yaml {
    if let Ok(entries) = node.as_map() {
        let pairs = entries.iter().filter(|entry| !entry.value().is_empty()).map(|entry| {
            let deeper: Vec<&[&str]> = paths
                .iter()
                .filter_map(|path| path.split_first())
                .filter(|(first, _)| **first == entry.key())
                .map(|(_, rest)| rest)
                .collect();
            let value = if deeper.iter().any(|rest| rest.is_empty()) {
                Yaml::List(
                    entry
                        .value()
                        .one_or_many()
                        .into_iter()
                        .filter_map(|member| match member.str() {
                            Ok(text) => replace(member, text).map(Yaml::Text),
                            Err(_) => Some(substitute(member, &[], replace)),
                        })
                        .collect(),
                )
            } else {
                substitute(entry.value(), &deeper, replace)
            };
            (entry.key().to_owned(), value)
        });
        return Yaml::Map(pairs.collect());
    }
    if let Ok(members) = node.list() {
        return Yaml::List(members.iter().map(|member| substitute(member, &[], replace)).collect());
    }
    Yaml::Text(node.str().unwrap_or_default().to_owned())
}
